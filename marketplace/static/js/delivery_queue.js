"use strict";
/* What was done at a delivery and is not sent yet. Each thing is a line of its own in localStorage, under a key made
   here, so that tabs never overwrite each other; the site does each key once, however often it comes. */
(() => {
  const AT_ONCE = 50;
  const AGAIN_MS = 10000;

  const newKey = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const sameThing = (one, other) =>
    one.kind === other.kind && one.basket === other.basket && one.product === other.product;

  window.deliveryQueue = (keep, url, token, place, listener) => {
    const storage = window.localStorage;
    let busy = false;
    let wanted = false;
    let timer = 0;

    const names = (part) => Object.keys(storage).filter((name) => name.startsWith(keep + part));
    const waiting = () =>
      names("action.").map((name) => JSON.parse(storage.getItem(name)))
        .sort((one, other) => one.order - other.order || (one.key < other.key ? -1 : 1));
    const messages = () => names("told.").map((name) => [name, storage.getItem(name)]);

    const add = (action) => {
      const before = waiting();
      // what comes after another thing that is still on its way builds on it, not on what the page showed
      const earlier = before.filter((one) => sameThing(one, action)).pop();
      const order = Math.max(Date.now(), ...before.map((one) => one.order + 1));
      const kept = { ...action, key: newKey(), order, after: earlier ? earlier.key : null };
      storage.setItem(keep + "action." + kept.key, JSON.stringify(kept));
      listener.changed();
      send();
    };

    const later = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(send, AGAIN_MS);
    };

    const send = async () => {
      if (busy) { wanted = true; return; }
      const actions = waiting().slice(0, AT_ONCE);
      if (!actions.length) return;
      busy = true;
      listener.changed(true);
      let response;
      let said = null;
      try {
        response = await fetch(url, {
          method: "POST",
          credentials: "same-origin",
          redirect: "manual",
          headers: { "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": token },
          body: JSON.stringify({ place, actions: actions.map(({ order, ...action }) => action) }),
        });
        said = await response.json();
      } catch {
        // no network, or none that lasted: whether it arrived is not known, and it may come again
      }
      busy = false;
      if (said && response.ok) {
        said.answers.forEach((answer) => {
          storage.removeItem(keep + "action." + answer.key);
          if (answer.message) storage.setItem(keep + "told." + answer.key, answer.message);
        });
        listener.answered(actions, said);
        listener.changed();
        if (waiting().length) send();
      } else {
        const passing = !said || response.status >= 500 || response.status === 429;
        listener.changed(false, passing ? "" : said.error && said.error.message);
        if (passing) later();
      }
      if (wanted) { wanted = false; send(); }
    };

    window.addEventListener("online", send);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
    window.addEventListener("storage", (event) => {
      if (event.key && event.key.startsWith(keep)) listener.changed();
    });
    return { add, send, waiting, messages, forget: (name) => storage.removeItem(name) };
  };
})();
