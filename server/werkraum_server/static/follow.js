// A page on the wall keeps up: every few seconds it takes over what has changed.

import { fetched } from "./fetched_page.js";

const EVERY = 4_000;
const PLACE = "followed";

async function follow() {
  if (document.hidden) return;
  const fresh = (await fetched(location.href))?.getElementById(PLACE);
  const here = document.getElementById(PLACE);
  // Where nobody answers, what stands there stays until somebody does.
  if (!fresh || fresh.textContent === here.textContent) return;
  here.replaceWith(document.importNode(fresh, true));
}

setInterval(follow, EVERY);
document.documentElement.dataset.follows = "";
