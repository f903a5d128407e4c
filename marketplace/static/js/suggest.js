"use strict";
/* Suggestions while typing: an accessible combobox (ARIA 1.2) around the input inside [data-suggest-url].
   The address is asked with ?q= and answers a list, bare or as {suggestions: [...]}, of strings or of
   {label, value, icon, url}. Everything is written as text. Without this script the box is an ordinary one. */
(() => {
  const WAIT_MS = 120;
  const MOST = 8;

  function attach(box) {
    const input = box.querySelector("input");
    if (!input || input.getAttribute("role") === "combobox") return;
    const list = document.createElement("ul");
    list.className = "suggestions";
    list.id = `${input.id}-suggestions`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", (box.querySelector("label") || input).textContent.trim());
    list.hidden = true;
    input.after(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    let timer = 0;
    let asked = null;
    let chosen = -1;
    let items = [];

    function close() {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function mark(index) {
      chosen = index;
      [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
      if (index >= 0) input.setAttribute("aria-activedescendant", list.children[index].id);
      else input.removeAttribute("aria-activedescendant");
    }

    function take(index) {
      const item = items[index];
      close();
      if (item.url) {
        // only a page of this site: an address of another scheme or host is not followed
        const target = new URL(item.url, location.href);
        if (target.origin === location.origin) { location.assign(target); return; }
      }
      input.value = item.value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      clearTimeout(timer);
      if (box.dataset.suggestSubmit !== "no" && input.form) input.form.requestSubmit();
    }

    function show(answer) {
      const found = Array.isArray(answer) ? answer : answer.suggestions || [];
      items = found.slice(0, MOST).map((entry) => (
        typeof entry === "string" ? { label: entry, value: entry } : { ...entry, value: entry.value || entry.label }
      ));
      list.replaceChildren(...items.map((item, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = item.label;
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => take(index));
        return option;
      }));
      list.hidden = items.length === 0;
      chosen = -1;
      input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-expanded", String(items.length > 0));
    }

    async function ask() {
      const q = input.value.trim();
      if (asked) asked.abort();
      if (q.length < 2) { close(); return; }
      asked = new AbortController();
      const address = new URL(box.dataset.suggestUrl, location.href);
      address.searchParams.set("q", q);
      try {
        const answer = await fetch(address, { signal: asked.signal, headers: { Accept: "application/json" } });
        if (!answer.ok) { close(); return; }
        const found = await answer.json();
        if (document.activeElement === input) show(found);
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    }

    input.addEventListener("input", (event) => {
      if (!event.isTrusted) return;
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT_MS);
    });
    input.addEventListener("keydown", (event) => {
      if (list.hidden) {
        if (event.key === "ArrowDown") ask();
        return;
      }
      const last = items.length - 1;
      if (event.key === "Enter" && chosen < 0) return;
      if (event.key === "ArrowDown") mark(chosen >= last ? 0 : chosen + 1);
      else if (event.key === "ArrowUp") mark(chosen <= 0 ? last : chosen - 1);
      else if (event.key === "Enter") take(chosen);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    input.addEventListener("blur", close);
  }

  const attachAll = (root) => root.querySelectorAll("[data-suggest-url]").forEach(attach);
  attachAll(document);
  document.addEventListener("htmx:load", (event) => attachAll(event.target));
})();
