/* Keeps a kiosk's page for when there is no network: the newest from the server where it answers in time, else the last
   one that it gave. It stands beneath the address of one kiosk and hears of nothing else. Answers go past it. */
const START = self.registration.scope, CACHE = "peakend-kiosk:" + START;
const PATIENCE = 4000, FRESH = 36e5;
/* What a page is refused with that may be shown no longer. */
const CLOSED = [401, 403, 404, 410];
let isClosed = false;

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
  else event.waitUntil(keep(event.data));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  event.respondWith(request.mode === "navigate" ? page(request) : file(request));
});

const ask = async (request) => {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE);
  try { return await fetch(request, { signal: stop.signal }); } finally { clearTimeout(timer); }
};

/* What is there; where nothing is, none is made. */
const held = (url) => caches.match(url, { cacheName: CACHE });

const page = async (request) => {
  const url = request.url.split("#")[0], last = async () => (await held(url)) || held(START);
  let reply;
  try { reply = await ask(request); } catch (error) {
    const kept = await last();
    if (kept) return kept;
    throw error;
  }
  isClosed = CLOSED.includes(reply.status);
  if (reply.ok) await (await caches.open(CACHE)).put(url, reply.clone());
  else if (isClosed) await caches.delete(CACHE);
  return reply.ok || reply.status < 500 ? reply : (await last()) || reply;
};

const file = async (request) => {
  const kept = await held(request.url);
  if (!kept) return fetch(request);
  try { return await ask(request); } catch { return kept; }
};

/* The files of the page, and the page in each language; those that are no part of it any more go. */
const keep = async ({ files, pages }) => {
  const cache = await caches.open(CACHE), addresses = pages.map((each) => new URL(each, START).href);
  let isNew = false;
  for (const each of files) {
    if (await cache.match(each)) continue;
    await cache.add(each).catch(() => {});
    isNew = true;
  }
  for (const each of addresses) {
    const kept = await cache.match(each), at = kept && Date.parse(kept.headers.get("Date") || "");
    if (kept && !isNew && Date.now() - at < FRESH) continue;
    const reply = await fetch(each, { credentials: "same-origin" }).catch(() => null);
    if (reply && reply.ok) await cache.put(each, reply);
  }
  const wanted = new Set([...files, ...addresses]);
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
  if (isClosed) await caches.delete(CACHE);
};
