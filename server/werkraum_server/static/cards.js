// Cards ticked off without waiting: each tick noted here first and sent as soon as there
// is a connection. Everything else on the page, and all of it without this script, is
// made of forms.

import { Device, forget, KEPT_PAGES } from "./capture_device.js";
import { ask, contentOf, Trouble } from "./check_in_server.js";
import { keep, workOffline } from "./check_in_offline.js";
import { fetched } from "./fetched_page.js";
import { Words } from "./words.js";

const EVERY = 5_000;

const at = (id) => document.getElementById(id);
const told = at("cards-page").dataset;
const device = new Device(told.event, told.ends);
const words = new Words(at("words"));

let trouble = "";
let busy = false;

// What the page says, with what is not sent yet on top.
function show() {
  const rows = [...at("cards-list").querySelectorAll("[data-card]")];
  const marks = new Map(device.marks.map((it) => [it.card, it.spoken]));
  for (const row of rows) {
    const spoken = marks.get(row.dataset.card) ?? row.dataset.spoken === "true";
    row.classList.toggle("here", spoken);
    row.querySelector(".spoken").hidden = !spoken;
    row.querySelector(".waiting").hidden = !marks.has(row.dataset.card);
    row.querySelector("[data-deed=tick]").hidden = spoken;
    row.querySelector("[data-deed=untick]").hidden = !spoken;
  }
  const spoken = rows.filter((it) => it.classList.contains("here")).length;
  at("cards-count").textContent = words.say("count", { spoken, all: rows.length });
  at("cards-page").dataset.waiting = device.marks.length;
}

function say(word) {
  at("sync").hidden = !word;
  at("sync").className = `banner ${trouble ? "wait" : "good"}`;
  const said = word ? words.say(word, { count: device.marks.length }) : "";
  if (at("sync-words").textContent !== said) at("sync-words").textContent = said;
  at("sync-sign-in").hidden = trouble !== "signed_out";
}

// Says whether there was something to send.
async function send() {
  const marks = device.marks;
  if (!marks.length) return false;
  const body = JSON.stringify({ marks });
  const headers = { "content-type": "application/json" };
  const answer = await ask(told.marks, { method: "POST", headers, body });
  const { answers } = await contentOf(answer);
  for (const mark of marks) {
    if (!answers.some((it) => it.card === mark.card)) throw new Trouble("offline");
    const row = at(mark.card);
    if (row) row.dataset.spoken = mark.spoken;
    device.unmark(mark);
  }
  return true;
}

// Takes over what another moderator has done, and says whether there was something; who
// is in the list stays where they are.
async function hear() {
  const fresh = (await fetched(told.page))?.getElementById("cards-list");
  const here = at("cards-list");
  if (!fresh || device.marks.length) return false;
  if (fresh.dataset.state === here.dataset.state) return false;
  const row = document.activeElement?.closest("[data-card]")?.dataset.card;
  here.replaceWith(document.importNode(fresh, true));
  focus(row);
  return true;
}

function focus(card) {
  const row = card && at(card);
  row?.querySelector("form:not([hidden]) button")?.focus();
}

async function sync() {
  if (busy) return;
  busy = true;
  const earlier = trouble;
  try {
    const sent = await send();
    trouble = "";
    const heard = await hear();
    const isKept = "offline" in at("cards-page").dataset && !device.isOver;
    if (isKept && (sent || heard)) await keep(KEPT_PAGES, told.page);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    trouble = error.word;
    if (trouble === "signed_out") await device.forget();
  } finally {
    busy = false;
  }
  if (trouble) say(trouble);
  else if (earlier) say("sent");
  show();
}

function submit(event) {
  const form = event.target.closest("[data-deed]");
  if (!form) return;
  event.preventDefault();
  const row = form.closest("[data-card]");
  try {
    device.mark(row.dataset.card, form.dataset.deed === "tick");
  } catch {
    trouble = "full";
    say("full");
    return;
  }
  show();
  // On to whoever speaks next, or to taking it back.
  const next = at("cards-list").querySelector("[data-deed=tick]:not([hidden]) button");
  if (form.dataset.deed === "tick" && next) next.focus();
  else focus(row.dataset.card);
  if (trouble) say(trouble);
  sync();
}

async function begin() {
  device.try();
  await forget({ over: true });
  at("cards-page").addEventListener("submit", submit);
  addEventListener("online", sync);
  addEventListener("storage", show);
  document.addEventListener("visibilitychange", () => document.hidden || sync());
  setInterval(() => document.hidden || sync(), EVERY);
  device.touch();
  show();
  at("cards-page").dataset.ready = "";
  await sync();
  if (!device.isOver) await workOffline(KEPT_PAGES, told.page);
}

// A browser that keeps nothing: the forms remain.
begin().then(() => (at("cards-page").dataset.offline = ""), () => {});
