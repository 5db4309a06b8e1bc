// Turns into elements. Text is only ever set as text.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function said(from, text) {
  const who = element("span", { class: "hidden-text" }, from === "shopper" ? "You: " : "Assistant: ");
  return element("p", { class: `said said-${from}` }, who, ...linked(text));
}

function linked(text) {
  return text.split(/(https?:\/\/\S+)/).map((part) => (/^https?:/.test(part) ? element("a", { href: part }, "this page") : part));
}

export function card(card_, titles, currency) {
  if (card_.kind === "summary") return summary(card_.quote, titles);
  if (card_.kind === "status")
    return element("section", { class: "card", "aria-label": "Your return" },
      element("span", { class: "rma" }, card_.return), element("a", { href: card_.link }, "Follow this return"));
  return null;
}

const FEES = { restocking: "Restocking fee", return_fee: "Return fee", diminished: "Loss of value", promotion: "Discount no longer earned" };
const WISHES = { refund: "Refund", store_credit: "Store credit", exchange: "Another size or colour" };
const isZero = (amount) => /^-?[0.]*$/.test(amount);

function summary(quote, titles) {
  const money = (amount) => new Intl.NumberFormat("en-US", { style: "currency", currency: quote.currency, minimumFractionDigits: digits(amount) }).format(amount);
  const row = (label, amount, kind = "") => element("tr", { class: kind }, element("td", {}, ...[label].flat()), element("td", { class: "number" }, amount));
  const rows = quote.items.filter((item) => item.verdict !== "refused").map((item) =>
    row([titles[item.line_id] || item.line_id, item.quantity > 1 ? ` × ${item.quantity}` : "", element("br"), element("small", {}, WISHES[item.resolution] || item.resolution)], money(item.amount)));
  const tax = minor(quote.goods) - quote.items.reduce((sum, item) => sum + minor(item.amount), 0);
  if (tax) rows.push(row("Tax", money(decimal(tax, quote.goods))));
  for (const [name, label] of [["shipping", "Delivery"], ["duties", "Duties"], ["charges", "Charges"]])
    if (!isZero(quote[name])) rows.push(row(label, money(quote[name])));
  for (const fee of quote.fees) rows.push(row(FEES[fee.code] || fee.code, `−${money(fee.amount)}`));
  if (!isZero(quote.exchange)) rows.push(row("What you take instead", `−${money(quote.exchange)}`));
  if (!isZero(quote.bonus)) rows.push(row("Store-credit bonus", money(quote.bonus)));
  rows.push(row("In total", money(quote.total), "total"));
  return element("section", { class: "card", "aria-label": "Summary" },
    element("table", { class: "sum" }, element("caption", { class: "hidden-text" }, "What you get back"), element("tbody", {}, ...rows)));
}

const digits = (amount) => (amount.split(".")[1] || "").length;
const minor = (amount) => Number(amount.replace(".", ""));
const decimal = (amount, like) => (amount / 10 ** digits(like)).toFixed(digits(like));

const WAYS = new Set(["human", "back", "done"]);

export function question(ask, words, send) {
  const items = ask.multiple ? ask.choices.filter((choice) => choice.id.startsWith("item:")) : [];
  const others = ask.choices.filter((choice) => !items.includes(choice));
  const options = others.map((choice) =>
    element("button", { type: "button", class: `option${WAYS.has(choice.id) ? " option-way" : ""}`, disabled: choice.disabled, onclick: () => send({ choice: choice.id }, choice.label) },
      choice.label, choice.why || choice.detail ? element("small", {}, ` ${choice.why || choice.detail}`) : null));
  return element("fieldset", { class: "stack" }, element("legend", { class: "hidden-text" }, words),
    items.length ? picks(items, send) : null, element("div", { class: "options" }, ...options));
}

function picks(items, send) {
  const rows = items.map((choice) =>
    element("label", { class: "pick" },
      element("input", { type: "checkbox", name: "choices", value: choice.id, disabled: choice.disabled }),
      choice.image ? element("img", { src: choice.image, alt: "" }) : element("span", { class: "blank" }),
      element("span", {}, choice.label, choice.why ? element("small", {}, choice.why) : null),
      element("span", {}, choice.detail || "")));
  const pick = (event) => {
    event.preventDefault();
    const chosen = [...event.target.querySelectorAll(":checked")].map((box) => box.value);
    send({ choices: chosen }, items.filter((choice) => chosen.includes(choice.id)).map((choice) => choice.label).join(", "));
  };
  return element("form", { class: "stack", onsubmit: pick }, element("div", { class: "picks" }, ...rows),
    element("p", {}, element("button", { class: "button button-main" }, "Go on with these")));
}
