"use strict";
/* The list of a place can be opened anew without network: delivery_worker.js keeps it while the delivery is on. */
(() => {
  const night = document.getElementById("night");
  const workers = navigator.serviceWorker;  // not over plain http
  if (!night || !workers) return;
  const { worker, scope } = night.dataset;
  const isKept = "isKept" in night.dataset;
  document.getElementById("kept").hidden = !isKept;
  if (!worker) {
    // the delivery is over
    workers.getRegistrations().then((all) => all.forEach((one) => {
      if (new URL(one.scope).pathname === scope) one.unregister();
    }));
    return;
  }
  const files = () => performance.getEntriesByType("resource").map(({ name }) => name.split("#")[0])
    .filter((url) => url.startsWith(window.location.origin) && new URL(url).pathname.includes("/static/"));
  const keep = () => workers.ready.then(({ active }) => active.postMessage({ files: [...new Set(files())] }));
  // also when another version of the worker has taken over and thrown away what the earlier one kept
  workers.addEventListener("controllerchange", keep);
  if (!isKept) window.addEventListener("load", () => { workers.register(worker, { scope }).then(keep, () => {}); });
})();
