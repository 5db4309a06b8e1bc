// What the page without a network shows: the form for goods, the slip, and the list of what was done here.

import { element, inOnePiece } from "../widget/elements.js";
import { canArrive, numberKey } from "./offline_scanning.js";

const OUTCOMES = [["received", "Arrived"], ["wrong_item", "Wrong item"], ["empty_box", "Empty box"], ["missing", "Missing"], ["rejected", "Not accepted"]];
const STILL = ["still", "Not here yet"];
const FIRST_LOOK = ["received", "wrong_item", "empty_box", "missing", "rejected"];
const SECOND_LOOK = ["received", "rejected"];
const COMING = ["awaiting", "in_transit"];
const NO_GUIDE = { questions: [], serial: false, photo: false };
const MOST_UNITS = 20;
const ACTS = { receive: "Goods taken in", note: "Note", photo: "Photo" };
const STATES = {
  here: ["Waits for the network", "info"],
  taken: ["Taken", "good"],
  waiting: ["To settle", "warn"],
  settled: ["Settled", "good"],
  tried: ["Training", "info"],
  refused: ["Not taken", "bad"],
  unreadable: ["Cannot be opened", "bad"],
};

// One part of the form for each unit; together when there are many.
export function unitsOf(found) {
  return found.groups.filter(canArrive).flatMap((group) => {
    const count = group.quantity <= MOST_UNITS ? group.quantity : 1;
    return Array.from({ length: count }, (_, n) => ({ group, number: n + 1, quantity: group.quantity / count }));
  });
}

const guideOf = (group) => group.guide ?? NO_GUIDE;
const nameOf = ({ group, number }) => `${group.id}-${number}`;

function outcomesOf({ group, quantity }) {
  const allowed = COMING.includes(group.reception) ? FIRST_LOOK : SECOND_LOOK;
  const named = OUTCOMES.filter(([value]) => allowed.includes(value));
  return COMING.includes(group.reception) && group.quantity > quantity ? named : [...named, STILL];
}

export function unitPart(unit, grades) {
  const { group, number, quantity } = unit;
  const name = nameOf(unit);
  const of = group.quantity > quantity ? `, ${number} of ${group.quantity}` : "";
  const title = element("h3", {}, `${quantity} × ${group.title}${of}`);
  const isFirst = COMING.includes(group.reception);
  const outcomes = picks(`outcome-${name}`, "What arrived?", outcomesOf(unit), isFirst ? "received" : "still");
  const graded = picks(`grade-${name}`, "In what condition?", Object.entries(grades), null);
  graded.classList.add("grades");
  return element("div", { class: "unit", "data-unit": name }, title, outcomes, ...questions(unit), graded, besides(unit));
}

// What the policy asks of goods of this kind, as the counter asks it with the network.
function questions(unit) {
  const guide = guideOf(unit.group);
  const asked = guide.questions.map(({ id, ask }) => picks(`answer-${nameOf(unit)}-${id}`, ask, [["yes", "Yes"], ["no", "No"]], null));
  asked.forEach((one) => one.classList.add("question"));
  const reminder = guide.photo ? element("p", { class: "small soft" }, "Take a photo of it before it is put away.") : null;
  return [...asked, reminder];
}

function besides(unit) {
  const name = nameOf(unit);
  const { serial } = guideOf(unit.group);
  const number = field(`serial-${name}`, serial ? "Serial or lot number" : "Serial or lot number (if it has one)", numberInput());
  const parts = element("p", {}, element("label", { class: "pick" }, element("input", { type: "checkbox", name: `parts-${name}`, value: "yes" }), " Parts are missing"));
  const note = field(`note-${name}`, "Note", element("input", { class: "input", maxlength: "300", autocomplete: "off" }));
  const more = element("details", { class: "besides" }, element("summary", {}, serial ? "Missing parts" : "Serial number, missing parts"), element("div", { class: "stack-tight" }, serial ? null : number, parts));
  return element("div", { class: "stack-tight" }, serial ? number : null, more, note);
}

const numberInput = () => element("input", { class: "input", maxlength: "100", autocomplete: "off", autocapitalize: "characters", spellcheck: "false" });

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
  for (const [unit, said] of toldOf(units.map((unit) => [unit, saidOf(form, unit)]))) {
    const problem = FAULTS.find(([holds]) => holds(said, unit.group));
    if (problem) return { problem: problem[1](said, unit.group), at: said.name, place: problem[2] };
    const one = inspectionOf(said, unit);
    const key = JSON.stringify({ ...one, quantity: 0 });
    if (alike.has(key)) alike.get(key).quantity += unit.quantity;
    else alike.set(key, one);
  }
  return alike.size ? { inspections: [...alike.values()] } : { problem: "Say of something that it arrived.", at: nameOf(units[0]), place: "outcome" };
}

