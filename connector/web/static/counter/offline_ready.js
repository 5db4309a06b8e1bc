// On every page of the counter: this device is made ready for the time without a network, and listens for scanners.

import { offerCamera } from "./camera.js";
import { element } from "../widget/elements.js";
import { keepingOf } from "./offline_keeping.js";
import { takeScanned } from "./scan.js";
import { hear, onChange, sendAll, unlockBy } from "./offline_sending.js";
import { listenForScanner } from "./wedge.js";

const AGAIN = 30000;
const strip = document.querySelector("[data-device]");
const home = strip.dataset.device;
const take = (text) => takeScanned(home, text);

listenForScanner(take);
offerCamera(home, take);
if (window.isSecureContext && "serviceWorker" in navigator) begin();

async function begin() {
  const registered = navigator.serviceWorker.register(`${home}/counter/worker.js`, { scope: `${home}/counter` });
  const keeping = await keepingOf(home);
  closeWithSignOut(keeping);
  onChange(home, () => show(keeping));
  addEventListener("online", () => renew(keeping));
  setInterval(() => sendWhatWaits(keeping), AGAIN);
  navigator.storage?.persist?.();
  await Promise.allSettled([registered, renew(keeping)]);
  document.documentElement.dataset.deviceReady = "yes";
}

async function renew(keeping) {
  try {
    await unlockBy(home, keeping);
    await sendAll(home, keeping);
    await hear(home, keeping);
  } catch {
    // Without the network, or signed out: what waits goes on waiting.
  }
  await show(keeping);
}

// Only while something waits: a page that is left open keeps nobody signed in.
async function sendWhatWaits(keeping) {
  const entries = await keeping.entries().catch(() => []);
  if (entries.some((entry) => entry.state === "here")) await renew(keeping);
}

async function show(keeping) {
  const entries = await keeping.entries().catch(() => []);
  const here = entries.filter((entry) => entry.state === "here").length;
  const mine = entries.filter((entry) => ["waiting", "refused", "unreadable"].includes(entry.state)).length;
  strip.hidden = !here && !mine;
  strip.classList.toggle("warn", mine > 0);
  const words = [
    here === 1 ? "One thing was done without the network and is not sent yet." : "",
    here > 1 ? `${here} things were done without the network and are not sent yet.` : "",
    mine === 1 ? "One thing could not be taken as it stood." : "",
    mine > 1 ? `${mine} things could not be taken as they stood.` : "",
  ];
  const link = element("a", { href: `${home}/counter/alone` }, "Look at what this device did");
  strip.replaceChildren(element("p", {}, words.filter(Boolean).join(" "), " ", link));
}

// Whoever signs out takes the key along.
function closeWithSignOut(keeping) {
  for (const form of document.querySelectorAll('form[action$="/sign-out"]')) {
    form.addEventListener("submit", async (event) => {
      if (form.dataset.closed) return;
      event.preventDefault();
      form.dataset.closed = "yes";
      await keeping.lock().catch(() => {});
      form.requestSubmit();
    });
  }
}
