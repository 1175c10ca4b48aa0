// The running order as a clock: the same answers as the server's `agenda.standing`.

import { Words } from "./words.js";

const MINUTE = 60_000;
const LONG_OVER = 120 * MINUTE;

export class Clock {
  // `now` tells the time by the server, in milliseconds.
  constructor(face, words, now) {
    this.face = face;
    this.words = new Words(words);
    this.now = now;
    this.sessions = [];
  }

  show() {
    const standing = standingOf(this.sessions, this.now(), this.face.dataset.item);
    const { on, coming, left, passed, ended } = standing;
    this.#put("on", on.length ? titles(on) : this.words.say(ended ? "no_more" : "nothing"));
    this.#put("left", this.#left(on, left));
    this.#put("next", this.#next(on, coming, ended));
    const bar = this.face.querySelector("[data-clock=bar]");
    bar.hidden = !on.length;
    bar.value = passed;
    this.face.classList.toggle("over", on.length > 0 && left < 0);
  }

  #left(on, left) {
    if (!on.length) return "";
    if (left > 0) return this.words.count("left", left);
    return left < 0 ? this.words.count("over", -left) : this.words.say("up");
  }

  #next(on, coming, ended) {
    if (coming.length) {
      const [{ time }] = coming;
      return this.words.say("next", { time, title: titles(coming) });
    }
    if (ended) return this.words.say("ended");
    return this.words.say(on.length ? "last" : "empty");
  }

  #put(name, text) {
    const slot = this.face.querySelector(`[data-clock=${name}]`);
    if (slot.textContent !== text) slot.textContent = text;
  }
}

const titles = (sessions) => sessions.map((it) => it.title).join(" · ");

function standingOf(told, now, item) {
  const sessions = told.map((it) => ({
    ...it,
    from: Date.parse(it.starts),
    to: Date.parse(it.ends),
  }));
  const chosen = sessions.filter((it) => it.id === item);
  const on = chosen.length ? chosen : onNow(sessions, now);
  if (!on.length) return { on, coming: first(sessions), left: 0, passed: 0 };
  const to = Math.max(...on.map((it) => it.to));
  const from = Math.min(...on.map((it) => it.from));
  const later = sessions.filter((it) => !on.includes(it) && (it.from >= to || it.from > now));
  if (!later.length && !chosen.length && now - to >= LONG_OVER) {
    return { on: [], coming: [], left: 0, passed: 0, ended: true };
  }
  const share = to > from ? (100 * (now - from)) / (to - from) : 100;
  return {
    on,
    coming: first(later),
    left: to > now ? Math.ceil((to - now) / MINUTE) : Math.trunc((to - now) / MINUTE) || 0,
    passed: Math.min(100, Math.max(0, Math.trunc(share))),
  };
}

function onNow(sessions, now) {
  const begun = sessions.filter((it) => it.from <= now);
  const running = begun.filter((it) => it.to > now);
  if (running.length || !begun.length) return running;
  // Between two items the one before runs over.
  const last = Math.max(...begun.map((it) => it.to));
  return begun.filter((it) => it.to === last);
}

function first(sessions) {
  const starts = Math.min(...sessions.map((it) => it.from));
  return sessions.filter((it) => it.from === starts);
}
