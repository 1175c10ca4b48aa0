// The page that answers a round: keeps what is typed until it is sent, and moves the
// options of a ranking up and down. Without this script the form works as it stands.

const DAYS = 14 * 24 * 3600 * 1000;
const PREFIX = "werkraum:answer:";

// The ballot in the address: the same text in whichever language the page is shown.
const keyOf = (path) => PREFIX + path.split("/").pop();

// Some browsers refuse to keep anything; then nothing is kept.
function stored(deed) {
  try {
    return deed(window.localStorage);
  } catch {
    return null;
  }
}

function fieldsOf(form) {
  return [...form.elements].filter((it) => it.name && it.type !== "hidden");
}

const isTick = (field) => field.type === "radio" || field.type === "checkbox";

function remember(form, key) {
  const fields = fieldsOf(form)
    .filter((it) => (isTick(it) ? it.checked : it.value.trim()))
    .map((it) => [it.name, it.id, it.value]);
  stored((box) => box.setItem(key, JSON.stringify({ at: Date.now(), fields })));
}

function recall(form, key) {
  const kept = JSON.parse(stored((box) => box.getItem(key)) ?? "null");
  if (!kept || Date.now() - kept.at > DAYS || !kept.fields.length) return false;
  let came = false;
  for (const [name, id, value] of kept.fields) {
    const field = fieldsOf(form).find((it) =>
      it.name === name && (isTick(it) ? it.value === value : it.id === id));
    if (!field) continue;
    if (isTick(field)) {
      came ||= !field.checked && value !== "";
      field.checked = true;
    } else if (!field.value) {
      field.value = value;
      came = true;
    }
  }
  return came;
}

function keep(form) {
  const key = keyOf(form.getAttribute("action"));
  // A form that came back from the server holds everything already.
  const isBack = document.querySelector(".fault-summary") !== null;
  if (!isBack && recall(form, key)) {
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    said.className = "notice";
    said.textContent = form.dataset.restored;
    form.prepend(said);
  }
  form.addEventListener("input", () => remember(form, key));
  form.addEventListener("change", () => remember(form, key));
}

function rank(list) {
  const items = () => [...list.children];
  const place = (item) => item.querySelector("select");

  const number = () => {
    items().forEach((item, index) => {
      place(item).selectedIndex = index + 1;
    });
    place(list.firstElementChild).dispatchEvent(new Event("change", { bubbles: true }));
  };

  const move = (item, up, button) => {
    const other = up ? item.previousElementSibling : item.nextElementSibling;
    if (other && up) other.before(item);
    if (other && !up) other.after(item);
    number();
    button.focus();
  };

  const label = (item) => item.querySelector("label").textContent.trim();
  for (const item of items()) {
    for (const up of [true, false]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button quiet";
      button.textContent = up ? "↑" : "↓";
      const words = up ? list.dataset.up : list.dataset.down;
      button.setAttribute("aria-label", `${words}: ${label(item)}`);
      button.addEventListener("click", () => move(item, up, button));
      item.append(button);
    }
  }
}

const form = document.querySelector("form[data-kept]");
if (form) keep(form);
for (const list of document.querySelectorAll(".ranking")) rank(list);

const sent = document.querySelector("[data-sent]");
if (sent) stored((box) => box.removeItem(keyOf(sent.dataset.sent)));
