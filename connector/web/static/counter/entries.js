// What the page without a network shows: the form for goods, the slip, and the list of what was done here.

import { element, inOnePiece } from "../widget/elements.js";

const OUTCOMES = [["received", "Arrived"], ["wrong_item", "Wrong item"], ["missing", "Missing"], ["rejected", "Not accepted"]];
const MOST_UNITS = 20;
const HERE_NOT_YET = ["awaiting", "in_transit", "missing", "wrong_item"];
const ACTS = { receive: "Goods taken in", note: "Note", photo: "Photo" };
const STATES = {
  here: ["Waits for the network", "info"],
  taken: ["Taken", "good"],
  waiting: ["To settle", "warn"],
  settled: ["Settled", "good"],
  refused: ["Not taken", "bad"],
  unreadable: ["Cannot be opened", "bad"],
};

export const canArrive = (group) => group.counts && HERE_NOT_YET.includes(group.reception);

// One part of the form for each unit; together when there are many.
export function unitsOf(found) {
  return found.groups.filter(canArrive).flatMap((group) => {
    const count = group.quantity <= MOST_UNITS ? group.quantity : 1;
    return Array.from({ length: count }, (_, n) => ({ group, number: n + 1, quantity: group.quantity / count }));
  });
}

export function unitPart({ group, number, quantity }, grades) {
  const name = `${group.id}-${number}`;
  const of = group.quantity > quantity ? `, ${number} of ${group.quantity}` : "";
  const outcomes = picks(`outcome-${name}`, "What arrived?", OUTCOMES, "received");
  const graded = picks(`grade-${name}`, "In what condition?", Object.entries(grades), null);
  graded.classList.add("grades");
  const note = field(`note-${name}`, "Note", element("input", { class: "input", maxlength: "300", autocomplete: "off" }));
  const title = element("h3", {}, `${quantity} × ${group.title}${of}`);
  return element("div", { class: "unit", "data-unit": name }, title, outcomes, graded, note);
}

function picks(name, legend, choices, chosen) {
  const labels = choices.map(([value, words]) => {
    const input = element("input", { type: "radio", name, value, checked: value === chosen });
    const letter = value.length === 1 ? element("b", {}, value) : null;
    return element("label", { class: "pick" }, input, letter, element("span", {}, words));
  });
  return element("fieldset", {}, element("legend", { class: "label" }, legend), element("div", { class: "picks" }, ...labels));
}

export function field(id, words, input) {
  input.id = id;
  input.name = id;
  return element("div", { class: "field" }, element("label", { for: id }, words), input);
}

// What was said of each unit, alike ones together; or what is still missing.
export function inspectionsOf(form, units) {
  const alike = new Map();
  for (const { group, number, quantity } of units) {
    const name = `${group.id}-${number}`;
    const said = (part) => form.elements[`${part}-${name}`]?.value.trim() ?? "";
    const outcome = said("outcome");
    const grade = outcome === "received" ? said("grade") : null;
    if (outcome === "received" && !grade) return { problem: "Say in what condition it is.", at: name };
    if (outcome === "rejected" && !said("note")) return { problem: "Say why it is not accepted.", at: name };
    const one = { group_id: group.id, outcome, grade, note: said("note"), quantity };
    const key = JSON.stringify([group.id, outcome, grade, one.note]);
    if (alike.has(key)) alike.get(key).quantity += quantity;
    else alike.set(key, one);
  }
  return { inspections: [...alike.values()] };
}

const moment = (at) => new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });

// What the shopper takes along: the goods are here, the money is still to come.
export function slip({ shop, command, titles, again }) {
  const rows = command.inspections.map((one) => {
    const outcome = OUTCOMES.find(([value]) => value === one.outcome)[1];
    const words = element("span", { class: "item-words" }, element("span", { class: "item-title" }, `${one.quantity} × ${titles[one.group_id]}`));
    return element("li", { class: "item" }, words, element("span", { class: "badge" }, outcome));
  });
  const said = command.words ? element("p", {}, command.words) : null;
  return element(
    "section",
    { class: "card slip stack-tight", "aria-labelledby": "slip-title", tabindex: "-1" },
    element("h2", { id: "slip-title" }, "Pending slip"),
    element("p", { class: "soft" }, shop),
    element("p", { class: "rma-large" }, command.return_id),
    element("p", {}, `Handed in ${moment(command.made_at)}, taken by ${command.made_by || "staff"}. Slip ${command.id.slice(0, 8)}.`),
    element("ul", { class: "items" }, ...rows),
    said,
    element("p", { class: "notice" }, "Nothing has been paid yet. The shop works out what it comes to once it has the network back, and settles it then. Keep this slip until that is done."),
    element(
      "p",
      { class: "row no-print" },
      element("button", { type: "button", class: "button", click: () => print() }, "Print the slip"),
      element("button", { type: "button", class: "button second", click: again }, "Next return"),
    ),
  );
}

// The list of what was done here, the newest first, each with what may be done about it.
export function queueList(entries, { home, drop, again, isOnline }) {
  return [...entries].reverse().map((entry) => {
    const [words, tone] = STATES[entry.state] ?? [entry.state, ""];
    const title = entry.command ? `${ACTS[entry.command.act]}, ${entry.command.return_id}` : "Something locked";
    const at = entry.command ? moment(entry.command.made_at) : "";
    return element(
      "li",
      { class: "person", "data-entry": entry.state },
      element(
        "span",
        { class: "item-words" },
        element("span", { class: "entry-title" }, ...inOnePiece(title)),
        element("span", { class: "soft small" }, [at, entry.words].filter(Boolean).join(" · ")),
      ),
      element("span", { class: `badge ${tone}` }, words),
      element("p", { class: "row" }, ...waysOf(entry, { home, drop, again, isOnline })),
    );
  });
}

function waysOf(entry, { home, drop, again, isOnline }) {
  const button = (words, click) => element("button", { type: "button", class: "quiet", click }, words);
  const ways = {
    waiting: () => [isOnline && element("a", { href: `${home}/counter/device/commands/${encodeURIComponent(entry.command.id)}` }, "Settle it"), button("Take it off this list", () => drop(entry))],
    refused: () => [button("Send it again", () => again(entry)), button("Throw it away", () => drop(entry))],
    unreadable: () => [button("Throw it away", () => drop(entry))],
  };
  return (ways[entry.state]?.() ?? []).filter(Boolean);
}
