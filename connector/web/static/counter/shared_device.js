// A shared device that nobody touches locks itself, with the network or without. The server ends the session by its own
// clock; this takes the key of what is kept here away and what stands on the screen, and tells the server while somebody
// types without asking for a page.

import { keepingOf } from "./offline_keeping.js";

const form = document.querySelector("[data-idle-minutes]");
const home = form.dataset.seen.replace(/\/counter\/seen$/, "");
const LIMIT = Number(form.dataset.idleMinutes) * 60000;
const TELL_EVERY = Math.min(60000, LIMIT / 3);
const PATIENCE = 5000;
const SIGNS = ["pointerdown", "keydown", "input", "scroll"];

const keeping = window.isSecureContext && "indexedDB" in window ? keepingOf(home) : null;
const kept = (act) => keeping?.then(act).catch(() => {});

let touched = Date.now();
let told = Date.now();
let isLocking = false;

function tell() {
  told = Date.now();
  const body = new URLSearchParams({ once: "seen" });
  fetch(form.dataset.seen, { method: "POST", body, redirect: "manual" }).catch(() => {});
  kept((it) => it.touch());
}

function noted() {
  touched = Date.now();
  if (touched - told > TELL_EVERY) tell();
}

function look() {
  if (Date.now() - touched >= LIMIT) lock();
}

// The key goes first, whatever becomes of the request; without the network the device shows its own page.
async function lock() {
  if (isLocking) return;
  isLocking = true;
  await kept((it) => it.end());
  const body = new URLSearchParams({ once: "lock" });
  const request = { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) };
  const answer = await fetch(form.action, request).catch(() => null);
  location.assign(answer ? `${home}/shift` : `${home}/counter/alone`);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  lock();
});
for (const sign of SIGNS) addEventListener(sign, noted, { passive: true, capture: true });
addEventListener("pageshow", (event) => event.persisted && location.reload());
setInterval(look, 1000);
kept((it) => it.touch());
kept((it) => it.train(Boolean(document.querySelector(".training"))));
