// The conversation on the page. What is said goes into one log, which screen readers follow by themselves.

import { cardOf } from "./cards.js";
import { element, icon, inOnePiece, put, thumb } from "./elements.js";
import { preview } from "./photos.js";

const ASIDE = new Set(["back", "human"]);
const UNNUMBERED = new Set(["back", "human", "done"]);
const NOT_TYPED = new Set(["confirm", "quantity"]);
const SHOWN_BY_ITS_CARD = "follow";
const PICTURES = "image/jpeg,image/png,image/webp";

// A view of the conversation in a log; `answer` is called with what the shopper picked.
export function viewIn(log, { answer, pictureOf }) {
  const talk = log.firstElementChild;
  const known = new Map();
  let words = {};
  let asked = null;
  let notice = null;
  let dots = null;

  const context = () => ({ known, words, pictureOf });

  function learn(turn) {
    for (const choice of turn.ask?.choices ?? []) known.set(choice.id, choice);
  }

  function bubble(kind, who, language, ...inside) {
    const speaker = who && element("span", { class: "unseen", lang: words.language }, `${who}: `);
    const said = element("p", { class: `said ${kind}`, lang: language }, speaker, element("span", { dir: "auto" }, ...inside));
    talk.append(said);
    return said;
  }

  const say = (text, language) => bubble("", words.assistant, language, ...inOnePiece(text));

  // The numbers that may be typed instead: those of the choices that can be picked, as the assistant counts them.
  function numbered(ask) {
    if (NOT_TYPED.has(ask.slot)) return new Map();
    const open = ask.choices.filter((choice) => !choice.disabled && !UNNUMBERED.has(choice.id));
    return new Map(open.map((choice, n) => [choice.id, n + 1]));
  }

  const numeral = (number) => number && element("span", { class: "numeral", "aria-hidden": "true" }, `${number}`);

  function button(choice, number) {
    const notes = [choice.detail, choice.why].filter(Boolean).map((note) => element("small", {}, note));
    const picture = pictureOf(choice.image);
    const kind = choice.id === "confirm:yes" ? "choice main" : picture ? "choice pictured" : "choice";
    return element(
      "button",
      { type: "button", class: kind, disabled: choice.disabled, click: () => answer({ choice: choice.id }) },
      numeral(number),
      picture && thumb(picture, choice.label),
      element("span", { dir: "auto" }, choice.label, ...notes),
    );
  }

  function tick(choice, number) {
    return element(
      "label",
      { class: `tick ${choice.disabled ? "off" : ""}` },
      element("input", { type: "checkbox", value: choice.id, disabled: choice.disabled }),
      numeral(number),
      thumb(pictureOf(choice.image), choice.label),
      element("span", { dir: "auto" }, element("b", {}, choice.label), choice.why && element("small", {}, choice.why)),
      !choice.disabled && choice.detail && element("span", { class: "amount" }, choice.detail),
    );
  }

  function several(choices, numbers) {
    const ticks = element("div", { class: "ticks" }, ...choices.map((one) => tick(one, numbers.get(one.id))));
    const picked = () => [...ticks.querySelectorAll(":checked")].map((box) => box.value);
    const go = { type: "button", class: "button main", lang: words.language, click: () => answer({ choices: picked() }) };
    return [ticks, element("button", go, words.continue)];
  }

  function photoButton() {
    const files = element("input", { type: "file", accept: PICTURES, multiple: true, hidden: true, "aria-label": words.photos });
    files.addEventListener("change", () => files.files.length && answer({ photos: [...files.files] }));
    const press = { type: "button", class: "choice main", click: () => files.click() };
    return [element("button", press, icon("photo"), words.photos), files, element("small", {}, words.photos_help)];
  }

  function question(ask, turn) {
    const own = ask.choices.filter((choice) => !ASIDE.has(choice.id));
    const aside = ask.choices.filter((choice) => ASIDE.has(choice.id));
    const numbers = numbered(ask);
    const buttons = own.map((one) => button(one, numbers.get(one.id)));
    const quiet = aside.map((one) =>
      element("button", { type: "button", class: "quiet", click: () => answer({ choice: one.id }) }, one.label),
    );
    return element(
      "fieldset",
      { class: "ask", tabindex: "-1", lang: turn.language },
      element("legend", { class: "unseen" }, turn.messages.at(-1)?.text || words.answers),
      ...(ask.slot === "evidence" ? [element("div", { class: "photos", lang: words.language }, ...photoButton())] : []),
      ...(ask.multiple ? several(own, numbers) : own.length ? [element("div", { class: "choices" }, ...buttons)] : []),
      quiet.length > 0 && element("div", { class: "row" }, ...quiet),
    );
  }

  function show(turn) {
    learn(turn);
    const first = talk.children.length;
    const isFollowed = Boolean(turn.card?.link);
    for (const { key, text } of turn.messages) {
      if (!isFollowed || key !== SHOWN_BY_ITS_CARD) say(text, turn.language);
    }
    const card = cardOf(turn, context());
    if (card) talk.append(card);
    return talk.children[first];
  }

  function picture(said, photo) {
    preview(photo).then((canvas) => canvas && said.append(canvas));
  }

  const toTheEnd = () => {
    log.scrollTop = log.scrollHeight;
  };

  return {
    // The signs from now on.
    speak(said) {
      words = said;
    },

    // A turn of the assistant, with its question.
    answered(turn) {
      asked?.remove();
      const first = show(turn);
      asked = turn.ask?.choices.length ? question(turn.ask, turn) : null;
      if (asked) talk.append(asked);
      const start = first?.previousElementSibling ?? first;
      if (start) log.scrollTop = start.offsetTop - talk.offsetTop;
    },

    // What the shopper typed, picked or showed; photos are a number once they are told again.
    heard({ text, choice, choices = [], labels, photos }) {
      asked?.remove();
      const picked = labels ?? [choice, ...choices].filter(Boolean).map((id) => known.get(id)?.label ?? "…");
      const count = photos && put(words.photos_sent, { count: photos.length ?? photos });
      const said = bubble("mine", words.you, null, text ?? count ?? (picked.join(" · ") || "…"));
      if (photos?.length) photos.forEach((photo) => picture(said, photo));
      toTheEnd();
    },

    // A person of the shop answers; the open question stays below.
    personSaid({ text, name }) {
      const said = bubble("person", null, null, element("b", {}, name), ...inOnePiece(text));
      if (asked?.isConnected) asked.before(said);
      said.scrollIntoView({ block: "nearest" });
    },

    // A conversation of earlier, all at once and read out by nobody; the last question is open again.
    retold(turns) {
      log.setAttribute("aria-live", "off");
      talk.replaceChildren();
      const last = turns.findLast((turn) => turn.from === "assistant");
      for (const turn of turns) {
        if (turn.from === "shopper") this.heard(turn);
        else if (turn.from === "person") this.personSaid(turn);
        else if (turn === last) this.answered(turn);
        else show(turn);
      }
      setTimeout(() => log.removeAttribute("aria-live"));
    },

    // Somebody is thinking, until something is said.
    waiting(isSo) {
      dots?.remove();
      dots = isSo ? element("div", { class: "dots", "aria-hidden": "true" }, ...[1, 2, 3].map(() => element("i"))) : null;
      if (!dots) return;
      talk.append(dots);
      toTheEnd();
    },

    // Something that is to be known, once; without a text it is over.
    note(text) {
      if (notice?.textContent === text) return;
      notice?.remove();
      notice = text ? bubble("note", null, words.language, text) : null;
      if (notice) toTheEnd();
    },

    // The question that was open before what could not be taken.
    reopened() {
      if (asked) talk.append(asked);
      toTheEnd();
    },

    focusQuestion: () => asked?.isConnected && asked.focus({ preventScroll: true }),

    clear() {
      asked = notice = dots = null;
      talk.replaceChildren();
    },
  };
}
