"use strict";
/* The list of a place, opened anew without network. Served as <root>orders/delivery-worker.js and registered by
   delivery_kept.js for one order's delivery (<root>orders/5/delivery/), it answers for lists there and for the files
   they need, and for nothing else.

   A list is private. Each is kept in a cache of its own, named after whose it is, only where the site says that it may
   be and for how long, and goes at the first answer that says otherwise. page.js throws away whatever is not of who is
   signed in, or is too old. */
// To be raised when what is kept looks different: what an earlier worker kept is then thrown away.
const FORMAT = 1;
// A weak network can keep a phone waiting for a minute: after so long what is kept is shown.
const PATIENCE_MS = 4000;

const root = new URL("..", self.location).pathname;
const scope = new URL(self.registration.scope).pathname;
const ours = `incontro-delivery ${root} `;

const isList = (path) => path.startsWith(scope) && /^\d+$/.test(path.slice(scope.length));
const nameOf = (person, path) => `${ours}${person} ${FORMAT} ${path}`;
const ownNames = async () => (await caches.keys()).filter((name) => name.startsWith(ours));
const namesOf = async (path) => (await ownNames()).filter((name) => name.endsWith(` ${FORMAT} ${path}`));
const forget = (names) => Promise.all(names.map((name) => caches.delete(name)));
const isTrouble = (response) => response.status >= 500 || response.status === 429;

const keptList = async (path) => {
  for (const name of await namesOf(path)) {
    const page = await caches.match(path, { cacheName: name, ignoreVary: true });
    if (page && Number(page.headers.get("Kept-Until")) > Date.now()) return page;
    await caches.delete(name);
  }
  return null;
};

// Every answer decides anew: who signed out, may not see the list any more or opens a finished one keeps nothing.
const remember = async (path, response) => {
  if (isTrouble(response)) return;
  const person = response.headers.get("Delivery-Kept-For");
  if (response.status !== 200 || !person) {
    await forget(await namesOf(path));
    return;
  }
  const mine = nameOf(person, "");
  await forget((await ownNames()).filter((name) => !name.startsWith(mine)));
  const headers = new Headers(response.headers);
  // by this device's own clock, whatever it says
  headers.set("Kept-Until", Date.now() + 1000 * Number(response.headers.get("Delivery-Kept-Seconds")));
  const cache = await caches.open(nameOf(person, path));
  await cache.put(path, new Response(await response.blob(), { headers }));
};

const openList = async (event, path) => {
  const given = (answer) => {
    event.waitUntil(remember(path, answer.clone()).catch(() => {}));
    return answer;
  };
  const response = fetch(event.request);
  const waited = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); });
  const answer = await Promise.race([response.catch(() => null), waited]);
  if (answer && !isTrouble(answer)) return given(answer);
  const kept = await keptList(path);
  // an answer that comes after all is not kept: meanwhile its person may have signed out
  if (!kept) return given(answer || await response);
  // the page says of itself that it is not of now
  const text = (await kept.text()).replace(' id="night"', ' id="night" data-is-kept');
  return new Response(text, { headers: kept.headers });
};

// The first time the list was there before this worker; the files are those that the page on the screen uses.
const keep = async (path, files) => {
  if (!(await keptList(path))) await remember(path, await fetch(path));
  for (const name of await namesOf(path)) {
    const cache = await caches.open(name);
    const there = (await cache.keys()).map((request) => request.url);
    const gone = there.filter((url) => new URL(url).pathname !== path && !files.includes(url));
    await Promise.all([
      ...gone.map((url) => cache.delete(url)),
      ...files.filter((url) => !there.includes(url)).map((url) => cache.add(url).catch(() => {})),
    ]);
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    await forget((await ownNames()).filter((name) => !name.includes(` ${FORMAT} /`)));
    await self.clients.claim();
  })());
});
self.addEventListener("message", (event) => {
  const path = event.source ? new URL(event.source.url).pathname : "";
  if (isList(path)) event.waitUntil(keep(path, event.data.files).catch(() => {}));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (isList(pathname)) event.respondWith(openList(event, pathname));
  } else if (pathname.startsWith(root) && pathname.includes("/static/")) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept || fetch(request)));
  }
});
