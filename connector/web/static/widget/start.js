// What the script does where it is embedded: puts the element there, and lets the page's own links open it.

import { Chat } from "./panel.js";

const TAG = "backhaul-chat";
const ATTRIBUTES = ["shop", "customer", "language", "mode", "theme"];

function baseOf(script) {
  const { api, base } = script.dataset;
  return api || base || new URL(script.src).href.replace(/\/widget\.js.*$/, "");
}

function made(script) {
  const chat = document.createElement(TAG);
  chat.setAttribute("base", baseOf(script));
  for (const name of ATTRIBUTES) {
    if (script.dataset[name]) chat.setAttribute(name, script.dataset[name]);
  }
  return chat;
}

// Where it stands: in the element that the page names, after the script in a page, else at the end of it.
function stand(chat, script) {
  const place = script.dataset.in && document.querySelector(script.dataset.in);
  if (place) {
    const before = [...place.childNodes];
    chat.toggleAttribute("replaces", true);
    place.append(chat);
    chat.addEventListener("backhaul:ready", () => before.forEach((node) => node.remove()), { once: true });
  } else if (script.dataset.mode && script.dataset.mode !== "launcher") {
    script.after(chat);
  } else {
    (document.body ?? document.documentElement).append(chat);
  }
}

// Links and buttons with data-backhaul-open open it, with data-backhaul-say they say something as well.
function listen() {
  document.addEventListener("click", (event) => {
    const asked = event.target.closest?.("[data-backhaul-open], [data-backhaul-say]");
    const chat = asked && document.querySelector(TAG);
    if (!chat?.shadowRoot || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    chat.open(asked);
    if (asked.dataset.backhaulSay) chat.say(asked.dataset.backhaulSay);
  });
}

const script = document.currentScript ?? document.querySelector("script[data-shop][src*='/widget.js']");

if (!customElements.get(TAG)) {
  customElements.define(TAG, Chat);
  listen();
}
if (script?.dataset.shop) {
  if (document.body || script.dataset.mode) stand(made(script), script);
  else addEventListener("DOMContentLoaded", () => stand(made(script), script));
}
