// Nobody is signed in here: the names of a check-in are removed from this device.

import { forget } from "./check_in_device.js";

try {
  await forget();
} catch {
  // A browser that keeps nothing has nothing to remove.
}
