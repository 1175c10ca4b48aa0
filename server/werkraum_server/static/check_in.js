// The entrance on a phone: the whole list at hand, each tap noted here first and sent
// as soon as there is a connection. Without this script the page is made of forms.

import { Device, forget, KEPT_PAGES } from "./check_in_device.js";
import { fetchList, send, Trouble } from "./check_in_server.js";
import { workOffline } from "./check_in_offline.js";
import { Rows, plain } from "./check_in_rows.js";

const EVERY = 10_000;
const SHOWN = 100;

const section = document.getElementById("check-in");
const told = section.dataset;
const session = told.session || null;
const door = told.door.split(" ");
const device = new Device(told.place, told.ends);
const at = (id) => document.getElementById(id);
const rows = new Rows(at("people"), at("person-pattern"), at("words"), door);

let people = [];
let trouble = "";
let busy = false;
let again = false;

// Everybody as the server knows them, with what is not sent yet on top.
function gather() {
  people = device.list.people.map((it) => ({ ...it, waiting: false }));
  const byId = new Map(people.map((it) => [it.id, it]));
  for (const change of device.changes) {
    const person = byId.get(change.registration);
    if (!person) continue;
    person.waiting = true;
    person.here =
      change.deed === "came"
        ? [...new Set([...person.here, change.source])]
        : person.here.filter((it) => !undoneWith(change.source).includes(it));
  }
}

// What the entrance noted is taken back together, and nobody's own word with it.
const undoneWith = (source) => (door.includes(source) ? door : [source]);

function wanted() {
  const words = plain(at("q").value).split(/\s+/).filter(Boolean);
  const show = at("show").value;
  const mode = at("mode")?.value ?? "";
  return people.filter((it) => {
    if (mode && it.mode !== mode) return false;
    if (show === "missing" && it.here.length) return false;
    if (show === "here" && !it.here.length) return false;
    if (show === "unclear" && !isUnclear(it)) return false;
    const text = plain(`${it.name} ${it.organisation}`);
    return words.every((word) => text.includes(word));
  });
}

const isUnclear = (it) => it.here.length > 0 && it.state !== "confirmed";
const heads = (some) => some.reduce((sum, it) => sum + it.seats, 0);

function show() {
  gather();
  const found = wanted();
  rows.show(found.slice(0, SHOWN));
  at("nobody").hidden = found.length > 0;
  at("more").hidden = found.length <= SHOWN;
  const seated = people.filter((it) => it.state === "confirmed");
  at("figure-here").textContent = heads(seated.filter((it) => it.here.length));
  at("figure-expected").textContent = heads(seated);
  const walkIns = heads(seated.filter((it) => it.here.includes("walk_in")));
  at("figure-walk-ins").textContent = walkIns;
  at("figure-walk-ins-box").hidden = !walkIns;
  const unclear = heads(people.filter(isUnclear));
  at("figure-unclear").textContent = unclear;
  at("figure-unclear-box").hidden = !unclear;
  showLost();
}

// What the server knows nobody for is shown until somebody has read it.
function showLost() {
  const lost = device.lost;
  at("lost").hidden = !lost.length;
  at("lost-list").replaceChildren(
    ...lost.map((it) => {
      const line = document.createElement("li");
      const when = new Date(it.at).toLocaleTimeString(document.documentElement.lang);
      line.textContent = `${it.name || rows.word("somebody")}, ${when} `;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button quiet";
      button.textContent = rows.word("remove");
      button.addEventListener("click", () => {
        device.forgetLost(it.key);
        show();
      });
      line.append(button);
      return line;
    }),
  );
}

// Says how things stand; `done` is what was just tapped.
function say(word, values = {}) {
  const box = at("sync");
  box.hidden = !word;
  box.className = `banner ${trouble ? "wait" : "good"}`;
  const said = word ? rows.word(word, values) : "";
  if (at("sync-words").textContent !== said) at("sync-words").textContent = said;
  at("sync-sign-in").hidden = trouble !== "signed_out";
}

const nameOf = (id) => device.list.people.find((it) => it.id === id)?.name ?? "";

async function sync() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  const before = trouble;
  try {
    do {
      again = false;
      await send(device, told.changes, nameOf);
      await fetchList(device, told.people);
      trouble = "";
    } while (again);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    trouble = error.word;
    // Signed out, perhaps in another tab: names do not stay.
    if (trouble === "signed_out") await device.forget();
  } finally {
    busy = false;
  }
  if (trouble) say(trouble, { count: device.changes.length });
  else if (before) say("sent");
  section.dataset.waiting = device.changes.length;
  show();
}

function tap(id, deed) {
  const name = nameOf(id);
  const here = people.find((it) => it.id === id)?.here ?? [];
  const own = deed === "undo" && !here.some((it) => door.includes(it));
  const source = own ? "self" : told.source;
  try {
    device.note({ registration: id, deed, session, source });
  } catch {
    trouble = "full";
    say("full");
    return;
  }
  show();
  rows.focus(id);
  if (trouble) say(trouble, { count: device.changes.length });
  else say(deed === "came" ? "checked_in" : "undone", { name });
  section.dataset.waiting = device.changes.length;
  sync();
}

// Nobody signs out with something in hand that only this sign-in can send.
async function leave(event) {
  if (!device.changes.length) return;
  event.preventDefault();
  await sync();
  if (device.changes.length) say("not_yet", { count: device.changes.length });
  else event.target.submit();
}

function listen() {
  at("people").addEventListener("click", (event) => {
    const button = event.target.closest("[data-deed]");
    if (button) tap(button.closest(".person").dataset.id, button.dataset.deed);
  });
  at("q").addEventListener("input", show);
  at("show").addEventListener("change", show);
  at("mode")?.addEventListener("change", show);
  at("session")?.addEventListener("change", () => at("search").submit());
  at("search").addEventListener("submit", (event) => {
    event.preventDefault();
    // Two letters and Enter: enough where one person is left.
    const missing = wanted().filter((it) => !it.here.length);
    if (!at("q").value || missing.length !== 1) return;
    tap(missing[0].id, "came");
    at("q").select();
    at("q").focus();
  });
  document.querySelector("form[action='/desk/sign-out']")?.addEventListener("submit", leave);
  addEventListener("online", sync);
  addEventListener("storage", show);
  document.addEventListener("visibilitychange", () => document.hidden || sync());
  setInterval(() => document.hidden || sync(), EVERY);
}

// The address of the whole list, whatever part of it is asked for.
const page = () => location.pathname + (session ? `?session=${session}` : "");

async function begin() {
  device.try();
  await forget({ over: true });
  // The list comes first: until then, the forms of the page do.
  if (!device.list.people.length) await fetchList(device, told.people);
  at("pager")?.remove();
  at("kept-here").hidden = device.isOver;
  show();
  listen();
  section.dataset.ready = "";
  await sync();
  if (!device.isOver) await workOffline(KEPT_PAGES, page());
}

// A browser that keeps nothing, or no list yet and no connection: the forms remain.
begin().then(() => (section.dataset.offline = ""), () => {});
