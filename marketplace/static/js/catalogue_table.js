"use strict";
/* The table of a catalogue by keyboard: arrows up and down stay in the column; who leaves with changes is asked. */
(() => {
  const table = document.querySelector("[data-catalogue-table]");
  if (!table) return;
  const form = table.closest("form");
  let touched = false;

  table.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || event.target.tagName !== "INPUT" || event.altKey || event.ctrlKey || event.metaKey) return;
    const cell = event.target.closest("td");
    let row = cell.parentElement;
    row = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    const input = row && row.children[cell.cellIndex].querySelector("input");
    if (input) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  form.addEventListener("input", (event) => {
    touched = true;
    event.target.closest("tr").classList.add("row-touched");
  });
  form.addEventListener("submit", () => { touched = false; });
  window.addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
})();
