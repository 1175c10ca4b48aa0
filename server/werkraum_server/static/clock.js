// The large clock: goes by itself, and hears of a changed running order.

import { Clock } from "./agenda_clock.js";
import { ask, contentOf } from "./check_in_server.js";

const face = document.getElementById("clock");
let offset = 0;
const clock = new Clock(face, document.getElementById("clock-words"), () => Date.now() + offset);

async function hear() {
  const asked = Date.now();
  try {
    const told = await contentOf(await ask(face.dataset.agenda));
    offset = Date.parse(told.now) - (asked + Date.now()) / 2;
    clock.sessions = told.sessions;
    clock.show();
    face.dataset.ready = "";
  } catch {
    // Nobody answers now: it goes on by what it knows, and asks again.
  }
}

await hear();
setInterval(() => "ready" in face.dataset && clock.show(), 1_000);
setInterval(() => document.hidden || hear(), 60_000);
