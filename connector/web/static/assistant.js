// The assistant on the storefront: opens over the page, remembers its conversation, and gives the focus back.

import { Talk } from "./talk.js";
import { card, question, said } from "./view.js";

const panel = document.getElementById("assistant");
const [log, asked, busy, body, form] = [".talk-log", "[data-ask]", ".talk-busy", ".talk-body", "form.talk-foot"].map((one) => panel.querySelector(one));
const field = form.elements.text;
const talk = new Talk(panel.dataset.shop);
const titles = {};
let opener = null;
let isWaiting = false;

function show(turn) {
  const texts = turn.messages ? turn.messages.map((message) => message.text) : [turn.text || (turn.labels || turn.choices || []).join(", ")];
  const from = turn.messages ? "assistant" : turn.from;
  log.append(...texts.filter(Boolean).map((text) => said(from, text)));
  if (!turn.messages) return;
  for (const choice of turn.ask?.choices || []) if (choice.id.startsWith("item:")) titles[choice.id.slice(5)] = choice.label;
  const drawn = turn.card && card(turn.card, titles);
  if (drawn) log.append(drawn);
  asked.replaceChildren(...(turn.ask ? [question(turn.ask, texts.at(-1) || "", send)] : []));
}

function scroll() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  body.scrollTo({ top: body.scrollHeight, behavior: calm ? "auto" : "smooth" });
}

async function during(work) {
  if (isWaiting) return;
  isWaiting = true;
  const late = setTimeout(() => (busy.textContent = "One moment …"), 400);
  try {
    await work();
    busy.textContent = "";
  } catch (problem) {
    busy.textContent = problem.status ? problem.message : "The connection is gone. Please try again.";
    if (problem.status === 404) talk.forget();
  } finally {
    clearTimeout(late);
    isWaiting = false;
    scroll();
  }
}

function send(message, words) {
  return during(async () => {
    const turn = await talk.say(message);
    if (words) show({ from: "shopper", text: words });
    show(turn);
    field.value = "";
    field.focus({ preventScroll: true });
  });
}

function resume() {
  return during(async () => {
    log.replaceChildren();
    if (talk.isOpen) for (const turn of await talk.transcript()) show(turn);
    else show(await talk.begin());
  });
}

function open(event) {
  event.preventDefault();
  opener = event.currentTarget;
  panel.hidden = false;
  field.focus();
  if (!log.childElementCount) resume();
}

function close() {
  panel.hidden = true;
  opener?.focus();
}

for (const link of document.querySelectorAll("[data-open-assistant]")) link.addEventListener("click", open);
panel.querySelector("[data-close]").addEventListener("click", close);
panel.querySelector("[data-restart]").addEventListener("click", () => {
  talk.forget();
  resume();
});
panel.addEventListener("keydown", (event) => event.key === "Escape" && close());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (text) send({ text }, text);
});
