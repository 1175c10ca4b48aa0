// A live page: hears how the round stands, and loads itself again when something else is
// on. Without this script everything works by the link "Look again".

const PREFIX = "werkraum:live:";
// Milliseconds: between two announcements, and until a refused stream is asked for again.
const SPEAK = 5000;
const AGAIN = 5000;

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

function hear(here) {
  const say = speaker(document.querySelector("[data-said]"));
  const again = document.querySelector("[data-again]");
  let stale = false;

  const load = () => {
    if (!isTyping()) location.replace(here.dataset.here);
    // What is typed is not lost: whoever has finished looks again.
    else if (again) again.classList.remove("quiet");
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
    events.addEventListener("error", () => {
      // A broken stream is opened again by the browser itself, a refused one is not.
      if (events.readyState === EventSource.CLOSED) setTimeout(open, AGAIN * (1 + Math.random()));
    });
    window.addEventListener("pagehide", () => events.close(), { once: true });
  };
  open();
}

const here = document.querySelector("[data-live]");
if (here && !useKey(here)) hear(here);
