// Shows the offline page when the network is gone, and does nothing else: pages are private, so none is ever kept.
const kept = "juke-offline-1";

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const page = await fetch("/offline", { credentials: "omit", cache: "no-store" });
    if (!page.ok) throw new Error("no offline page");
    const styles = [...(await page.clone().text()).matchAll(/\/assets\/[^"]+/g)].map((match) => match[0]);
    const cache = await caches.open(kept);
    await cache.put("/offline", page);
    await cache.addAll([...styles, "/favicon.svg"]);
    await self.skipWaiting();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("/offline", { cacheName: kept })));
  } else if (url.origin === location.origin && (url.pathname.startsWith("/assets/") || url.pathname === "/favicon.svg")) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request, { cacheName: kept })) ?? Response.error()));
  }
});
