"use strict";
/* The list of a place: what is ticked or written is kept at once and sent when there is network. Without this script
   the same forms have a button. */
(() => {
  const night = document.getElementById("night");
  if (!night || !window.deliveryQueue || !window.deliveryAnswers) return;
  const words = night.dataset;
  const box = document.getElementById("sync");
  const told = document.getElementById("told");
  let reloadFor = 0;

  const hand = (basket) => document.getElementById("b" + basket);
  const seenOf = (field) =>
    field.form.querySelector(`[name="${field.dataset.kind === "paid" ? "seen-paid" : "seen-" + field.name}"]`);
  const fields = (action) => {
    const home = hand(action.basket);
    if (!home || action.kind === "move") return [];
    const product = action.product ? `[data-product="${action.product}"]` : "";
    return [...home.querySelectorAll(`[data-kind="${action.kind}"]${product}`)];
  };
  const put = (field, ticked, text) => {
    if (field.type === "checkbox") field.checked = ticked;
    else if (field.name !== "paid-amount") field.value = text;
  };

  const showMessages = () => {
    told.replaceChildren(...queue.messages().map(([name, text]) => {
      const notice = document.createElement("div");
      notice.className = "notice notice-warning";
      const words_ = document.createElement("p");
      words_.textContent = text;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-outline-primary";
      button.textContent = words.seen;
      button.addEventListener("click", () => { queue.forget(name); showMessages(); });
      notice.append(words_, button);
      return notice;
    }));
  };

  const showLine = (action, answer, still) => {
    const newer = still.some((one) => one.kind === action.kind && one.basket === action.basket
      && one.product === action.product);
    fields(action).forEach((field) => {
      const ticked = action.kind === "paid" ? answer.now !== null : Boolean(answer.now);
      seenOf(field).value = answer.now === null ? "" : answer.now;
      if (!newer) put(field, ticked, answer.typed);
      if (action.kind === "paid" && field.type === "checkbox" && ticked) field.value = answer.typed;
    });
  };
  const showSums = (basket, now) => {
    const home = hand(basket);
    if (!home) return;
    home.querySelector("[data-ticked]").textContent = now.ticked;
    const total = home.querySelector("[data-total]");
    if (total && now.total) total.textContent = now.total;
    const paid = home.querySelector("input[name=paid]");
    if (paid && !paid.checked) {
      paid.value = now.due;
      home.querySelector("[data-due]").textContent = now.due_shown;
    }
    const collected = home.querySelector("input[name=collected]").checked;
    home.classList.toggle("is-collected", collected);
    home.querySelector("[data-when-collected]").hidden = !collected;
  };

  const listener = {
    changed(sending = false, refused = "") {
      const waiting = queue.waiting();
      night.querySelectorAll(".is-unsent").forEach((one) => one.classList.remove("is-unsent"));
      night.querySelectorAll("[data-when-unsent]").forEach((tag) => { tag.hidden = true; });
      waiting.forEach((action) => {
        fields(action).forEach((field) => {
          (field.closest(".hand-tick") || field).classList.add("is-unsent");
        });
        const home = hand(action.basket);
        if (home) home.querySelector("[data-when-unsent]").hidden = false;
      });
      const left = waiting.length === 1 ? words.oneLeft : words.left.replace("{n}", waiting.length);
      const now = !waiting.length ? words.allSent : refused ? `${words.refused} ${refused} ${left}` : left;
      const text = sending && !refused && navigator.onLine ? words.sending : now;
      box.classList.toggle("is-waiting", waiting.length > 0);
      // said again only where it says something else, or screen readers would repeat it
      if (box.firstElementChild.textContent !== text) box.firstElementChild.textContent = text;
      box.dataset.waiting = waiting.length;
      showMessages();
    },
    answered(actions, said) {
      const still = queue.waiting();
      said.answers.forEach((answer, place) => {
        const action = actions[place];
        if (action.kind === "move" && answer.outcome === "done") reloadFor = action.basket;
        if (["invalid", "not_found"].includes(answer.outcome)) return;
        if (action.kind !== "move") since.line(action, answer, said.at);
        showLine(action, answer, still);
      });
      Object.entries(said.baskets).forEach(([basket, sums]) => {
        since.hand(Number(basket), sums, said.at);
        showSums(basket, sums);
      });
      if (reloadFor && !still.length) {
        window.location.hash = "b" + reloadFor;
        window.location.reload();
      }
    },
  };
  const since = window.deliveryAnswers(words.keep, Number(words.made));
  const queue = window.deliveryQueue(words.keep, words.url, words.token, Number(words.place), listener);

  night.addEventListener("change", (event) => {
    const field = event.target;
    const kind = field.dataset && field.dataset.kind;
    if (!kind) return;
    const seen = seenOf(field).value;
    const tick = kind === "tick" || kind === "collected";
    queue.add({
      kind,
      basket: Number(field.closest("[data-basket]").dataset.basket),
      product: field.dataset.product ? Number(field.dataset.product) : null,
      value: tick ? field.checked : field.type === "checkbox" ? (field.checked ? field.value : "") : field.value,
      seen: seen === "" ? null : Number(seen),
    });
  });
  night.addEventListener("submit", (event) => {
    const form = event.target;
    event.preventDefault();
    event.stopPropagation();
    if (!("move" in form.dataset)) { queue.send(); return; }
    const basket = Number(form.closest("[data-basket]").dataset.basket);
    const { product, quantity, to } = form.elements;
    queue.add({ kind: "move", basket, product: Number(product.value), to: Number(to.value), value: quantity.value, seen: null });
    quantity.value = "";
  }, true);

  night.querySelectorAll("[data-without-script]").forEach((button) => { button.hidden = true; });
  box.hidden = false;
  // a page that was opened again shows what it is too old for, and what is still kept here
  since.all().forEach((done) => { if (done.kind) showLine(done, done, []); });
  since.all().forEach((done) => { if (done.sums) showSums(done.basket, done.sums); });
  queue.waiting().forEach((action) => {
    fields(action).forEach((field) => put(field, action.value !== false && action.value !== "", action.value));
  });
  if (/^#b\d+$/.test(window.location.hash) && hand(window.location.hash.slice(2))) {
    hand(window.location.hash.slice(2)).open = true;
  }
  listener.changed();
  queue.send();
})();
