// Keeps what is typed into a report on this device until it is saved, and copies its
// HTML. Without this script the page is made of forms that do the same when sent.
"use strict";

const MARK = "werkraum:report:";
// A text that nobody came back to.
const KEPT_FOR = 30 * 24 * 3600 * 1000;

// Raises nothing: where the browser keeps nothing, typing goes on as before.
const quietly = (deed) => {
  try {
    return deed();
  } catch {
    return null;
  }
};

const read = (key) => quietly(() => JSON.parse(localStorage.getItem(key)));

for (let number = (quietly(() => localStorage.length) ?? 0) - 1; number >= 0; number -= 1) {
  const key = localStorage.key(number);
  if (key?.startsWith(MARK) && !((read(key)?.at ?? 0) > Date.now() - KEPT_FOR)) {
    localStorage.removeItem(key);
  }
}

for (const form of document.querySelectorAll("form[data-keep]")) {
  const key = MARK + form.dataset.keep;
  const field = form.elements.text;
  const stored = field.defaultValue;
  const kept = read(key);

  if (kept && kept.text !== stored) {
    field.value = kept.text;
    for (let box = form.closest("details"); box; box = box.parentElement.closest("details")) {
      box.open = true;
    }
  } else {
    quietly(() => localStorage.removeItem(key));
  }

  field.addEventListener("input", () => {
    quietly(() => {
      if (field.value === stored) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ text: field.value, at: Date.now() }));
    });
  });
  // What was added stands on the page now; a changed text is found to be the same.
  form.addEventListener("submit", () => {
    if (stored === "") quietly(() => localStorage.removeItem(key));
  });
}

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done;
  });
}
