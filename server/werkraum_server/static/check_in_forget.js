// Nobody is signed in here: the names of a check-in are removed from this device, and
// what others wrote in a capture.

import { forget as forgetCapture } from "./capture_device.js";
import { forget } from "./check_in_device.js";

try {
  await forget();
  await forgetCapture();
} catch {
  // A browser that keeps nothing has nothing to remove.
}
