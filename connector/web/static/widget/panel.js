// The element <backhaul-chat>: a button with a panel, a part of a page, or a whole page; all of it in a shadow root.

import { clientAt } from "./client.js";
import { element, icon, put } from "./elements.js";
import { memoryOf } from "./memory.js";
import { smaller } from "./photos.js";
import { talkWith } from "./talk.js";
import { viewIn } from "./view.js";

const MODES = new Set(["launcher", "inline", "page"]);
const LOOK_TRIES = 4;
const LOOK_PAUSE = 2000;
const MOST_PHOTOS = 4;
const narrow = matchMedia("(max-width: 40rem), (max-height: 30rem)");
const touch = matchMedia("(pointer: coarse)");
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function sheetOf(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

// The shop's own colour, by day and by night.
function coloursOf({ light, dark }) {
  const shade = ({ accent, ink, soft }) => `--brand:${accent};--brand-ink:${ink};--brand-soft:${soft}`;
  return (
    `:host{${shade(light)}}` +
    `@media (prefers-color-scheme:dark){:host(:not([theme=light])){${shade(dark)}}}` +
    `:host([theme=dark]){${shade(dark)}}`
  );
}

export class Chat extends HTMLElement {
  #look = null;
  #talk = null;
  #view = null;
  #opener = null;
  #part = {};

  connectedCallback() {
    if (this.shadowRoot) return;
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheetOf(STYLE)];
    this.#settle().catch((error) => console.warn("Backhaul: the assistant cannot be shown here.", error));
  }

  get #mode() {
    const wanted = this.getAttribute("mode");
    return MODES.has(wanted) ? wanted : "launcher";
  }

  get #base() {
    return new URL((this.getAttribute("base") ?? "").replace(/\/$/, ""), location.href).href.replace(/\/$/, "");
  }

  get #language() {
    return this.getAttribute("language") || document.documentElement.lang || navigator.language;
  }

  get #mark() {
    return `${this.#base} ${this.getAttribute("shop")} open`;
  }

  // Open the panel, or go to the conversation where it always stands.
  open(opener = null) {
    this.#opener = opener?.focus ? opener : document.activeElement;
    const { panel, field } = this.#part;
    if (!panel) return this.setAttribute("open", "");
    if (this.#mode === "launcher" && !panel.open) this.#show();
    if (!touch.matches) field.focus({ preventScroll: this.#mode === "launcher" });
    else if (this.#mode === "launcher") this.#part.close.focus();
    return this.#begin();
  }

  close() {
    this.#part.panel?.close?.();
  }

  // Say something for the shopper, as a link of the page does.
  async say(text) {
    if (!this.#part.panel) return this.setAttribute("say", text);
    await this.open(this.#opener);
    return this.#talk.say({ text });
  }

  async #settle() {
    const client = clientAt(`${this.#base}/shops/${encodeURIComponent(this.getAttribute("shop") ?? "")}/chat`);
    await this.#dress(client, this.#language);
    this.#build();
    this.#view = viewIn(this.#part.log, { answer: (message) => this.#answer(message), pictureOf: (url) => this.#pictureOf(url) });
    this.#talk = talkWith({
      client,
      memory: memoryOf(`backhaul ${this.#base} ${this.getAttribute("shop")}`),
      view: this.#view,
      words: () => this.#look.words,
      told: (turn, how) => this.#told(turn, how, client),
      newsFrom: () => this.#news(true),
      hello: () => ({ language: this.#language, customer: this.getAttribute("customer") || undefined }),
    });
    this.#relabel();
    this.#ready();
  }

  // Learn how to look; a network that is away for a moment is waited for.
  async #dress(client, language) {
    for (let tries = 1; !this.#look; tries += 1) {
      try {
        this.#look = await client.look(language);
      } catch (error) {
        if (error.status || tries === LOOK_TRIES) throw error;
        await pause(tries * LOOK_PAUSE);
      }
    }
    if (this.#look.colours) this.shadowRoot.adoptedStyleSheets.push(sheetOf(coloursOf(this.#look.colours)));
    if (this.#look.side === "start") this.toggleAttribute("at-start", true);
  }

  #build() {
    const part = this.#part;
    const round = (name, act) => element("button", { class: "round", type: "button", click: act }, icon(name));
    part.title = element("h2", { id: "title" });
    part.bot = element("p");
    part.restart = round("restart", () => this.#restart());
    part.close = this.#mode === "launcher" ? round("close", () => this.close()) : null;
    part.log = element("div", { class: "log", tabindex: "0", role: "log" }, element("div", { class: "talk" }));
    part.label = element("label", { for: "text" });
    part.field = element("input", { id: "text", name: "text", maxlength: "2000", autocomplete: "off", enterkeyhint: "send" });
    part.send = element("button", { class: "button main" }, icon("send"));
    const face = element("span", { class: "face" }, icon("return"));
    const head = element("div", { class: "head" }, face, element("div", {}, part.title, part.bot), part.restart, part.close);
    const form = element("form", { submit: (event) => this.#typed(event) }, part.label, part.field, part.send);
    const kind = this.#mode === "launcher" ? "dialog" : "section";
    part.panel = element(kind, { class: kind === "dialog" ? "panel" : `panel ${this.#mode}`, "aria-labelledby": "title" }, head, part.log, form);
    if (this.#mode === "launcher") this.#addLauncher();
    this.shadowRoot.append(part.panel);
  }

  #addLauncher() {
    const part = this.#part;
    part.name = element("span");
    part.launcher = element(
      "button",
      { class: "launcher", type: "button", "aria-haspopup": "dialog", click: () => this.open(part.launcher) },
      icon("return"),
      part.name,
    );
    this.shadowRoot.append(part.launcher);
    part.panel.addEventListener("close", () => this.#closed());
    part.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    visualViewport?.addEventListener("resize", () => {
      part.panel.style.setProperty("--seen", `${Math.round(visualViewport.height)}px`);
    });
  }

  #relabel() {
    const { words, language, shop } = this.#look;
    const { title, bot, restart, close, log, label, send, name, panel } = this.#part;
    this.#view?.speak({ ...words, language });
    title.textContent = words.title;
    bot.textContent = put(words.bot, { shop });
    label.textContent = words.message;
    log.setAttribute("aria-label", words.talk);
    for (const [button, sign] of [[restart, words.restart], [close, words.close], [send, words.send]]) {
      button?.setAttribute("aria-label", sign);
      button?.setAttribute("title", sign);
    }
    if (name) name.textContent = words.title;
    for (const part of [panel, this.#part.launcher]) part?.setAttribute("lang", language);
  }

  #ready() {
    this.toggleAttribute("ready", true);
    this.#tell("ready");
    const wanted = this.getAttribute("say");
    if (wanted) this.say(wanted);
    else if (this.#mode === "page") this.#begin();
    else if (this.#mode === "inline") this.#beginOnceSeen();
    else if (this.hasAttribute("open")) this.open();
    else if (sessionStorageHas(this.#mark)) this.#show();
    if (this.#talk.isWaitedFor()) this.#begin();
  }

  #beginOnceSeen() {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      this.#begin();
    });
    seen.observe(this);
  }

  #begin() {
    return this.#talk.start().catch((error) => console.warn("Backhaul: no conversation could be begun.", error));
  }

  #show() {
    const { panel, launcher } = this.#part;
    if (narrow.matches) panel.showModal();
    else panel.show();
    launcher.hidden = true;
    sessionStorageKeep(this.#mark, true);
    this.#news(false);
    this.#tell("opened");
    return this.#begin();
  }

  #closed() {
    this.#part.launcher.hidden = false;
    sessionStorageKeep(this.#mark, false);
    const back = this.#opener?.isConnected && this.#opener !== document.body ? this.#opener : this.#part.launcher;
    back.focus();
    this.#tell("closed");
  }

  #restart() {
    this.#part.field.focus();
    this.#talk.again();
  }

  #typed(event) {
    event.preventDefault();
    const text = this.#part.field.value.trim();
    if (!text) return;
    this.#part.field.value = "";
    this.#talk.say({ text });
  }

  async #answer({ photos, ...message }) {
    if (!touch.matches) this.#part.field.focus({ preventScroll: true });
    const shown = photos && (await Promise.all(photos.slice(0, MOST_PHOTOS).map(smaller)));
    await this.#talk.say({ ...message, ...(shown && { photos: shown }) });
    if (touch.matches) this.#view.focusQuestion();
  }

  // What a turn changes around the conversation: the language of the signs, and what the page is told.
  #told(turn, { isOld = false } = {}, client) {
    this.#part.restart.hidden = this.#talk?.isWaitedFor() ?? false;
    if (turn.language !== this.#look.language) this.#speak(turn.language, client);
    if (!turn.outcome || isOld) return;
    const { kind, ...detail } = turn.outcome;
    this.#tell(kind.replaceAll("_", "-"), detail);
  }

  async #speak(language, client) {
    const look = await client.look(language).catch(() => null);
    if (!look) return;
    this.#look = { ...this.#look, ...look };
    this.#relabel();
  }

  #news(isThere) {
    const { panel, launcher } = this.#part;
    if (!launcher) return;
    const isNew = isThere && !panel.open;
    launcher.classList.toggle("new", isNew);
    const { title, news } = this.#look.words;
    if (isNew) launcher.setAttribute("aria-label", `${title}, ${news}`);
    else launcher.removeAttribute("aria-label");
    if (isThere) this.#tell("answered");
  }

  // Pictures of the shop's goods; on our own pages only our own, as their policy says.
  #pictureOf(url) {
    if (!url) return null;
    const found = new URL(url, `${this.#base}/`);
    const isOurPage = new URL(this.#base).origin === location.origin;
    const isShown = /^(https?:|data:)$/.test(found.protocol) && (!isOurPage || found.protocol === "data:" || found.origin === location.origin);
    return isShown ? found.href : null;
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`backhaul:${name}`, { bubbles: true, composed: true, detail }));
  }
}

function sessionStorageHas(name) {
  try {
    return sessionStorage.getItem(name) !== null;
  } catch {
    return false;
  }
}

function sessionStorageKeep(name, isSo) {
  try {
    if (isSo) sessionStorage.setItem(name, "yes");
    else sessionStorage.removeItem(name);
  } catch {
    // Then the panel is closed after a reload.
  }
}
