// Keeps the counter's page for the time without a network, and nothing that names a shopper or a return. What it keeps
// is SHELL, which the server writes before this; another version is another cache, and the older ones go.

const CACHE = `backhaul counter ${SHELL.home} ${SHELL.version}`;
const MINE = `backhaul counter ${SHELL.home} `;
const PATIENCE = 8000;

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlder().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(visited(request));
  else if (SHELL.files.includes(address.pathname)) event.respondWith(fetched(request));
});

async function keep() {
  const cache = await caches.open(CACHE);
  const fresh = [SHELL.alone, ...SHELL.files].map((path) => new Request(path, { cache: "reload" }));
  await cache.addAll(fresh);
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(MINE) && name !== CACHE).map((name) => caches.delete(name)));
}

// A page of the counter from the network; the page for the time without one when there is none.
async function visited(request) {
  const tooLong = new Promise((_, gaveUp) => setTimeout(gaveUp, PATIENCE));
  try {
    return await Promise.race([fetch(request), tooLong]);
  } catch {
    return (await kept(SHELL.alone)) ?? Response.error();
  }
}

async function fetched(request) {
  try {
    return await fetch(request);
  } catch {
    return (await kept(new URL(request.url).pathname)) ?? Response.error();
  }
}

async function kept(path) {
  const cache = await caches.open(CACHE);
  return cache.match(path);
}
