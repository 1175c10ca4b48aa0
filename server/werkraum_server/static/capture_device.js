// What a device keeps of a capture: what others wrote, and what is not sent yet. Each
// statement that waits is an entry of its own, so that two tabs never overwrite each
// other; it says what shall be there, and what was there before.

const MARK = "werkraum:capture:";
const AFTERWARDS = 12 * 3600 * 1000;
const MOST_KNOWN = 10;
export const KEPT_PAGES = "werkraum-capture";

export class Device {
  #state = null;

  constructor(event, ends) {
    this.event = event;
    this.prefix = `${MARK}${event}:`;
    this.until = Date.parse(ends) + AFTERWARDS;
    addEventListener("storage", () => (this.#state = null));
  }

  get isOver() {
    return this.until < Date.now();
  }

  // Raises where the browser keeps nothing.
  try() {
    localStorage.setItem(`${MARK}try`, "1");
    localStorage.removeItem(`${MARK}try`);
  }

  // What the server told last: {tag, offset, state}.
  get known() {
    this.#state ??= read(`${this.prefix}state`) ?? { tag: "", offset: 0, state: null };
    return this.#state;
  }

  set known(told) {
    this.#state = told;
    if (!this.isOver) write(`${this.prefix}state`, { ...told, until: this.until });
  }

  async forget() {
    this.#state = null;
    await forget();
  }

  // By this device's clock, put right by the server's.
  get now() {
    return Date.now() + this.known.offset;
  }

  get entries() {
    return keys(`${this.prefix}entry:`)
      .map(read)
      .filter(Boolean)
      .sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  get waiting() {
    return this.entries.filter((it) => !it.trouble);
  }

  entry(key) {
    return read(`${this.prefix}entry:${key}`);
  }

  keep(entry) {
    write(`${this.prefix}entry:${entry.key}`, entry);
  }

  drop(key) {
    localStorage.removeItem(`${this.prefix}entry:${key}`);
  }

  // Something new, with a key and a time of this device.
  add(said) {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    const key = Array.from(bytes, (it) => it.toString(16).padStart(2, "0")).join("");
    const at = new Date(this.#next()).toISOString();
    this.keep({ key, at, said, known: [], revision: 1, sent: false, trouble: "" });
    return key;
  }

  // Has a statement say something else. What may have reached the server already is
  // remembered, so that it is not taken for somebody else's change.
  change(statement, said) {
    const there = this.entry(statement.key);
    const known = there ? [...there.known] : [statement.said];
    if (there?.sent) known.push(there.said);
    this.keep({
      key: statement.key,
      at: statement.at,
      said,
      known: known.slice(-MOST_KNOWN),
      revision: (there?.revision ?? 0) + 1,
      sent: false,
      trouble: "",
    });
  }

  // Never the same moment twice, and never back: the order of lines is their time's.
  #next() {
    const last = Number(localStorage.getItem(`${this.prefix}last`) ?? 0);
    const at = Math.max(Math.floor(this.now), last + 1);
    localStorage.setItem(`${this.prefix}last`, String(at));
    return at;
  }

  // Who has spoken of those with a card, not sent yet: {card, spoken, at}.
  get marks() {
    return keys(`${this.prefix}mark:`).map(read).filter(Boolean);
  }

  mark(card, spoken) {
    const at = new Date(this.#next()).toISOString();
    write(`${this.prefix}mark:${card}`, { card, spoken, at });
  }

  // Unless it was marked anew while it was under way.
  unmark({ card, at }) {
    const key = `${this.prefix}mark:${card}`;
    if (read(key)?.at === at) localStorage.removeItem(key);
  }

  // Says that something of this event is kept here, so that it is removed in time.
  touch() {
    this.known = this.known;
  }

  // The line that is just being typed, and who speaks.
  get form() {
    return read(`${this.prefix}form`);
  }

  set form(typed) {
    write(`${this.prefix}form`, typed);
  }

  // What was removed last, to have it again.
  get removed() {
    return read(`${this.prefix}removed`);
  }

  set removed(statement) {
    write(`${this.prefix}removed`, statement);
  }
}

// Removes what others wrote, of all events or of those that are over, with the pages
// that show it. What is not sent yet stays.
export async function forget({ over = false } = {}) {
  const states = keys(MARK).filter((it) => it.endsWith(":state"));
  const due = states.filter((it) => !over || (read(it)?.until ?? 0) < Date.now());
  for (const key of due) {
    localStorage.removeItem(key);
    localStorage.removeItem(key.replace(/:state$/, ":removed"));
  }
  if (!globalThis.caches) return;
  const cache = await caches.open(KEPT_PAGES);
  await Promise.all(due.flatMap(pagesOf).map((it) => cache.delete(it)));
  if (due.length === states.length) await caches.delete(KEPT_PAGES);
}

function pagesOf(key) {
  const feedback = `/desk/events/${key.slice(MARK.length, -":state".length)}/feedback`;
  return [`${feedback}/capture`, `${feedback}/cards`];
}

function keys(prefix) {
  return Object.keys(localStorage).filter((it) => it.startsWith(prefix));
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  localStorage.setItem(key, JSON.stringify(value));
}
