"use strict";
/* Small conveniences of every page. Nothing here is needed to use the site. */
(() => {
  // After so long with no answer a form may be sent again: it was lost, or its answer was a file.
  const RESEND_MS = 5000;

  // Lists of a delivery that this device keeps (delivery_worker.js) are for who is signed in, and only for a time.
  // What was ticked and not sent stays for when they are back: it has ids and numbers, no names.
  const root = new URL("../..", document.currentScript.src).pathname;
  const isOver = async (name) => {
    const page = await caches.match(name.split(" ").pop(), { cacheName: name, ignoreVary: true });
    return page && Number(page.headers.get("Kept-Until")) < Date.now();
  };
  const forgetLists = async (person) => {
    const [stored, ticked] = [`incontro-delivery ${root} `, `${root.slice(0, -1)}delivery.`];
    Object.keys(window.localStorage).forEach((name) => {
      const isOthers = name.startsWith(ticked) && !(person && name.startsWith(`${ticked}${person}.`));
      if (isOthers && !name.includes(".action.")) window.localStorage.removeItem(name);
    });
    for (const name of window.caches ? await caches.keys() : []) {
      const isMine = person && name.startsWith(`${stored}${person} `);
      if (name.startsWith(stored) && (!isMine || await isOver(name))) await caches.delete(name);
    }
  };
  forgetLists(document.body.dataset.person);

  // A menu closes on Escape, on a click elsewhere, and when the focus leaves it.
  const menus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("focusin", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // On a phone the filters start closed; the choice is the person's from then on.
  if (window.matchMedia("(max-width: 991.98px)").matches) {
    document.querySelectorAll("details[data-closed-on-phone]").forEach((block) => { block.open = false; });
  }

  // On a phone not all tabs are in sight: the one that is open is.
  document.querySelectorAll(".demand-tabs .nav-link.active").forEach((tab) => {
    const row = tab.closest(".nav-tabs");
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  });

  // A slider says its number while it moves.
  document.addEventListener("input", (event) => {
    const output = event.target.dataset && event.target.dataset.output;
    if (output) document.getElementById(output).value = event.target.value;
  });

  // A choice that changes the form itself asks for the page again.
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (event.target.dataset && event.target.dataset.reload && form) {
      // the page is only asked for again: what is still empty is not yet missing
      form.noValidate = true;
      form.requestSubmit();
    }
  });

  // A text that is made to be pasted elsewhere is copied by one button; without script it can be marked and copied.
  document.querySelectorAll("button[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = document.getElementById(button.dataset.copy);
      navigator.clipboard.writeText(text.value).then(() => {
        (button.querySelector("span") || button).textContent = button.dataset.copied;
      }, () => { text.select(); });
    });
  });

  // A form that acts at once needs no button; without htmx it stays. What changed is said once, politely.
  document.querySelectorAll("form[data-live]").forEach((form) => {
    if (!window.htmx) return;
    form.querySelectorAll("[data-without-script]").forEach((button) => { button.hidden = true; });
  });
  const said = document.createElement("div");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  document.body.append(said);
  document.addEventListener("htmx:afterSettle", (event) => {
    const note = event.target.querySelector && event.target.querySelector("[data-say], [role=status]");
    if (note) said.textContent = note.textContent.trim();
  });

  // Twice is once: a form that has been sent is not sent again by a second click. GET forms may be.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    // now, because without network no other page comes that would do it
    if (form.getAttribute("action") === `${root}logout`) forgetLists("");
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, RESEND_MS);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });
})();
