// What the assistant shows beside its words: the summary of a quote, the return that was opened.

import { element, thumb } from "./elements.js";

const RESOLUTIONS = { refund: "Refund", store_credit: "Store credit", exchange: "Exchange" };
const FEES = {
  restocking: "Restocking fee",
  return_fee: "Return fee",
  diminished: "Loss of value",
  promotion: "Discount no longer earned",
};

// Amounts are decimal strings: counted in minor units, shown with the decimals that they came with.
function teller(quote) {
  const digits = (quote.total.split(".")[1] ?? "").length;
  const form = new Intl.NumberFormat(document.documentElement.lang, {
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

function extras(quote, minor) {
  const amounts = quote.items.reduce((sum, item) => sum + minor(item.amount), 0);
  const rows = [
    ["Tax", minor(quote.goods) - amounts],
    ["Delivery", minor(quote.shipping)],
    ["Duties", minor(quote.duties)],
    ["Charges of the order", minor(quote.charges)],
    ["Taken instead", -minor(quote.exchange)],
    ...quote.fees.map((fee) => [FEES[fee.code] ?? fee.code, -minor(fee.amount)]),
    ["Bonus for store credit", minor(quote.bonus)],
  ];
  return rows.filter(([, amount]) => amount !== 0);
}

function outcomeOf(quote, minor) {
  if (minor(quote.due) > 0) return ["Still to pay", minor(quote.due)];
  const isEven = minor(quote.total) === 0 && minor(quote.exchange) > 0;
  return [isEven ? "Even swap" : "Given back", minor(quote.total)];
}

function wish(item, draft, known) {
  const wanted = draft?.items.find((one) => one.line_id === item.line_id);
  const instead = item.resolution === "exchange" && known.get(`variant:${wanted?.variant_id}`)?.label;
  const words = instead ? `Exchange for ${instead}` : RESOLUTIONS[item.resolution];
  return item.keep_item ? `${words}, you keep it` : words;
}

function row(item, amount, draft, known) {
  const { label = "Item", image } = known.get(`item:${item.line_id}`) ?? {};
  const words = [
    element("span", { class: "item-title" }, `${item.quantity} × ${label}`),
    element("span", { class: "soft small" }, wish(item, draft, known)),
    ...item.reasons.map((reason) => element("span", { class: "small" }, reason.text)),
  ];
  return element(
    "li",
    { class: "item" },
    thumb(image, label, "little"),
    element("span", { class: "item-words" }, ...words),
    element("span", { class: "amount" }, amount),
  );
}

// How each figure was worked out, for who asks.
function workedOut(proof, show, minor) {
  const rows = proof.map((row) => {
    const notes = [row.words, row.because].map((note) => element("span", { class: "soft small" }, note));
    const figure = element("th", { scope: "row" }, row.figure, ...notes);
    return element("tr", {}, figure, element("td", {}, show(minor(row.amount))));
  });
  const table = element("table", { class: "proof" }, element("tbody", {}, ...rows));
  return element("details", { class: "worked-out" }, element("summary", {}, "How was this worked out?"), table);
}

function summary({ quote, proof = [] }, { draft, known }) {
  const { minor, show } = teller(quote);
  const [label, amount] = outcomeOf(quote, minor);
  const sums = [
    ...extras(quote, minor).flatMap(([name, extra]) => figure(name, show(extra))),
    ...figure(label, show(amount), "total"),
    ...quote.to.flatMap((leg) =>
      figure(`To: ${leg.store_credit ? "Store credit" : "The way it was paid"}`, show(minor(leg.amount)), "where"),
    ),
  ];
  return element(
    "section",
    { class: "talk-card", "aria-label": "What you would get" },
    element("ul", { class: "items" }, ...quote.items.map((item) => row(item, show(minor(item.amount)), draft, known))),
    element("dl", { class: "sums" }, ...sums),
    proof.length ? workedOut(proof, show, minor) : null,
  );
}

function status(card, { outcome }) {
  return element(
    "section",
    { class: `talk-card stack-tight ${outcome ? "good" : ""}`, "aria-label": "Your return" },
    element("p", { class: "soft small" }, "Your return number"),
    element("p", { class: "rma" }, card.return),
    element("p", {}, element("a", { class: "button second", href: card.link }, "Follow this return")),
  );
}

const CARDS = { summary, status, label: status };

export function cardOf(turn, known) {
  const draw = turn.card && CARDS[turn.card.kind];
  return draw ? draw(turn.card, { draft: turn.draft, outcome: turn.outcome, known }) : null;
}
