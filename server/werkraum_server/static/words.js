// Sentences of the page's language, as the template gives them.

export class Words {
  constructor(template) {
    const said = template.content.querySelectorAll("[data-word]");
    this.words = new Map([...said].map((it) => [it.dataset.word, it.textContent.trim()]));
    this.plural = new Intl.PluralRules(document.documentElement.lang);
  }

  // In one go: what stands for one mark is never taken for another.
  say(name, values = {}) {
    const text = this.words.get(name) ?? name;
    return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
  }

  // The sentence for one, or for several.
  count(name, count, values = {}) {
    const form = this.plural.select(count) === "one" ? "one" : "other";
    return this.say(`${name}_${form}`, { count, ...values });
  }
}
