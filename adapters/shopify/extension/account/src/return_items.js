import "@shopify/ui-extensions/preact";
import { h, render } from "preact";
import { useEffect, useState } from "preact/hooks";

import { ask, tail } from "./asking.js";

const say = (key, values) => shopify.i18n.translate(key, values);
const order = () => tail(shopify.orderId);
const language = () => shopify.localization.language.value.isoCode;

export default function extension() {
  render(h(ReturnItems), document.body);
}

// One step, as these windows have no more: what comes back and why; below it what it gives, asked anew at every change.
function ReturnItems() {
  const [seen, setSeen] = useState(null);
  const [picked, setPicked] = useState({});
  const [method, setMethod] = useState("");
  const [quote, setQuote] = useState(null);
  const [opened, setOpened] = useState(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const items = Object.values(picked).filter(isWhole);

  useEffect(() => {
    ask(`${order()}?language=${language()}`)
      .then((found) => { setSeen(found); setMethod(found.methods[0]?.id ?? "mail"); })
      .catch((error) => setProblem(error.message));
  }, []);

  useEffect(() => {
    setQuote(null);
    if (!items.length || items.length < Object.keys(picked).length) return undefined;
    let isLatest = true;
    ask(`${order()}/quotes?language=${language()}`, { items })
      .then((made) => { if (isLatest) { setQuote(made); setProblem(""); } })
      .catch((error) => isLatest && setProblem(error.message));
    return () => { isLatest = false; };
  }, [JSON.stringify(items)]);

  async function open() {
    setBusy(true);
    try {
      setOpened(await ask(`${order()}/returns?language=${language()}`, { items, method, quote_id: quote.quote_id, key }));
      setProblem("");
    } catch (error) {
      setProblem(error.message);
    }
    setBusy(false);
  }

  const change = (line, changes) => setPicked(changed(picked, line, changes));
  const canOpen = quote && quote.approval !== "refuse" && !opened;
  return h(
    "s-customer-account-action",
    { heading: say("heading", { number: seen?.number ?? "" }) },
    problem && h("s-banner", { tone: "critical" }, problem),
    !seen && !problem && h("s-spinner", { accessibilityLabel: say("loading") }),
    opened ? h(Opened, { opened }) : seen && h(Form, { seen, picked, change, method, setMethod, quote }),
    h("s-button", { slot: "primary-action", variant: "primary", disabled: !canOpen, loading: busy, onClick: open }, say("open")),
    h("s-button", { slot: "secondary-actions", onClick: () => shopify.close() }, say(opened ? "done" : "cancel")),
  );
}

function Form({ seen, picked, change, method, setMethod, quote }) {
  return h(
    "s-stack",
    { gap: "base" },
    seen.returns.map((one) => h(Earlier, { key: one.id, one })),
    seen.lines.map((line) => h(Line, { key: line.id, line, seen, item: picked[line.id], change })),
    seen.methods.length > 1 && choice(say("way"), seen.methods, method, setMethod),
    quote && h(Quote, { quote }),
  );
}

function Line({ line, seen, item, change }) {
  const [variants, setVariants] = useState([]);
  useEffect(() => {
    if (item?.resolution !== "exchange") return;
    ask(`${order()}/lines/${line.id}/variants`).then((found) => setVariants(found.variants)).catch(() => setVariants([]));
  }, [item?.resolution]);
  if (!line.returnable) return h("s-text", { color: "subdued" }, `${line.title}: ${line.why.join(" ")}`);
  const numbers = Array.from({ length: line.returnable }, (_, n) => ({ id: String(n + 1), label: String(n + 1) }));
  const set = (name) => (value) => change(line, { [name]: value });
  return h(
    "s-stack",
    { gap: "small" },
    h("s-checkbox", { label: line.title, checked: Boolean(item), onChange: () => change(line, item ? null : {}) }),
    item && line.returnable > 1 && choice(say("quantity"), numbers, String(item.quantity), (n) => change(line, { quantity: Number(n) })),
    item && choice(say("reason"), seen.reasons, item.reason, set("reason")),
    item && choice(say("resolution"), seen.resolutions, item.resolution, set("resolution")),
    item?.resolution === "exchange" && choice(say("variant"), variants.map(offered), item.variant_id, set("variant_id")),
  );
}

function Quote({ quote }) {
  const money = (amount) => shopify.i18n.formatCurrency(Number(amount), { currency: quote.currency });
  const isOwed = Number(quote.due) > 0;
  return h(
    "s-stack",
    { gap: "small" },
    quote.why.map((why) => h("s-banner", { key: why, tone: "warning" }, why)),
    quote.rows.map((row) => h("s-text", { key: row.code }, `${say(`figure.${row.code}`)}: ${money(row.amount)}`)),
    h("s-heading", null, isOwed ? say("due", { amount: money(quote.due) }) : say("total", { amount: money(quote.total) })),
    quote.approval === "review" && h("s-text", null, say("review")),
  );
}

function Earlier({ one }) {
  return h("s-text", null, `${one.id}: ${one.status}. `, h("s-link", { href: one.link, target: "_blank" }, say("see")));
}

function Opened({ opened }) {
  return h(
    "s-stack",
    { gap: "base" },
    h("s-heading", null, say("opened", { number: opened.id })),
    h("s-text", null, opened.next),
    h("s-link", { href: opened.link, target: "_blank" }, say("see")),
  );
}

function choice(label, options, value, set) {
  const listed = options.map((one) => h("s-option", { key: one.id, value: one.id, disabled: one.disabled }, one.label));
  return h("s-select", { label, value: value ?? "", onChange: (event) => set(event.currentTarget.value) }, listed);
}

function offered(variant) {
  const isGone = variant.available === 0;
  return { id: variant.id, label: isGone ? `${variant.title} (${say("sold_out")})` : variant.title, disabled: isGone };
}

function changed(picked, line, changes) {
  const { [line.id]: before, ...others } = picked;
  if (changes === null) return others;
  return { ...others, [line.id]: { line_id: line.id, quantity: 1, resolution: "refund", ...before, ...changes } };
}

function isWhole(item) {
  return Boolean(item.reason) && (item.resolution !== "exchange" || Boolean(item.variant_id));
}
