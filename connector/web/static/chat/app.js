// The assistant's panel on the storefront: links to the returns page open it instead.

import { newId, Refusal, talkAt } from "./client.js";
import { viewIn } from "./view.js";

const GONE = 404;
const OVERTAKEN = 409;
const TOO_FAST = 429;
const SERVER = 500;
const WORDS = {
  [TOO_FAST]: "That was a little too fast for me. Please try again in a moment.",
  lost: "That did not get through. Nothing was lost.",
};

const panel = document.querySelector("#assistant");
const talk = talkAt(panel.dataset.address);
const view = viewIn(panel.querySelector("[data-talk]"), (message) => send(message));
const form = panel.querySelector("[data-write]");
const field = form.elements.text;
const narrow = matchMedia("(max-width: 64rem)");
const touch = matchMedia("(pointer: coarse)");
const openMark = `${panel.dataset.address} open`;
const LOOK_AGAIN = 8000;
let isBusy = false;
let lastSeen = 0;
let looking = null;
let begun = null;
let opener = null;

async function trying(act, again) {
  const stop = view.waiting();
  isBusy = true;
  try {
    return await act();
  } catch (error) {
    recover(error, again);
    return null;
  } finally {
    stop();
    isBusy = false;
  }
}

function recover(error, again) {
  const status = error instanceof Refusal ? error.status : SERVER;
  if (status === GONE && talk.isBegun) {
    talk.forget();
    view.clear();
    setTimeout(show);
  } else if (status === OVERTAKEN) {
    setTimeout(show);
  } else {
    view.failed(WORDS[status] || (status < SERVER && error.message) || WORDS.lost, again);
  }
}

// The conversation so far, or the beginning of one.
async function show() {
  const isBegun = talk.isBegun;
  const act = () => (isBegun ? talk.transcript() : talk.begin(document.documentElement.lang));
  const found = await trying(act, show);
  if (!found) return;
  if (!isBegun) return view.answered(found);
  view.retold(found);
  lastSeen = found.at(-1)?.n ?? 0;
  if (found.some(isHandedOver)) lookForAPerson();
}

const isHandedOver = (turn) => turn.outcome?.kind === "handed_over";

// From now on a person may answer as well: look for it while the panel is seen.
function lookForAPerson() {
  looking ??= setInterval(async () => {
    if (!panel.open || document.hidden || isBusy) return;
    const turns = await talk.transcript(lastSeen).catch(() => []);
    for (const turn of turns) {
      lastSeen = turn.n;
      if (turn.from === "person") view.personSaid(turn);
    }
  }, LOOK_AGAIN);
}

async function send(message) {
  if (isBusy || !talk.isBegun) return;
  view.heard(message);
  await deliver({ ...message, id: newId() });
}

async function deliver(message) {
  const turn = await trying(() => talk.say(message), () => deliver(message));
  if (!turn) return;
  view.answered(turn);
  if (isHandedOver(turn)) lookForAPerson();
  const isPicked = message.text === undefined;
  if (!isPicked || (!view.focusQuestion() && !touch.matches)) field.focus({ preventScroll: true });
}

function open(event) {
  event?.preventDefault();
  opener = event?.submitter ?? event?.currentTarget ?? null;
  if (panel.open) return begun;
  if (narrow.matches) panel.showModal();
  else panel.show();
  sessionStorage.setItem(openMark, "yes");
  if (touch.matches) panel.querySelector("[data-close]").focus();
  else field.focus();
  begun ??= show();
  return begun;
}

function close() {
  panel.close();
}

panel.addEventListener("close", () => {
  sessionStorage.removeItem(openMark);
  opener?.focus();
});
panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
panel.querySelector("[data-close]").addEventListener("click", close);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = field.value.trim();
  // Who types faster than the conversation begins is heard all the same.
  await begun;
  if (!text || isBusy || !talk.isBegun) return;
  field.value = "";
  send({ text });
});

for (const hint of document.querySelectorAll("form[data-say]")) {
  hint.addEventListener("submit", async (event) => {
    await open(event);
    send({ text: hint.elements.text.value });
  });
}

for (const link of document.querySelectorAll("a[data-assistant]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.setAttribute("aria-haspopup", "dialog");
  button.append(...link.childNodes);
  button.addEventListener("click", open);
  link.replaceWith(button);
}

if (sessionStorage.getItem(openMark)) open();
