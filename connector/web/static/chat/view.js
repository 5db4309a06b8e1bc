// The conversation on the page. What is said goes into one log, which screen readers follow by themselves.

import { cardOf } from "./cards.js";
import { element, inOnePiece, thumb } from "./elements.js";

const ASIDE = new Set(["back", "human"]);
const SHOWN_BY_ITS_CARD = "follow";

// A view of the conversation in an element; `answer` is called with what the shopper picked.
export function viewIn(talk, answer) {
  const log = talk.parentElement;
  const known = new Map();
  let asked = null;

  function learn(turn) {
    for (const choice of turn.ask?.choices ?? []) known.set(choice.id, choice);
  }

  function say(text, { kind = "", who = "Assistant:", language = null } = {}) {
    const speaker = element("span", { class: "hidden-to-the-eye", lang: document.documentElement.lang }, who, " ");
    const bubble = element("p", { class: `said ${kind}`, lang: language }, speaker, ...inOnePiece(text));
    talk.append(bubble);
    return bubble;
  }

  function button(choice) {
    const notes = [choice.detail, choice.why].filter(Boolean).map((note) => element("small", {}, note));
    const kind = choice.id === "confirm:yes" ? "choice main" : choice.image ? "choice pictured" : "choice";
    const pick = () => answer({ choice: choice.id });
    const properties = { type: "button", class: kind, disabled: choice.disabled, click: pick };
    const picture = choice.image ? thumb(choice.image, choice.label, "little") : null;
    return element("button", properties, picture, element("span", {}, choice.label), ...notes);
  }

  function tick(choice) {
    const words = [element("span", { class: "item-title" }, choice.label)];
    if (choice.why) words.push(element("span", { class: "why" }, choice.why));
    return element(
      "label",
      { class: `item-choice ${choice.disabled ? "off" : ""}` },
      element("input", { type: "checkbox", value: choice.id, disabled: choice.disabled }),
      thumb(choice.image, choice.label),
      element("span", {}, ...words),
      element("span", { class: "amount" }, choice.disabled ? "" : (choice.detail ?? "")),
    );
  }

  function several(choices) {
    const ticks = element("div", { class: "item-choices" }, ...choices.map(tick));
    const picked = () => [...ticks.querySelectorAll(":checked")].map((box) => box.value);
    const sending = { type: "button", class: "button", lang: document.documentElement.lang, click: () => answer({ choices: picked() }) };
    const go = element("button", sending, "Continue");
    return [ticks, element("div", {}, go)];
  }

  function question(ask, { words, language }) {
    const own = ask.choices.filter((choice) => !ASIDE.has(choice.id));
    const aside = ask.choices.filter((choice) => ASIDE.has(choice.id));
    const quiet = aside.map((choice) =>
      element("button", { type: "button", class: "quiet", click: () => answer({ choice: choice.id }) }, choice.label),
    );
    return element(
      "fieldset",
      { class: "ask", tabindex: "-1", lang: language },
      element("legend", { class: "hidden-to-the-eye" }, words || "Your answer"),
      ...(ask.multiple ? several(own) : own.length ? [element("div", { class: "choices" }, ...own.map(button))] : []),
      quiet.length ? element("div", { class: "row" }, ...quiet) : null,
    );
  }

  function show(turn) {
    learn(turn);
    const first = talk.children.length;
    const isFollowed = Boolean(turn.card?.link);
    const messages = turn.messages.filter((message) => !(isFollowed && message.key === SHOWN_BY_ITS_CARD));
    for (const message of messages) say(message.text, { language: turn.language });
    const card = cardOf(turn, known);
    if (card) talk.append(card);
    return talk.children[first];
  }

  return {
    // A turn of the assistant, with its question.
    answered(turn) {
      const first = show(turn);
      asked = turn.ask?.choices.length ? question(turn.ask, { words: turn.messages.at(-1)?.text, language: turn.language }) : null;
      if (asked) talk.append(asked);
      const start = first?.previousElementSibling ?? first;
      if (start) log.scrollTop = start.offsetTop - talk.offsetTop;
    },

    // The words of the shopper, typed or picked.
    heard({ text, choice, choices = [], labels }) {
      asked?.remove();
      asked = null;
      const picked = labels ?? [choice, ...choices].filter(Boolean).map((id) => known.get(id)?.label ?? "…");
      say(text ?? (picked.join(" · ") || "…"), { kind: "mine", who: "You:" });
      log.scrollTop = log.scrollHeight;
    },

    // A person of the shop answers; the open question stays below.
    personSaid({ text, name }) {
      const bubble = element("p", { class: "said person" }, element("span", { class: "said-by" }, name), ...inOnePiece(text));
      if (asked) asked.before(bubble);
      else talk.append(bubble);
      bubble.scrollIntoView({ block: "nearest" });
    },

    // A conversation of earlier, all at once; the last question is open again.
    retold(turns) {
      talk.replaceChildren();
      const last = turns.findLast((turn) => turn.from === "assistant");
      for (const turn of turns) {
        if (turn.from === "shopper") this.heard(turn);
        else if (turn.from === "person") this.personSaid(turn);
        else if (turn === last) this.answered(turn);
        else show(turn);
      }
    },

    waiting() {
      const dots = element("div", { class: "waiting", "aria-hidden": "true" }, ...[1, 2, 3].map(() => element("i")));
      talk.append(dots);
      log.scrollTop = log.scrollHeight;
      return () => dots.remove();
    },

    // What went wrong, with a way to do it again.
    failed(text, again) {
      const bubble = say(text, { kind: "problem", who: "" });
      const retry = () => {
        bubble.remove();
        again();
      };
      bubble.append(element("br"), element("button", { type: "button", class: "button second", click: retry }, "Try again"));
      log.scrollTop = log.scrollHeight;
    },

    // Where a keyboard goes on after a choice: to the new choices, if there are any.
    focusQuestion() {
      if (!asked?.querySelector(".choice, input")) return false;
      asked.focus({ preventScroll: true });
      return true;
    },

    clear: () => talk.replaceChildren(),
  };
}
