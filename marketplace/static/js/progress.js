"use strict";
/* The page of work in progress looks again by itself and replaces what it says; it is left once the work is done.
   The page is not loaded anew each time, which would throw a screen reader back to its beginning. */
(() => {
  const EVERY_MS = 1000;
  const here = document.querySelector("[data-progress]");
  if (!here) return;
  const look = async () => {
    try {
      // a redirection says that it is done: the browser follows it, so that the next page keeps its messages
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
      if (answer.type === "opaqueredirect" || !answer.ok) return location.reload();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const there = page.querySelector("[data-progress]");
      if (!there) return location.reload();
      if (there.innerHTML !== here.innerHTML) here.replaceChildren(...there.childNodes);
    } catch {
      // no answer this time: the next look may have one
    }
    setTimeout(look, EVERY_MS);
  };
  setTimeout(look, EVERY_MS);
})();
