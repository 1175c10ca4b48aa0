// The form of one statement: read, filled, and worked by keys.

export class Form {
  constructor(form) {
    this.form = form;
    this.text = form.elements.text;
    const options = form.querySelectorAll("#organisations option");
    this.known = new Map([...options].map((it) => [it.value, it.dataset]));
  }

  get said() {
    const of = (name) => this.form.elements[name].value;
    return {
      phase: of("phase"),
      session: of("session") || null,
      organisation: of("organisation").trim(),
      org_kind: of("org_kind") || null,
      org_size: of("org_size") || null,
      kind: of("kind") || null,
      text: this.text.value.trim(),
      themes: this.#boxes.filter((it) => it.checked).map((it) => it.value),
      quoting: this.form.elements.quoting.checked ? "unnamed" : "no",
      removed: false,
    };
  }

  set said(said) {
    for (const name of ["phase", "session", "organisation", "org_kind", "org_size", "kind"])
      this.#put(name, said[name] ?? "");
    this.text.value = said.text;
    for (const box of this.#boxes) box.checked = said.themes.includes(box.value);
    this.form.elements.quoting.checked = said.quoting === "unnamed";
  }

  get #boxes() {
    return [...this.form.querySelectorAll("input[name=themes]")];
  }

  // A choice that is not there any more is no choice.
  #put(name, value) {
    const field = this.form.elements[name];
    field.value = value;
    if (field.options && field.selectedIndex < 0) field.selectedIndex = 0;
  }

  // The next line: who speaks and what kind it is stay as they are.
  clear() {
    this.text.value = "";
    for (const box of this.#boxes) box.checked = false;
    this.text.focus();
  }

  somebodyElse() {
    for (const name of ["organisation", "org_kind", "org_size"]) this.#put(name, "");
    this.form.elements.quoting.checked = false;
    this.form.elements.organisation.focus();
  }

  // An organisation that is known says its kind and size; and consent is a person's.
  learn(organisations) {
    this.known = new Map(organisations.map(([name, kind, size]) => [name, { kind, size }]));
    const list = this.form.querySelector("#organisations");
    if (list.children.length === organisations.length) return;
    list.replaceChildren(
      ...organisations.map(([name]) => {
        const option = document.createElement("option");
        option.value = name;
        return option;
      }),
    );
  }

  organisationTyped() {
    const known = this.known.get(this.form.elements.organisation.value.trim());
    this.form.elements.quoting.checked = false;
    if (!known) return;
    this.#put("org_kind", known.kind);
    this.#put("org_size", known.size);
  }

  // By a digit: pressed again, it is no kind any more.
  chooseKind(digit) {
    const radio = this.form.querySelector(`input[name=kind][data-key="${digit}"]`);
    if (!radio) return false;
    if (radio.checked) this.form.querySelector("input[name=kind][value='']").checked = true;
    else radio.checked = true;
    return true;
  }

  toggleTheme(letter) {
    const box = this.form.querySelector(`input[name=themes][data-key="${letter}"]`);
    if (box) box.checked = !box.checked;
    return Boolean(box);
  }

  toggleQuoting() {
    const box = this.form.elements.quoting;
    box.checked = !box.checked;
  }
}

// What a key means, or nothing. AltGr writes signs, and so does Alt with the number pad
// on some machines: both are left alone.
export function meaning(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey) return null;
  if (event.getModifierState("AltGraph")) return null;
  const [, digit] = event.code.match(/^Digit(\d)$/) ?? [];
  const [, letter] = event.code.match(/^Key([A-Z])$/) ?? [];
  if (event.altKey) {
    if (digit === "0") return { deed: "quoting" };
    if (digit) return { deed: "kind", digit };
    if (letter === "N") return { deed: "somebody-else" };
    return letter ? { deed: "theme", letter: letter.toLowerCase() } : null;
  }
  if (event.target.id !== "text") return null;
  if (event.key === "Enter" && !event.shiftKey) return { deed: "save" };
  if (event.key === "Escape") return { deed: "leave" };
  if (event.target.value) return null;
  if (/^[1-9]$/.test(event.key)) return { deed: "kind", digit: event.key };
  return event.key === "ArrowUp" ? { deed: "change-last" } : null;
}
