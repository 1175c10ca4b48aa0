// The moderator's page without waiting: each line noted here first and sent as soon as
// there is a connection. Without this script the page is made of forms.

import { Clock } from "./agenda_clock.js";
import { Device, forget, KEPT_PAGES } from "./capture_device.js";
import { Form, meaning } from "./capture_form.js";
import { groupOf, List } from "./capture_list.js";
import { fetchState, send, Trouble } from "./capture_server.js";
import { workOffline } from "./check_in_offline.js";
import { Words } from "./words.js";

const EVERY = 10_000;
const LONGEST = 10_000;

const at = (id) => document.getElementById(id);
const section = at("capture");
const told = section.dataset;
const device = new Device(told.event, told.ends);
const words = new Words(at("words"));
const form = new Form(at("capture-form"));
const list = new List(at("caught"), at("caught-pattern"), words);
const clock = new Clock(at("clock"), at("clock-words"), () => device.now);

// What is being changed, and the line that was begun before.
let changing = null;
let before = null;
let trouble = "";
let busy = false;
let again = false;

// What the server knows, with what is not sent yet on top; the newest first.
function statements() {
  const byKey = new Map((device.known.state?.statements ?? []).map((it) => [it.key, it]));
  for (const entry of device.entries) {
    if (entry.said.removed && !entry.trouble) byKey.delete(entry.key);
    else byKey.set(entry.key, { ...entry, waiting: !entry.trouble });
  }
  const time = (it) => Date.parse(it.at);
  return [...byKey.values()].sort((a, b) => time(b) - time(a) || (a.key < b.key ? 1 : -1));
}

function show() {
  const state = device.known.state;
  const themes = new Map((state?.themes ?? []).map((it) => [it.id, it.name]));
  const found = statements();
  list.show(found, themes);
  at("caught-count").textContent = found.length || "";
  at("caught-none").hidden = found.length > 0;
  at("undo").hidden = !device.removed;
  section.dataset.waiting = device.entries.length;
  if (!state) return;
  form.learn(state.organisations);
  clock.sessions = state.sessions;
  showReadings(state);
}

function showReadings({ heard, shared }) {
  at("heard-none").hidden = heard.length > 0;
  at("heard").replaceChildren(
    ...heard.map((it) => {
      const group = groupOf({ org_kind: it.kind, org_size: it.size }, words);
      return line(group, words.say("of", it));
    }),
  );
  at("shared-none").hidden = shared.length > 0;
  at("shared").replaceChildren(
    ...shared.map((it) => line(it.name, it.statements, words.count("kinds", it.kinds))),
  );
}

function line(name, number, more = "") {
  const made = document.createElement("li");
  const parts = { span: name, strong: number, small: more };
  for (const [tag, text] of Object.entries(parts)) {
    if (text === "") continue;
    const part = document.createElement(tag);
    part.textContent = text;
    made.append(part, " ");
  }
  return made;
}

// The item somebody chose has the clock, once it has begun.
function showClock() {
  const chosen = clock.sessions.find((it) => it.id === form.said.session);
  const begun = chosen && Date.parse(chosen.starts) <= device.now;
  at("clock").dataset.item = begun ? chosen.id : "";
  if (clock.sessions.length) clock.show();
}

function say(word, values = {}) {
  const box = at("sync");
  box.hidden = !word;
  box.className = `banner ${trouble ? "wait" : "good"}`;
  const said = word ? words.say(word, values) : "";
  if (at("sync-words").textContent !== said) at("sync-words").textContent = said;
  at("sync-sign-in").hidden = trouble !== "signed_out";
}

async function sync() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  const earlier = trouble;
  try {
    do {
      again = false;
      await send(device, told.changes);
      await fetchState(device, told.state);
      trouble = "";
    } while (again);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    trouble = error.word;
    // Signed out, perhaps in another tab: what others wrote does not stay.
    if (trouble === "signed_out") await device.forget();
  } finally {
    busy = false;
  }
  if (trouble) say(trouble, { count: device.waiting.length });
  else if (earlier) say("sent");
  show();
}

// Carries out what changes the device, and sends it; false where there is no room.
function note(deed, word) {
  try {
    deed();
  } catch {
    trouble = "full";
    say("full");
    return false;
  }
  show();
  if (trouble) say(trouble, { count: device.waiting.length });
  else say(word, { count: statements().length });
  sync();
  return true;
}

function save() {
  const said = form.said;
  if (!said.text) {
    form.text.focus();
    return;
  }
  // As the server counts: whole characters.
  if ([...said.text].length > LONGEST) {
    say("too_long");
    return;
  }
  const noted = changing
    ? note(() => device.change(changing, said), "changed")
    : note(() => device.add(said), "caught");
  if (!noted) return;
  if (changing) endChanging();
  else form.clear();
  keepForm();
}

