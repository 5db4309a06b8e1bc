// What the assistant shows beside its words: the summary of a quote with its proof, the return with its stages and code.

import { element, inOnePiece, put, qr, thumb } from "./elements.js";

// Amounts are decimal strings: counted in minor units, shown with the decimals that they came with.
function teller(quote, language) {
  const digits = (quote.total.split(".")[1] ?? "").length;
  const form = new Intl.NumberFormat(language, {
    style: "currency",
    currency: quote.currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const minor = (amount) => Math.round(Number(amount) * 10 ** digits);
  const show = (count) => (count < 0 ? "−" : "") + form.format(Math.abs(count) / 10 ** digits);
  return { minor, show };
}

function figure(label, amount, kind = "") {
  return [element("dt", { class: kind }, label), element("dd", { class: kind }, amount)];
}

function extras(quote, minor, words) {
  const amounts = quote.items.reduce((sum, item) => sum + minor(item.amount), 0);
  const rows = [
    [words.tax, minor(quote.goods) - amounts],
    [words.shipping, minor(quote.shipping)],
    [words.duties, minor(quote.duties)],
    [words.charges, minor(quote.charges)],
    [words.instead, -minor(quote.exchange)],
    ...quote.fees.map((fee) => [words[fee.code] ?? fee.code, -minor(fee.amount)]),
    [words.bonus, minor(quote.bonus)],
  ];
  return rows.filter(([, amount]) => amount !== 0);
}

function outcomeOf(quote, minor, words) {
  if (minor(quote.due) > 0) return [words.due, minor(quote.due)];
  const isEven = minor(quote.total) === 0 && minor(quote.exchange) > 0;
  return [isEven ? words.even : words.total, minor(quote.total)];
}

function wish(item, { draft, known, words }) {
  const wanted = draft?.items.find((one) => one.line_id === item.line_id);
  const title = item.resolution === "exchange" && known.get(`variant:${wanted?.variant_id}`)?.label;
  const what = title ? put(words.exchange_for, { title }) : words[item.resolution];
  return item.keep_item ? put(words.keep, { what }) : what;
}

function row(item, amount, context) {
  const { label = context.words.item, image } = context.known.get(`item:${item.line_id}`) ?? {};
  return element(
    "li",
    { class: "item" },
    thumb(context.pictureOf(image), label),
    element(
      "span",
      { class: "item-words" },
      element("b", { dir: "auto" }, `${item.quantity} × ${label}`),
      element("small", {}, wish(item, context)),
    ),
    element("span", { class: "amount" }, amount),
  );
}

// How each figure was worked out, for who asks; the reckoning itself is told in English.
function workedOut(proof, { minor, show }, words) {
  const rows = proof.map((one) => {
    const notes = [one.words, one.because].filter(Boolean).map((note) => element("small", {}, note));
    const name = element("th", { scope: "row" }, one.figure, ...notes);
    return element("tr", {}, name, element("td", {}, show(minor(one.amount))));
  });
  const table = element("table", { class: "proof", lang: "en", dir: "ltr" }, element("tbody", {}, ...rows));
  return element("details", {}, element("summary", {}, words.proof), table);
}

function summary({ quote, proof = [] }, context) {
  const { words, language } = context;
  const figures = teller(quote, language);
  const { minor, show } = figures;
  const [label, amount] = outcomeOf(quote, minor, words);
  const way = (leg) => put(words.to, { way: leg.store_credit ? words.store_credit : words.as_paid });
  const sums = [
    ...extras(quote, minor, words).flatMap(([name, extra]) => figure(name, show(extra))),
    ...figure(label, show(amount), "total"),
    ...quote.to.flatMap((leg) => figure(way(leg), show(minor(leg.amount)), "where")),
  ];
  return element(
    "section",
    { class: "card", "aria-label": words.summary },
    element("ul", {}, ...quote.items.map((item) => row(item, show(minor(item.amount)), context))),
    element("dl", { class: "sums" }, ...sums),
    proof.length > 0 && workedOut(proof, figures, words),
  );
}

function stage({ title, state, at }, { words, language }) {
  const day = at && new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(new Date(at));
  const done = state === "done" && element("span", { class: "unseen" }, `, ${words.done}`);
  const name = element("span", {}, title, done);
  return element(
    "li",
    { class: `stage ${state}`, "aria-current": state === "now" && "step" },
    name,
    day && element("small", {}, element("time", { datetime: at }, day)),
  );
}

function status(card, context) {
  const { words } = context;
  const link = { class: "button", href: card.link, target: "_blank", rel: "noopener" };
  return element(
    "section",
    { class: `card ${context.outcome ? "good" : ""}`, "aria-label": words.return },
    element(
      "div",
      { class: "number" },
      element("div", {}, element("small", {}, words.number), element("p", { class: "rma" }, ...inOnePiece(card.return))),
      card.qr && qr(card.qr, words.code),
    ),
    card.timeline && element("ol", {}, ...card.timeline.map((one) => stage(one, context))),
    card.label_at && element("p", {}, element("a", { ...link, href: card.label_at, rel: "noopener noreferrer" }, words.label)),
    card.link && element("p", {}, element("a", link, words.follow)),
  );
}

const CARDS = { summary, status, label: status };

// The card of a turn, when it has one that is drawn.
export function cardOf(turn, context) {
  const draw = turn.card && CARDS[turn.card.kind];
  return draw ? draw(turn.card, { ...context, draft: turn.draft, outcome: turn.outcome, language: turn.language }) : null;
}
