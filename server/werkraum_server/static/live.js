// A live page: hears how the round stands, and loads itself again when something else is
// on. Without this script everything works by the link "Look again".

const PREFIX = "werkraum:live:";
// Milliseconds: between two announcements, until a refused stream is asked for again, and
// of a break that nobody needs to hear of.
const SPEAK = 5000;
const AGAIN = 5000;
const SHORT = 3000;

// Some browsers refuse to keep anything; then each page has a key of its own.
function stored(deed) {
  try {
    return deed(window.localStorage);
  } catch {
    return null;
  }
}

// One voice per device: the key that this browser had before is used again.
function useKey(here) {
  const { mark, key } = here.dataset;
  if (!mark) return false;
  const kept = stored((box) => box.getItem(PREFIX + mark));
  if (here.dataset.new && kept && kept !== key) {
    location.replace(here.dataset.here.replace(key, kept));
    return true;
  }
  stored((box) => {
    // Keys of live rounds that are long over.
    Object.keys(box).filter((it) => it.startsWith(PREFIX)).forEach((it) => box.removeItem(it));
    box.setItem(PREFIX + mark, key);
  });
  return false;
}

function isTyping() {
  return [...document.querySelectorAll("textarea, input[type=text], input[type=checkbox]")]
    .some((it) => (it.type === "checkbox" ? it.checked !== it.defaultChecked : it.value !== it.defaultValue));
}

function put(name, number) {
  for (const place of document.querySelectorAll(`[data-${name}]`)) {
    if (number !== undefined) place.textContent = number;
  }
}

// A screen reader hears a new number every five seconds at most.
function speaker(place) {
  let next = null;
  let spoken = Date.now();
  let waiting = null;
  const speak = () => {
    waiting = null;
    spoken = Date.now();
    place.textContent = `${place.dataset.said} ${next}`;
  };
  return (number) => {
    if (!place || number === next) return;
    const first = next === null;
    next = number;
    if (first) return;
    waiting ??= setTimeout(speak, Math.max(0, spoken + SPEAK - Date.now()));
  };
}

// What stands between the page and the truth, in words: the heaviest of it.
function notices() {
  const place = document.querySelector("[data-notices]");
  const words = place?.querySelector("[role=status]");
  const on = new Set();
  return (name, isOn) => {
    if (!place || on.has(name) === isOn) return;
    isOn ? on.add(name) : on.delete(name);
    const first = ["unsent", "lost", "changed"].find((it) => on.has(it));
    place.hidden = !first;
    words.textContent = first ? place.dataset[first] : "";
  };
}

// Asks before a form leaves the page: where nobody answers, the browser would put a page
// of its own in the place of what was typed.
function keepUnsent(here, notice, isLost) {
  let isAnswered = false;
  const answers = () =>
    fetch(here.dataset.here, { method: "HEAD", cache: "no-store" })
      .then((answer) => answer.status < 500, () => false);
  document.addEventListener("submit", async (event) => {
    if (isAnswered || !(isLost() || isTyping())) return;
    event.preventDefault();
    isAnswered = await answers();
    notice("unsent", !isAnswered);
    if (isAnswered) event.target.requestSubmit(event.submitter);
    isAnswered = false;
  });
}

function hear(here) {
  const notice = notices();
  const say = speaker(document.querySelector("[data-said]"));
  const again = document.querySelector("[data-again]");
  let stale = false;
  let lost = null;

  const load = () => {
    if (!isTyping()) location.replace(here.dataset.here);
    else {
      // What is typed is not lost: whoever has finished looks again.
      again?.classList.remove("quiet");
      notice("changed", true);
    }
  };

  const found = () => {
    clearTimeout(lost);
    lost = null;
    notice("lost", false);
    notice("unsent", false);
  };

  const told = (event) => {
    const now = JSON.parse(event.data);
    put("voices", now.voices);
    put("voters", now.voters);
    put("pending", now.pending);
    say(now.voices);
    if (now.page === here.dataset.page || stale) return;
    stale = true;
    // Not all devices of a hall in the same moment.
    setTimeout(load, Math.random() * Number(here.dataset.spread));
  };

  const open = () => {
    const events = new EventSource(here.dataset.live);
    events.addEventListener("now", told);
    events.addEventListener("open", found);
    events.addEventListener("error", () => {
      lost ??= setTimeout(() => notice("lost", true), SHORT);
      // A broken stream is opened again by the browser itself, a refused one is not.
      if (events.readyState === EventSource.CLOSED) setTimeout(open, AGAIN * (1 + Math.random()));
    });
    window.addEventListener("pagehide", () => events.close(), { once: true });
  };
  open();
  keepUnsent(here, notice, () => lost !== null);
}

const here = document.querySelector("[data-live]");
if (here && !useKey(here)) hear(here);
