// Has the page load without a network: a worker that looks after this page alone.

import { KEPT_PAGES } from "./check_in_device.js";

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
// loaded again.
export async function workOffline() {
  if (!navigator.serviceWorker || !globalThis.caches) return;
  const script = policy ? policy.createScriptURL(WORKER) : WORKER;
  await navigator.serviceWorker.register(script, { scope: SCOPE });
  await navigator.serviceWorker.ready;
  await keep();
}

// Keeps the page and what it is made of.
async function keep() {
  const loaded = performance.getEntriesByType("resource").map((it) => it.name);
  const own = loaded.filter((it) => it.startsWith(`${location.origin}/static/`));
  const cache = await caches.open(KEPT_PAGES);
  const session = new URLSearchParams(location.search).get("session");
  const page = location.pathname + (session ? `?session=${session}` : "");
  const answer = await fetch(page, { redirect: "manual", cache: "no-store" });
  if (answer.ok) await cache.put(page, answer);
  await cache.addAll([...new Set(own)]);
}
