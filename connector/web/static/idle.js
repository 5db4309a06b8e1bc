// A shared device that nobody touches locks itself. The server ends the session by its own clock; this only
// takes what stands on the screen away, and tells the server while somebody types without asking for a page.

const form = document.querySelector("[data-idle-minutes]");
const LIMIT = Number(form.dataset.idleMinutes) * 60000;
const TELL_EVERY = Math.min(60000, LIMIT / 3);
const SIGNS = ["pointerdown", "keydown", "input", "scroll"];

let touched = Date.now();
let told = Date.now();

function tell() {
  told = Date.now();
  const body = new URLSearchParams({ once: "seen" });
  fetch(form.dataset.seen, { method: "POST", body, redirect: "manual" }).catch(() => {});
}

function noted() {
  touched = Date.now();
  if (touched - told > TELL_EVERY) tell();
}

function look() {
  if (Date.now() - touched >= LIMIT) form.submit();
}

for (const sign of SIGNS) addEventListener(sign, noted, { passive: true, capture: true });
addEventListener("pageshow", (event) => event.persisted && location.reload());
setInterval(look, 1000);
