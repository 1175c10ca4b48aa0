// Pages that go on without a network, a check-in and a capture: the latest they were,
// as long as they are kept. It touches no other page, and nothing that is sent.

const KEPT = [
  ["werkraum-check-in", /^\/desk\/events\/[0-9a-f-]{36}\/check-in$/],
  ["werkraum-capture", /^\/desk\/events\/[0-9a-f-]{36}\/feedback\/(capture|cards)$/],
];
const PATIENCE = 5_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const [name] = KEPT.find(([, page]) => page.test(address.pathname)) ?? [];
  if (request.mode === "navigate" && name) {
    event.respondWith(page(request, address, name));
  } else if (address.pathname.startsWith("/static/")) {
    event.respondWith(file(request));
  }
});

// The page as it is now; where nobody answers in time, as it was.
async function page(request, address, name) {
  const session = address.searchParams.get("session");
  const plain = address.pathname + (session ? `?session=${session}` : "");
  const kept = await caches.match(plain);
  if (!kept) return fetch(request);
  try {
    const answer = await inTime(fetch(request));
    // Fresh for the next time, but only the page as a whole.
    if (answer.ok && address.pathname + address.search === plain) {
      const cache = await caches.open(name);
      await cache.put(plain, answer.clone());
    }
    return answer.status >= 500 ? kept : answer;
  } catch {
    return kept;
  }
}

async function file(request) {
  const kept = await caches.match(request);
  // A version in the address names the content: it cannot have changed.
  if (kept && new URL(request.url).searchParams.has("v")) return kept;
  try {
    return await (kept ? inTime(fetch(request)) : fetch(request));
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

function inTime(answer) {
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("late")));
  return Promise.race([answer, late]);
}
