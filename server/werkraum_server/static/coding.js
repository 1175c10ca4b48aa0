// Coding by mouse and keyboard: what is selected in the text goes with the next form,
// a key presses the button of its theme, and the page changes without being left.
// Without this script the same forms do the same.
"use strict";

const section = document.getElementById("coding");
const status = document.getElementById("coding-status");
const words = document.getElementById("coding-words").content;
const word = (name) => words.querySelector(`[data-word=${name}]`).textContent;

// Trusted Types: only a whole page of ours, as the server has written it, is read.
const policy = globalThis.trustedTypes?.createPolicy("werkraum-coding", {
  createHTML: (html) => html,
});

// Characters as the server counts them: an emoji is one, not two halves.
const length = (text) => [...text].length;

// The place of a boundary in the text, without the labels that stand in it.
function place(root, node, offset) {
  const range = document.createRange();
  range.setStart(root, 0);
  range.setEnd(node, offset);
  const copy = range.cloneContents();
  for (const label of copy.querySelectorAll("[data-label]")) label.remove();
  return length(copy.textContent);
}

class CodingText extends HTMLElement {
  connectedCallback() {
    this.tabIndex = 0;
    this.setAttribute("role", "group");
    this.kept = null;
    this.addEventListener("keydown", (event) => this.press(event));
  }

  // Whoever goes on to type a name still means the words selected before: the
  // selection is kept, and seen, until another one is made in the text.
  follow() {
    const selection = getSelection();
    if (!selection.rangeCount || !this.contains(selection.anchorNode)) return;
    this.kept = selection.isCollapsed ? null : selection.getRangeAt(0).cloneRange();
    this.paint();
  }

  forget() {
    getSelection().removeAllRanges();
    this.kept = null;
    this.paint();
  }

  paint() {
    if (!globalThis.Highlight) return;
    CSS.highlights.delete("kept");
    if (this.kept) CSS.highlights.set("kept", new Highlight(this.kept));
  }

  // What is selected inside of the text, in characters; null if nothing is.
  get selected() {
    // The browser tells of a change a little later than it is made.
    this.follow();
    const range = this.kept;
    if (!range) return null;
    const own = document.createRange();
    own.selectNodeContents(this);
    const before = range.compareBoundaryPoints(Range.START_TO_START, own) < 0;
    const beyond = range.compareBoundaryPoints(Range.END_TO_END, own) > 0;
    const start = before ? 0 : place(this, range.startContainer, range.startOffset);
    const end = beyond
      ? place(this, own.endContainer, own.endOffset)
      : place(this, range.endContainer, range.endOffset);
    return start < end ? { start, end } : null;
  }

  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const deed = this.deed(event);
    if (!deed) return;
    event.preventDefault();
    deed();
  }

  deed(event) {
    const key = event.key;
    if (key === "ArrowRight" || key === "ArrowLeft") return () => this.step(event);
    if (key === "Enter") return () => send(document.getElementById("done"));
    if (key === "Backspace") return () => send(document.getElementById("undo"));
    if (key === "Escape") return () => this.forget();
    if (key === "/") return () => document.getElementById("name").focus();
    if (key === "!") return () => send(...this.lastMark());
    if (/^[1-9a-z]$/.test(key)) return () => this.theme(key);
    return null;
  }

  // From word to word; the first step begins at the beginning of the text.
  step(event) {
    const selection = getSelection();
    if (!selection.rangeCount || !this.contains(selection.anchorNode)) {
      selection.collapse(this, 0);
    }
    const how = event.shiftKey ? "extend" : "move";
    selection.modify(how, event.key === "ArrowRight" ? "right" : "left", "word");
  }

  theme(key) {
    const button = section.querySelector(`[data-key="${key}"]`);
    if (button) send(button.form, button);
    else say(word("no_theme"));
  }

  lastMark() {
    const buttons = [...section.querySelectorAll("[data-deed=quote]")];
    const last = buttons.at(-1);
    return last ? [last.form, last] : [null];
  }
}

function say(text) {
  status.textContent = text;
}

// One after another: who presses quickly means each step, in this order.
let queue = Promise.resolve();

function send(form, button) {
  if (!form) return;
  const text = section.querySelector("coding-text");
  const fields = body(form, button, text?.selected);
  const at = text?.dataset.statement;
  queue = queue.then(() => post(form, fields, at));
}

function body(form, button, selected) {
  const fields = new FormData(form);
  if (button?.name) fields.set(button.name, button.value);
  // A theme by its button: what stands in the field beside it is not meant.
  if (button?.name === "theme") fields.delete("name");
  if (selected && "marks" in form.dataset) {
    fields.set("start", selected.start);
    fields.set("end", selected.end);
  }
  return new URLSearchParams(fields);
}

async function post(form, fields, at) {
  // Meanwhile another statement may lie on the desk: its step was not meant.
  const now = section.querySelector("coding-text")?.dataset.statement;
  if (at !== now) return;
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields });
    show(await answer.text(), answer.url);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    say(word("offline"));
  }
}

function show(html, address) {
  const page = new DOMParser().parseFromString(policy?.createHTML(html) ?? html, "text/html");
  const fresh = page.getElementById("coding");
  if (!fresh) {
    // A refusal, or the sign-in: the whole page says it.
    document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
    return;
  }
  getSelection().removeAllRanges();
  section.replaceChildren(...fresh.childNodes);
  const url = new URL(address);
  url.searchParams.delete("done");
  history.replaceState(null, "", url);
  say(page.querySelector("[role=status]")?.textContent ?? "");
  const faulty = section.querySelector(".fault-summary");
  (faulty ?? section.querySelector("coding-text") ?? section.querySelector("h2"))?.focus();
}

document.addEventListener("selectionchange", () =>
  section.querySelector("coding-text")?.follow(),
);

customElements.define("coding-text", CodingText);

section.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target, event.submitter);
});