// The units that came; those of their groups that still did not are what they were found to be before.
function toldOf(said) {
  const groups = new Set(said.filter(([, { outcome }]) => outcome !== STILL[0]).map(([{ group }]) => group.id));
  return said
    .filter(([{ group }]) => groups.has(group.id))
    .map(([unit, one]) => [unit, one.outcome === STILL[0] ? { ...one, outcome: unit.group.reception } : one]);
}

function saidOf(form, unit) {
  const name = nameOf(unit);
  const said = (part) => form.elements[part]?.value.trim() ?? "";
  return {
    name,
    outcome: said(`outcome-${name}`),
    grade: said(`grade-${name}`),
    note: said(`note-${name}`),
    serial: said(`serial-${name}`),
    parts: Boolean(form.elements[`parts-${name}`].checked),
    answers: Object.fromEntries(guideOf(unit.group).questions.map(({ id }) => [id, said(`answer-${name}-${id}`)])),
  };
}

function inspectionOf(said, { group, quantity }) {
  const one = { group_id: group.id, outcome: said.outcome, note: said.note, quantity };
  if (said.outcome !== "received") return one;
  return { ...one, grade: said.grade, serial: said.serial, parts: said.parts, answers: said.answers };
}

const isHere = (said) => said.outcome === "received";
const isUnanswered = (said) => Object.values(said.answers).some((answer) => !answer);

// The best grade that the answers leave; the server works it out again.
const bestGrade = (said, group) =>
  guideOf(group).questions.filter(({ id }) => said.answers[id] === "no").reduce((best, { otherwise }) => (otherwise > best ? otherwise : best), "A");

const differs = ({ serial }, { sold = [] }) => Boolean(serial && sold.length) && !sold.includes(numberKey(serial));

// What can be wrong with what was said of a unit: whether it is, in which words, and at which field.
const FAULTS = [
  [(said) => said.outcome === "rejected" && !said.note, () => "Say why it is not accepted.", "note"],
  [(said) => isHere(said) && isUnanswered(said), () => "Answer every question.", "answer"],
  [(said, group) => isHere(said) && guideOf(group).serial && !said.serial, () => "Scan or type the serial number.", "serial"],
  [(said) => isHere(said) && !said.grade, () => "Say in what condition it is.", "grade"],
  [(said, group) => isHere(said) && differs(said, group) && !said.note, () => "That is not the one that was sold. Choose “Wrong item”, or say in the note why it is taken all the same; a manager looks at it then.", "serial"],
  [(said, group) => isHere(said) && said.grade < bestGrade(said, group) && !said.note, (said, group) => `By the answers it is at best ${bestGrade(said, group)}. Choose that or a lower grade, or say why in the note; a person looks at it then.`, "grade"],
];

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
    element("h2", { id: "slip-title" }, command.training ? "Training slip" : "Pending slip"),
    command.training ? element("p", { class: "notice warn" }, "This is practice. It is no receipt: nothing was taken in.") : null,
    element("p", { class: "soft" }, shop),
    element("p", { class: "rma-large" }, command.return_id),
    element("p", {}, `Handed in ${moment(command.made_at)}, taken by ${command.made_by || "staff"}. Slip ${command.id.slice(0, 8)}.`),
    element("ul", { class: "items" }, ...rows),
    said,
    command.training ? null : element("p", { class: "notice" }, "Nothing has been paid yet. The shop works out what it comes to once it has the network back, and settles it then. Keep this slip until that is done."),
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
    const title = entry.command ? `${entry.command.training ? "Training: " : ""}${ACTS[entry.command.act]}, ${entry.command.return_id}` : "Something locked";
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
    waiting: () => [isOnline && element("a", { href: `${home}/counter/sent/commands/${encodeURIComponent(entry.command.id)}` }, "Settle it"), button("Take it off this list", () => drop(entry))],
    refused: () => [button("Send it again", () => again(entry)), button("Throw it away", () => drop(entry))],
    unreadable: () => [button("Throw it away", () => drop(entry))],
  };
  return (ways[entry.state]?.() ?? []).filter(Boolean);
}
