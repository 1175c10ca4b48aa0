// The list of what was caught: copied from the page's pattern, filled with plain text.

const LONGEST = 60;

export class List {
  constructor(list, pattern, words) {
    this.list = list;
    this.pattern = pattern.content.firstElementChild;
    this.words = words;
    this.made = new Map();
  }

  // `statements` are {key, said, waiting, trouble, why, there}; `themes` id → name.
  show(statements, themes) {
    const shown = statements.map((it) => this.#filled(it, themes));
    const now = [...this.list.children];
    // Rows that stay in their places keep the focus.
    const same = now.length === shown.length && shown.every((it, n) => it === now[n]);
    if (!same) this.list.replaceChildren(...shown);
  }

  #filled(statement, themes) {
    const { key, said } = statement;
    let row = this.made.get(key);
    if (!row) {
      row = this.pattern.cloneNode(true);
      row.dataset.key = key;
      this.made.set(key, row);
    }
    const short = said.text.length > LONGEST ? `${said.text.slice(0, LONGEST)}…` : said.text;
    put(row, "text", said.text);
    put(row, "kind", said.kind ? this.words.say(`said_${said.kind}`) : "");
    put(row, "who", said.organisation || (said.org_kind ? groupOf(said, this.words) : ""));
    const names = said.themes.map((it) => themes.get(it)).filter(Boolean);
    put(row, "themes", names.map((it) => `# ${it}`).join("  "));
    put(row, "quoting", said.quoting === "no" ? "" : this.words.say("quoting"));
    put(row, "waiting", statement.waiting ? this.words.say("waiting") : "");
    put(row, "trouble", this.#trouble(statement));
    put(row, "change-what", ` (${short})`);
    put(row, "remove-what", ` (${short})`);
    const { trouble } = statement;
    button(row, "mine").hidden = trouble !== "conflict";
    button(row, "theirs").hidden = !trouble || trouble === "refused";
    button(row, "change").hidden = Boolean(trouble) && trouble !== "refused";
    button(row, "remove").hidden = Boolean(trouble) && trouble !== "refused";
    return row;
  }

  #trouble({ trouble, why, there }) {
    if (trouble !== "conflict") return trouble ? why : "";
    if (there.removed) return this.words.say("conflict_removed");
    return this.words.say("conflict", { text: there.text });
  }
}

// Towns are told apart by size, the others by kind.
export function groupOf({ org_kind: kind, org_size: size }, words) {
  const town = kind === "municipality" && size;
  return words.say(town ? `group_municipality_${size}` : `group_${kind ?? ""}`);
}

const button = (row, deed) => row.querySelector(`[data-deed=${deed}]`);

function put(row, name, text) {
  const slot = row.querySelector(`[data-slot=${name}]`);
  if (slot.textContent !== text) slot.textContent = text;
  slot.hidden = !text;
}