function change(statement) {
  if (!changing) before = form.said;
  changing = statement;
  form.said = statement.said;
  at("leave-it").hidden = false;
  say("changing");
  form.text.focus();
}

function endChanging() {
  changing = null;
  form.said = before;
  at("leave-it").hidden = true;
  form.text.focus();
}

function leave() {
  if (!changing) return;
  endChanging();
  say("");
}

function remove(statement) {
  const removed = { ...statement.said, removed: true };
  note(() => {
    device.change(statement, removed);
    device.removed = { key: statement.key, at: statement.at, said: statement.said };
  }, "removed");
  if (changing?.key === statement.key) endChanging();
  at("undo-button").focus();
}

function undo() {
  const { key, at: time, said } = device.removed;
  const gone = { key, at: time, said: { ...said, removed: true } };
  const had = note(() => {
    device.change(gone, said);
    device.removed = null;
  }, "again");
  if (had) show();
  form.text.focus();
}

// Two wrote over each other: the one who sees it decides.
function decide(entry, mine) {
  if (!mine) {
    device.drop(entry.key);
    show();
    sync();
    return;
  }
  const known = [entry.there];
  const revision = entry.revision + 1;
  note(() => device.keep({ ...entry, known, revision, sent: false, trouble: "" }), "changed");
}

function act(deed, key) {
  const statement = statements().find((it) => it.key === key);
  if (!statement) return;
  if (deed === "change") change(statement);
  else if (deed === "remove") remove(statement);
  else decide(statement, deed === "mine");
}

function key(event) {
  const meant = meaning(event);
  if (meant && carryOut(meant)) {
    event.preventDefault();
    keepForm();
  } else if (event.key === "Enter" && event.target.id === "organisation") {
    event.preventDefault();
    form.organisationTyped();
    form.text.focus();
  }
}

function carryOut({ deed, digit, letter }) {
  const [last] = statements();
  switch (deed) {
    case "kind":
      return form.chooseKind(digit);
    case "theme":
      return form.toggleTheme(letter);
    case "quoting":
      form.toggleQuoting();
      return true;
    case "somebody-else":
      form.somebodyElse();
      return true;
    case "save":
      save();
      return true;
    case "leave":
      leave();
      return true;
    case "change-last":
      if (last && !last.trouble) change(last);
      return true;
  }
  return false;
}

// What is being typed outlives the page; a change to something there does not.
function keepForm() {
  if (changing) return;
  try {
    device.form = form.said;
  } catch {
    say("full");
  }
}

// Nobody signs out with something in hand that only this sign-in can send.
async function signOut(event) {
  if (!device.entries.length) return;
  event.preventDefault();
  await sync();
  if (device.entries.length) say("not_yet", { count: device.entries.length });
  else event.target.submit();
}

function listen() {
  const own = at("capture-form");
  own.addEventListener("keydown", key);
  own.addEventListener("input", keepForm);
  own.addEventListener("change", (event) => {
    if (event.target.id === "organisation") form.organisationTyped();
    keepForm();
    showClock();
  });
  own.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  at("somebody-else").addEventListener("click", (event) => {
    event.preventDefault();
    form.somebodyElse();
    keepForm();
  });
  at("leave-it").addEventListener("click", leave);
  at("undo-button").addEventListener("click", undo);
  at("caught").addEventListener("click", (event) => {
    const button = event.target.closest("[data-deed]");
    if (button) act(button.dataset.deed, button.closest(".person").dataset.key);
  });
  document.querySelector("form[action='/desk/sign-out']")?.addEventListener("submit", signOut);
  addEventListener("online", sync);
  addEventListener("storage", show);
  document.addEventListener("visibilitychange", () => document.hidden || sync());
  setInterval(() => document.hidden || sync(), EVERY);
  setInterval(showClock, 1_000);
}

async function begin() {
  // A form that came back, or one with something to change, goes on as a form.
  if (at("capture-form").elements.mark || document.querySelector(".fault-summary")) return;
  device.try();
  await forget({ over: true });
  // The state comes first: until then, the forms of the page do.
  if (!device.known.state) await fetchState(device, told.state);
  if (device.form) form.said = device.form;
  for (const shown of section.querySelectorAll("kbd, #text-hint")) shown.hidden = false;
  at("undo-form")?.remove();
  at("kept-here").hidden = device.isOver;
  show();
  showClock();
  listen();
  form.text.focus();
  section.dataset.ready = "";
  await sync();
  if (!device.isOver) await workOffline(KEPT_PAGES, told.page);
}

// A browser that keeps nothing, or nothing known yet and no connection: forms remain.
begin().then(() => (section.dataset.offline = ""), () => {});
