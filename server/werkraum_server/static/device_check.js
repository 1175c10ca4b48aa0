// Microphone, camera and sound tried out before somebody enters. All of it happens in
// this page: nothing is recorded, kept or sent, and all is let go when one leaves.

import { Words } from "./words.js";

const place = document.getElementById("device-check");
const words = new Words(document.getElementById("device-words"));
const find = (name) => place.querySelector(name);
const LOUD = 8;
const EVERY = 100;

let stream;
let context;
let measuring;

function say(word) {
  find("[data-said]").textContent = word && words.say(word);
}

// What there is: both, or one of them where the other is missing.
async function open() {
  const wishes = [
    { audio: true, video: true },
    { audio: true },
    { video: true },
  ];
  for (const wish of wishes) {
    try {
      return await navigator.mediaDevices.getUserMedia(wish);
    } catch (error) {
      if (error.name !== "NotFoundError" && error.name !== "OverconstrainedError") throw error;
    }
  }
  throw new DOMException("nothing there", "NotFoundError");
}

async function look() {
  say("asking");
  let opened;
  try {
    opened = await open();
  } catch (error) {
    say(reasonOf(error));
    return;
  }
  // A second click while the browser asked.
  stop();
  stream = opened;
  const hears = stream.getAudioTracks().length > 0;
  const sees = stream.getVideoTracks().length > 0;
  show(hears, sees);
  if (sees) find("video").srcObject = stream;
  if (hears) measure();
  say(hears && sees ? "both" : hears ? "microphone" : "camera");
}

function reasonOf(error) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "refused";
  if (error.name === "NotFoundError") return "none";
  return "busy";
}

function show(hears, sees) {
  find("[data-hears]").hidden = !hears;
  find("video").hidden = !sees;
  find("[data-deed=look]").hidden = hears || sees;
  find("[data-deed=stop]").hidden = !(hears || sees);
}

function measure() {
  context ??= new AudioContext();
  context.resume();
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let heard = false;
  measuring = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, it) => sum + it * it, 0) / samples.length;
    // Decibels from -60 to 0, as a share of a hundred.
    const level = power ? Math.max(0, Math.min(100, 100 + (1000 / 60) * Math.log10(power))) : 0;
    find("meter").value = level;
    if (level > LOUD && !heard) {
      heard = true;
      say("hears");
    }
  }, EVERY);
}

function stop() {
  clearInterval(measuring);
  stream?.getTracks().forEach((track) => track.stop());
  stream = undefined;
  find("video").srcObject = null;
  find("meter").value = 0;
  show(false, false);
}

// Two tones, softly on and off.
async function play() {
  try {
    context ??= new AudioContext();
    await context.resume();
    for (const [at, pitch] of [[0, 523], [0.4, 659]]) {
      const tone = new OscillatorNode(context, { frequency: pitch });
      const loudness = new GainNode(context, { gain: 0 });
      const from = context.currentTime + at;
      loudness.gain.setValueAtTime(0, from);
      loudness.gain.linearRampToValueAtTime(0.3, from + 0.05);
      loudness.gain.linearRampToValueAtTime(0, from + 0.38);
      tone.connect(loudness).connect(context.destination);
      tone.start(from);
      tone.stop(from + 0.4);
    }
    say("played");
  } catch {
    say("mute");
  }
}

const deeds = {
  look,
  stop() {
    stop();
    say("off");
    find("[data-deed=look]").focus();
  },
  sound: play,
};

// Only over https, or on this very machine: elsewhere browsers hide devices.
if (navigator.mediaDevices?.getUserMedia) {
  find("[data-without]").hidden = true;
  find("[data-with]").hidden = false;
  place.addEventListener("click", (event) => deeds[event.target.dataset.deed]?.());
  addEventListener("pagehide", stop);
  // The room itself needs them now.
  document.addEventListener("submit", stop);
  place.dataset.ready = "";
}
