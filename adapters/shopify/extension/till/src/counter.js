import "@shopify/ui-extensions/preact";
import { h, render } from "preact";
import { useState } from "preact/hooks";

import { ask, attribution } from "./asking.js";

const say = (key, values) => shopify.i18n.translate(key, values);

export default function extension() {
  render(h(Counter), document.body);
}

// A number leads to a return or to an order; an order's goods become a return; a return's goods are graded, seen, taken in.
function Counter() {
  const [step, setStep] = useState({ name: "find" });
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function act(work) {
    setBusy(true);
    setProblem("");
    try {
      setStep(await work());
    } catch (error) {
      setProblem(error.message);
    }
    setBusy(false);
  }

  return h(
    "s-page",
    { heading: say("tile") },
    h(
      "s-scroll-box",
      null,
      problem && h("s-banner", { heading: problem, tone: "critical" }),
      h(STEPS[step.name], { step, act, busy }),
      step.name !== "find" && h("s-button", { onClick: () => { setProblem(""); setStep({ name: "find" }); } }, say("again")),
    ),
  );
}

function Find({ act, busy }) {
  const [text, setText] = useState("");
  const find = () => act(async () => {
    const found = await ask(`find?text=${encodeURIComponent(text)}`);
    return found.return ? { name: "grade", found: found.return } : { name: "pick", order: found.order };
  });
  return h(
    "s-stack",
    { gap: "base" },
    h("s-text-field", { label: say("number"), value: text, onInput: (event) => setText(event.currentTarget.value) }),
    h("s-button", { variant: "primary", disabled: !text.trim() || busy, onClick: find }, say("find")),
  );
}

function Pick({ step, act, busy }) {
  const [picked, setPicked] = useState({});
  const [once] = useState(attribution);
  const items = Object.values(picked).filter((item) => item.reason);
  const open = () => act(async () => {
    const { quote_id } = await ask(`orders/${step.order.id}/quotes`, { items });
    return { name: "grade", found: await ask(`orders/${step.order.id}/returns`, { items, quote_id, ...once }) };
  });
  const change = (line, changes) => setPicked(changed(picked, line, changes));
  return h(
    "s-stack",
    { gap: "base" },
    h("s-heading", null, say("order", { number: step.order.number })),
    step.order.lines.map((line) => h(Line, { key: line.id, line, order: step.order, item: picked[line.id], change })),
    h("s-button", { variant: "primary", disabled: !items.length || busy, onClick: open }, say("take_back")),
  );
}

function Line({ line, order, item, change }) {
  if (!line.returnable) return h("s-text", null, `${line.title}: ${line.why.join(" ")}`);
  const numbers = Array.from({ length: line.returnable }, (_, n) => ({ id: String(n + 1), label: String(n + 1) }));
  return h(
    "s-stack",
    { gap: "small" },
    h("s-button", { onClick: () => change(line, item ? null : {}) }, item ? `✓ ${line.title}` : line.title),
    item && line.returnable > 1 && choice(say("quantity"), numbers, String(item.quantity), (n) => change(line, { quantity: Number(n) })),
    item && choice(say("reason"), order.reasons, item.reason, (reason) => change(line, { reason })),
  );
}

function Grade({ step, act, busy }) {
  const waiting = step.found.groups.filter((group) => ["awaiting", "in_transit"].includes(group.reception));
  const [grades, setGrades] = useState({});
  const inspections = waiting.map((group) => ({ group_id: group.id, grade: grades[group.id] }));
  const isWhole = waiting.length > 0 && inspections.every((one) => one.grade);
  const see = () => act(async () => {
    const { quote } = await ask(`returns/${step.found.id}/grade`, { inspections });
    return { name: "confirm", found: step.found, inspections, quote };
  });
  return h(
    "s-stack",
    { gap: "base" },
    h("s-heading", null, `${step.found.id}, ${say("order", { number: step.found.order })}`),
    !waiting.length && h("s-text", null, `${step.found.status}. ${step.found.next}`),
    waiting.map((group) => choice(
      `${group.quantity} × ${group.title}`,
      step.found.grades,
      grades[group.id],
      (grade) => setGrades({ ...grades, [group.id]: grade }),
    )),
    waiting.length > 0 && h("s-button", { variant: "primary", disabled: !isWhole || busy, onClick: see }, say("see")),
  );
}

function Confirm({ step, act, busy }) {
  const [once] = useState(attribution);
  const { found, inspections, quote } = step;
  const take = () => act(async () => {
    const sent = { inspections, quote_id: quote?.quote_id ?? null, ...once };
    return { name: "done", found: await ask(`returns/${found.id}/receive`, sent) };
  });
  return h(
    "s-stack",
    { gap: "base" },
    quote ? h(Quote, { quote }) : h("s-text", null, say("nothing_now")),
    h("s-button", { variant: "primary", disabled: busy, onClick: take }, say("confirm")),
  );
}

function Quote({ quote }) {
  const money = (amount) => shopify.i18n.formatCurrency(Number(amount), { currency: quote.currency });
  const isOwed = Number(quote.due) > 0;
  return h(
    "s-stack",
    { gap: "small" },
    quote.rows.map((row) => h("s-text", { key: row.code }, `${say(`figure.${row.code}`)}: ${money(row.amount)}`)),
    h("s-heading", null, isOwed ? say("due", { amount: money(quote.due) }) : say("total", { amount: money(quote.total) })),
  );
}

function Done({ step }) {
  return h("s-banner", { heading: say("done", { number: step.found.id }), tone: "success" }, `${step.found.status}. ${step.found.next}`);
}

function choice(label, options, value, set) {
  const listed = options.map((one) => h("s-choice", { key: one.id, value: one.id, selected: one.id === value }, one.label));
  return h(
    "s-stack",
    { gap: "small", key: label },
    h("s-text", null, label),
    h("s-choice-list", { values: value ? [value] : [], onChange: (event) => set(event.currentTarget.values[0]) }, listed),
  );
}

function changed(picked, line, changes) {
  const { [line.id]: before, ...others } = picked;
  if (changes === null) return others;
  return { ...others, [line.id]: { line_id: line.id, quantity: 1, resolution: "refund", ...before, ...changes } };
}

const STEPS = { find: Find, pick: Pick, grade: Grade, confirm: Confirm, done: Done };
