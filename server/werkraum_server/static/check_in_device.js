// What a device keeps of a check-in: the list, and what was noted but is not sent yet.
// Each change is an entry of its own, so that two tabs never overwrite each other.

const MARK = "werkraum:check-in:";
const AFTERWARDS = 12 * 3600 * 1000;
export const KEPT_PAGES = "werkraum-check-in";

export class Device {
  // The list as it was last read: a long one is not read again at each letter typed.
  #list = null;

  // `place` is an event, or one of its sessions; `ends` when the event does.
  constructor(place, ends) {
    this.prefix = `${MARK}${place}:`;
    this.until = Date.parse(ends) + AFTERWARDS;
    addEventListener("storage", () => (this.#list = null));
  }

  get isOver() {
    return this.until < Date.now();
  }

  // Raises where the browser keeps nothing.
  try() {
    localStorage.setItem(`${MARK}try`, "1");
    localStorage.removeItem(`${MARK}try`);
  }

  // The list as the server last told it: {tag, offset, people}.
  get list() {
    this.#list ??= read(`${this.prefix}list`) ?? { tag: "", offset: 0, people: [] };
    return this.#list;
  }

  // Once the event is over, it is kept as long as the page is open.
  set list(told) {
    this.#list = told;
    if (!this.isOver) write(`${this.prefix}list`, { ...told, until: this.until });
  }

  async forget() {
    this.#list = null;
    await forget();
  }

  get changes() {
    return entries(`${this.prefix}change:`).sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  get lost() {
    return entries(`${this.prefix}lost:`);
  }

  // Writes down what was noted, with a key and a time of this device.
  note(change) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const key = Array.from(bytes, (it) => it.toString(16).padStart(2, "0")).join("");
    const made = { ...change, key, at: new Date(this.#next()).toISOString() };
    write(`${this.prefix}change:${key}`, made);
    return made;
  }

  // Never the same moment twice, and never back: the order of taps is their time's.
  #next() {
    const last = Number(localStorage.getItem(`${this.prefix}last`) ?? 0);
    const at = Math.max(Date.now() + this.list.offset, last + 1);
    localStorage.setItem(`${this.prefix}last`, String(at));
    return at;
  }

  acknowledge(key) {
    localStorage.removeItem(`${this.prefix}change:${key}`);
  }

  // The server knows nobody this was about: kept for somebody to read.
  lose(change, name) {
    write(`${this.prefix}lost:${change.key}`, { ...change, name });
    this.acknowledge(change.key);
  }

  forgetLost(key) {
    localStorage.removeItem(`${this.prefix}lost:${key}`);
  }
}

// Removes the names of everybody, or of those events that are over. What is not sent
// yet stays: it names nobody.
export async function forget({ over = false } = {}) {
  const lists = keys(MARK).filter((it) => it.endsWith(":list"));
  const due = lists.filter((it) => !over || (read(it)?.until ?? 0) < Date.now());
  due.forEach((it) => localStorage.removeItem(it));
  if (!globalThis.caches) return;
  if (due.length === lists.length) {
    await caches.delete(KEPT_PAGES);
    return;
  }
  const cache = await caches.open(KEPT_PAGES);
  await Promise.all(due.map((it) => cache.delete(pageOf(it))));
}

// The address of the page that shows a list: names stand in it as well.
function pageOf(key) {
  const [event, session] = key.slice(MARK.length, -":list".length).split("/");
  return `/desk/events/${event}/check-in${session ? `?session=${session}` : ""}`;
}

function keys(prefix) {
  return Object.keys(localStorage).filter((it) => it.startsWith(prefix));
}

function entries(prefix) {
  return keys(prefix).map(read).filter(Boolean);
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
