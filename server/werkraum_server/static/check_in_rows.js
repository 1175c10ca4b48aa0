// The rows of the list: copied from the page's pattern, filled in with plain text.

// Small letters without their marks, as the server compares them.
export function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
}

export class Rows {
  constructor(list, pattern, words, door) {
    this.list = list;
    this.pattern = pattern.content.firstElementChild;
    this.door = door;
    const said = words.content.querySelectorAll("[data-word]");
    this.words = new Map([...said].map((it) => [it.dataset.word, it.textContent]));
    this.made = new Map();
  }

  word(name, values = {}) {
    const text = this.words.get(name) ?? name;
    return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  }

  show(people) {
    const shown = people.map((it) => this.#filled(it));
    const now = [...this.list.children];
    // Rows that stay in their places keep the focus.
    const same = now.length === shown.length && shown.every((it, n) => it === now[n]);
    if (!same) this.list.replaceChildren(...shown);
  }

  // Puts the focus on what can be tapped next, where the one tapped has gone.
  focus(id) {
    this.made.get(id)?.querySelector("button:not([hidden])")?.focus();
  }

  #filled(person) {
    let row = this.made.get(person.id);
    if (!row) {
      row = this.pattern.cloneNode(true);
      row.dataset.id = person.id;
      this.made.set(person.id, row);
    }
    const here = person.here.length > 0;
    row.classList.toggle("here", here);
    put(row, "name", person.name);
    put(row, "organisation", person.organisation);
    const how = person.here.map((it) => this.word(`source_${it}`)).join(", ");
    const badge = put(row, "here", here ? this.word("here", { how }) : "");
    badge.className = `badge ${person.state === "confirmed" ? "good" : "wait"}`;
    put(row, "state", person.state === "confirmed" ? "" : this.word(person.state));
    put(row, "mode", this.word(person.mode));
    put(row, "seats", person.seats > 1 ? this.word("people", { count: person.seats }) : "");
    put(row, "came-name", ` (${person.name})`);
    put(row, "undo-name", ` (${person.name})`);
    row.querySelector("[data-slot=waiting]").hidden = !person.waiting;
    const undoable = person.here.some((it) => it === "self" || this.door.includes(it));
    row.querySelector("[data-deed=came]").hidden = here;
    row.querySelector("[data-deed=undo]").hidden = !undoable;
    return row;
  }
}

function put(row, name, text) {
  const slot = row.querySelector(`[data-slot=${name}]`);
  if (!slot) return null;
  if (slot.textContent !== text) slot.textContent = text;
  slot.hidden = !text;
  return slot;
}
