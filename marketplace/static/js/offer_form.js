"use strict";
/* The form of an offer: the food sheet is shown for food only. Without this it says so in its title. */
(() => {
  const category = document.getElementById("category");
  const parts = document.querySelectorAll("details[data-only-for]");
  const show = () => parts.forEach((part) => {
    const root = part.dataset.onlyFor;
    part.hidden = !part.querySelector(".is-invalid") && category.value !== "" && category.value !== root && !category.value.startsWith(`${root}.`);
  });
  if (category) {
    category.addEventListener("change", show);
    show();
  }
})();
