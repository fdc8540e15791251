// Keeps 练习包 and 查政策 open without a network. It is registered for these two pages only, so no other page ever comes
// from a cache; and it keeps nothing itself: what is kept is what somebody downloaded on 练习包.

const PATIENCE_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const kept = (path) => caches.match(path, { ignoreSearch: true, ignoreVary: true });

/** What the server says, where it says something soon; else what is kept. */
async function freshOrKept(request, path) {
  const fallback = await kept(path);
  if (!fallback) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const fresh = await Promise.race([fetch(request).catch(() => null), late]);
  return fresh && fresh.status < 500 ? fresh : fallback;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const page = request.mode === "navigate" && ["/practice/offline", "/lookup"].includes(pathname);
  if (page || pathname === "/lookup/pack.json") event.respondWith(freshOrKept(request, pathname));
  // Their addresses change with what is in them.
  else if (/^\/(assets|pictures)\//.test(pathname))
    event.respondWith(kept(pathname).then((found) => found || fetch(request)));
});
