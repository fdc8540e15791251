// Keeps 练习包, 查政策 and a 抽问 under way open without a network. It is registered for these alone, so no other page ever
// comes from a cache; and it keeps nothing itself: what is kept is what somebody downloaded on 练习包, and the session
// that an examiner opened, until it ends.

const PATIENCE_MS = 4000;
const ASKING = /^\/spot-checks\/[0-9a-z]{26}$/i;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const kept = (path) => caches.match(path, { ignoreSearch: true, ignoreVary: true });

/** What the server says, where it says something soon; else what is kept. */
async function freshOrKept(request, path) {
  const fallback = await kept(path);
  if (!fallback) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const fresh = await Promise.race([fetch(request).catch(() => null), late]);
  // It ended, or it is not this person's: nothing of it stays.
  const gone = fresh && (fresh.type === "opaqueredirect" || [401, 403, 404].includes(fresh.status));
  if (gone && ASKING.test(path)) await caches.delete(`spot:${path}`);
  return fresh && fresh.status < 500 ? fresh : fallback;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const ours = ["/practice/offline", "/lookup"].includes(pathname) || ASKING.test(pathname);
  const page = request.mode === "navigate" && ours;
  if (page || pathname === "/lookup/pack.json") event.respondWith(freshOrKept(request, pathname));
  // Their addresses change with what is in them.
  else if (/^\/(assets|pictures)\//.test(pathname))
    event.respondWith(kept(pathname).then((found) => found || fetch(request)));
});
