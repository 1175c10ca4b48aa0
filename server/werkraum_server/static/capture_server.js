// How the moderator's page talks to the server: again and again, until it is answered.

import { ask, contentOf, Trouble } from "./check_in_server.js";

const AT_ONCE = 50;
// Well below what the server takes; one long text goes by itself.
const MOST_LETTERS = 60_000;

export { Trouble };

// Sends what is waiting, the oldest first; what is answered is done with.
export async function send(device, address) {
  for (;;) {
    const batch = nextOf(device.waiting);
    if (!batch.length) return;
    for (const entry of batch) device.keep({ ...entry, sent: true });
    const changes = batch.map(({ key, at, said, known }) => ({ key, at, said, known }));
    const answer = await ask(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ changes }),
    });
    const told = await contentOf(answer);
    const answers = new Map(told.answers.map((it) => [it.key, it]));
    if (!batch.every((it) => answers.has(it.key))) throw new Trouble("offline");
    for (const entry of batch) take(device, entry, answers.get(entry.key));
  }
}

function nextOf(waiting) {
  const batch = [];
  let letters = 0;
  for (const entry of waiting.slice(0, AT_ONCE)) {
    letters += JSON.stringify(entry).length;
    if (batch.length && letters > MOST_LETTERS) break;
    batch.push(entry);
  }
  return batch;
}

function take(device, sent, answer) {
  const now = device.entry(sent.key);
  // Changed here while it was under way: the change follows.
  const newer = now && now.revision !== sent.revision;
  if (answer.state === "kept" || answer.state === "gone") {
    learn(device, answer);
    if (!newer) device.drop(sent.key);
    else device.keep({ ...now, known: answer.said ? [answer.said] : [], sent: false });
    return;
  }
  if (now && !newer)
    device.keep({ ...now, trouble: answer.state, why: answer.why, there: answer.said });
}

// Puts into the list what is there, before the entry that says so is forgotten.
function learn(device, { key, at, said }) {
  const { state, offset } = device.known;
  if (!state) return;
  const others = state.statements.filter((it) => it.key !== key);
  const statements = said && !said.removed ? [{ key, at, said }, ...others] : others;
  // Changed by us: the server's tag does not name it any more.
  device.known = { tag: "", offset, state: { ...state, statements } };
}

// Fetches what is there, and how far this device's clock is from the server's.
export async function fetchState(device, address) {
  const known = device.known;
  const asked = Date.now();
  const headers = known.tag ? { "if-none-match": known.tag } : {};
  const answer = await ask(address, { headers });
  if (answer === null) return;
  const told = await contentOf(answer);
  const offset = Date.parse(told.now) - (asked + Date.now()) / 2;
  device.known = { tag: answer.headers.get("etag") ?? "", offset, state: told.state };
}
