// How a device talks to the server: again and again, until it is answered.

const PATIENCE = 10_000;
const AT_ONCE = 50;

// Why nothing came of it: offline, signed_out or refused.
export class Trouble extends Error {
  constructor(word) {
    super(word);
    this.word = word;
  }
}

export async function ask(address, init = {}) {
  let answer;
  try {
    answer = await fetch(address, {
      cache: "no-store",
      // Whoever is signed out is led away; following would hide it.
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
      ...init,
    });
  } catch {
    throw new Trouble("offline");
  }
  if (answer.type === "opaqueredirect") throw new Trouble("signed_out");
  if (answer.status === 304) return null;
  if (answer.status >= 500 || answer.status === 429) throw new Trouble("offline");
  if (!answer.ok) throw new Trouble("refused");
  return answer;
}

export async function contentOf(answer) {
  try {
    return await answer.json();
  } catch {
    throw new Trouble("offline");
  }
}

// Sends what is waiting, the oldest first; what is answered is done with.
export async function send(device, address, nameOf) {
  for (;;) {
    const batch = device.changes.slice(0, AT_ONCE);
    if (!batch.length) return;
    const answer = await ask(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ changes: batch }),
    });
    const told = await contentOf(answer);
    learn(device, told.here);
    const states = new Map(told.answers.map((it) => [it.key, it.state]));
    if (!batch.every((it) => states.has(it.key))) throw new Trouble("offline");
    for (const change of batch) {
      const unknown = states.get(change.key) === "unknown";
      if (unknown) device.lose(change, nameOf(change.registration));
      else device.acknowledge(change.key);
    }
  }
}

// Puts into the list who is here, before the changes that say so are forgotten.
function learn(device, told) {
  const list = device.list;
  const here = new Map(told.map((it) => [it.registration, it.here]));
  const people = list.people.map((it) => ({ ...it, here: here.get(it.id) ?? it.here }));
  // Changed by us: the server's tag does not name it any more.
  device.list = { ...list, people, tag: "" };
}

// Fetches the list, and how far this device's clock is from the server's.
export async function fetchList(device, address) {
  const known = device.list;
  const asked = Date.now();
  const headers = known.tag ? { "if-none-match": known.tag } : {};
  const answer = await ask(address, { headers });
  if (answer === null) return;
  const told = await contentOf(answer);
  const offset = Date.parse(told.now) - (asked + Date.now()) / 2;
  device.list = { tag: answer.headers.get("etag") ?? "", offset, people: told.people };
}
