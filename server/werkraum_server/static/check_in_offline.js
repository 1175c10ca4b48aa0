// Has a page load without a network: a worker that looks after a few pages alone.

const WORKER = "/desk/events/check-in-worker.js";
const SCOPE = "/desk/events/";

// Trusted Types: the one address a script of ours may be started from.
const policy = globalThis.trustedTypes?.createPolicy("werkraum-check-in", {
  createScriptURL: (address) => {
    if (address !== WORKER) throw new TypeError("no script of ours");
    return address;
  },
});

// Only with https, or on the machine itself; elsewhere the page goes on until it is
// loaded again. The page and what it is made of are kept in the cache of this name.
export async function workOffline(name, page) {
  if (!navigator.serviceWorker || !globalThis.caches) return;
  const script = policy ? policy.createScriptURL(WORKER) : WORKER;
  await navigator.serviceWorker.register(script, { scope: SCOPE });
  await navigator.serviceWorker.ready;
  await keep(name, page);
}

// Keeps the page as it is now; for a page that has changed since it was loaded.
export async function keep(name, page) {
  if (!globalThis.caches) return;
  const loaded = performance.getEntriesByType("resource").map((it) => it.name);
  const own = loaded.filter((it) => it.startsWith(`${location.origin}/static/`));
  const cache = await caches.open(name);
  const answer = await fetch(page, { redirect: "manual", cache: "no-store" });
  if (answer.ok) await cache.put(page, answer);
  await cache.addAll([...new Set(own)]);
}
