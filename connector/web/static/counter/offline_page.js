// The counter without a network: find what this device was told of, take goods in, hand out a slip, and wait.

import { offerCamera } from "./camera.js";
import { element } from "../widget/elements.js";
import { field, inspectionsOf, queueList, slip, unitPart, unitsOf } from "./offline_form.js";
import { lockWhenIdle } from "./offline_idle.js";
import { keepingOf, newName } from "./offline_keeping.js";
import { isEmail, named, readings } from "./offline_scanning.js";
import { announce, hear, onChange, sendAll, SignedOut, unlockBy } from "./offline_sending.js";
import { listenForScanner } from "./wedge.js";

const AGAIN = 15000;
const WIDEST = 1600;
const QUALITY = 0.8;
const page = document.querySelector("[data-alone]");
const { alone: home, shop } = page.dataset;
const grades = JSON.parse(page.dataset.grades);
const part = (name) => page.querySelector(`[data-part="${name}"]`);
const search = page.querySelector("form[role=search]");
let keeping = null;
let isOnline = false;

async function begin() {
  keeping = await keepingOf(home);
  const find = (text) => {
    search.elements.find.value = text.trim();
    look();
  };
  listenForScanner(find);
  offerCamera(home, find);
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
  page.querySelector("[data-lock]").addEventListener("click", () => keeping.end().then(locked).then(reach));
  onChange(home, refresh);
  addEventListener("online", reachWhenFree);
  lockWhenIdle(keeping, locked);
  await keeping.touch();
  setInterval(probe, AGAIN);
  await reach();
  const wanted = new URLSearchParams(location.search).get("find");
  if (wanted) find(wanted);
  document.documentElement.dataset.deviceReady = "yes";
}

async function locked() {
  search.elements.find.value = "";
  announce(home);
  await refresh();
}

// A shared device was idle for the server while there was no network, so asking may end the shift: not while somebody
// fills in a form or hands out a slip.
async function reachWhenFree() {
  const held = await keeping.open();
  if (!held?.idle || !part("found").childElementCount) await reach();
}

// Look for the network without being somebody, so that a page left open keeps nobody signed in.
async function probe() {
  const address = `${home}/counter/manifest.json`;
  const answer = await fetch(address, { cache: "no-store", credentials: "omit" }).catch(() => null);
  const entries = await keeping.entries().catch(() => []);
  const isNews = Boolean(answer?.ok) !== isOnline;
  if (isNews || (isOnline && entries.some((entry) => entry.state === "here"))) await reachWhenFree();
}

// Ask for the network; when it is there everything that waits goes, and this page is needed no longer.
async function reach() {
  try {
    await unlockBy(home, keeping);
    isOnline = true;
    await sendAll(home, keeping);
    await hear(home, keeping);
  } catch (error) {
    isOnline = error instanceof SignedOut;
  }
  await refresh();
}

async function refresh() {
  const held = await keeping.open();
  part("network").replaceChildren(...(held ? networkWords(held) : lockedWords((await keeping.way()) ?? `${home}/sign-in`)));
  part("training").hidden = !held?.training;
  page.classList.toggle("is-locked", !held);
  for (const one of page.querySelectorAll("[data-open-only]")) one.hidden = !held;
  if (!held) part("found").replaceChildren();
  const count = await keeping.count();
  const entries = held ? await keeping.entries() : [];
  part("count").textContent = String(held ? entries.length : count);
  part("queue").replaceChildren(...queueList(entries, { home, drop, again, isOnline }));
  part("empty").hidden = count > 0;
  part("closed").hidden = Boolean(held) || count === 0;
}

function networkWords(held) {
  if (isOnline) return [element("strong", {}, "The network is there."), element("p", {}, element("a", { href: `${home}/counter` }, "Go on at the counter"))];
  const whose = `What you do here is done as ${held.person}. Nobody else can begin a shift without the network; lock the device before somebody else uses it.`;
  return [
    element("strong", {}, "There is no network."),
    element("p", {}, "Take goods in and hand out a slip. Nothing is paid until the server has taken what you did here."),
    held.idle ? element("p", { class: "small" }, whose) : "",
  ];
}

function lockedWords(way) {
  const target = way.endsWith("/shift") ? "Type your PIN" : "Sign in";
  const link = element("a", { href: `${way}?next=${encodeURIComponent(`${home}/counter/alone`)}` }, target);
  if (isOnline) return [element("strong", {}, "This device is locked."), element("p", {}, link, ". What was done here is then sent; nothing of it is lost.")];
  return [
    element("strong", {}, "This device is locked."),
    element("p", {}, "Without the network nobody can open it, by a PIN neither: a few digits keep nothing from who has the device. What was done here stays locked on it and is not lost."),
    element("p", {}, "Until then go on with a device that is open, or write down on paper what is handed in: the number of the return or the order, what it is and in what condition."),
    element("p", {}, link, " once the network is there. What was done here is sent then."),
  ];
}

async function look() {
  const text = search.elements.find.value.trim();
  const told = await keeping.told().catch(() => null);
  if (!text || !(await keeping.open())) return;
  const { returns, orders } = told ? named(told, text) : { returns: [], orders: [] };
  if (returns.length + orders.length > 1) showChoice(returns, orders);
  else if (returns.length) showReturn(returns[0]);
  else showUnknown(text, orders[0] ?? null);
}

function show(...parts) {
  part("found").replaceChildren(...parts);
  const first = parts[0].querySelector("h2") ?? parts[0];
  first.tabIndex = -1;
  first.focus();
}

function showChoice(returns, orders) {
  const row = (title, about, act) =>
    element(
      "li",
      { class: "person" },
      element("span", { class: "item-words" }, element("span", { class: "entry-title" }, title), element("span", { class: "soft small" }, about)),
      element("button", { type: "button", class: "button second", click: act }, "This one"),
    );
  const goods = (several) => several.map((one) => `${one.quantity} × ${one.title}`).join("; ");
  const rows = [
    ...returns.map((one) => row(`${one.id}, order ${one.order_number}`, goods(one.groups), () => showReturn(one))),
    ...orders.map((one) => row(`Order ${one.number}`, goods(one.lines), () => showUnknown(one.number, one))),
  ];
  show(element("section", { class: "stack-tight" }, element("h2", {}, "Which one is it?"), element("ul", { class: "list" }, ...rows)));
}

function showReturn(found) {
  const units = unitsOf(found);
  const isUndecided = found.status === "requested";
  const title = element("h2", {}, element("span", { class: "number" }, found.id), ` · order ${found.order_number}`);
  if (isUndecided || !units.length) {
    const why = isUndecided ? "This return waits for a decision, so it cannot be taken in here." : "As far as this device knows nothing of it is still to come.";
    show(element("section", { class: "card stack-tight" }, title, element("p", { class: "notice" }, why), noteForm(found.id)));
    return;
  }
  const form = element("form", { class: "card stack", submit: (event) => takeIn(event, found, units) }, title);
  form.noValidate = true;
  form.append(...units.map((unit) => unitPart(unit, grades)), photoField(), problemPlace());
  form.append(element("p", {}, element("button", { class: "button large" }, "Take in and hand out a slip")));
  show(form);
}

function showUnknown(text, order) {
  const number = order?.number ?? numberIn(text);
  const lines = (order?.lines ?? []).map((line) => element("li", {}, `${line.quantity} × ${line.title}`));
  const form = element(
    "form",
    { class: "card stack", submit: (event) => takeUnknown(event, number) },
    element("h2", {}, order ? `Order ${order.number}` : `“${text}” is not known here`),
    element("p", {}, whyUnknown(text, order)),
    lines.length ? element("ul", { class: "stack-tight small" }, ...lines) : null,
    element("p", {}, "You can keep the goods with what is written here; a person settles it once the network is back."),
    field("words", "What was handed in, and in what condition", element("input", { class: "input", required: true, maxlength: "900", autocomplete: "off" })),
    photoField(),
    problemPlace(),
    element("p", {}, element("button", { class: "button large" }, "Keep it and hand out a slip")),
  );
  show(form);
}

function whyUnknown(text, order) {
  if (order) return "This device knows of no return of this order.";
  if (isEmail(text)) return "A device is told of no e-mail addresses, so nobody is found by theirs without the network. Ask for a number of the return, the order or the receipt, or scan the goods.";
  return "It may be newer than what this device was told.";
}

// The number that goods are kept under: of a return's link its number, of an e-mail address nothing.
function numberIn(text) {
  const [first] = readings(text);
  if (isEmail(text)) return "unknown";
  return first?.startsWith("return:") ? first.slice("return:".length) : text;
}

function noteForm(returnId) {
  return element(
    "form",
    { class: "stack-tight", submit: (event) => keepNote(event, returnId) },
    field("words", "Note", element("input", { class: "input", required: true, maxlength: "900", autocomplete: "off" })),
    element("p", {}, element("button", { class: "button second" }, "Keep the note")),
  );
}

const photoField = () => field("photo", "Photo (if there is something to see)", element("input", { class: "input", type: "file", accept: "image/*", capture: "environment" }));
const problemPlace = () => element("div", { "data-problem": true, role: "alert" });

async function takeIn(event, found, units) {
  event.preventDefault();
  const form = event.currentTarget;
  const said = inspectionsOf(form, units);
  if (said.problem) return complain(form, said);
  const groups = found.groups.filter((group) => said.inspections.some((one) => one.group_id === group.id));
  const seen = Object.fromEntries(groups.map(({ id, quantity, reception, acceptance }) => [id, { quantity, reception, acceptance }]));
  const photos = await photosOf(form, found.id);
  if (!photos) return;
  const command = await made("receive", found.id, { seen, inspections: said.inspections });
  const titles = Object.fromEntries(found.groups.map((group) => [group.id, group.title]));
  await keep([command, ...photos]);
  if (!command.training) await noteArrival(found.id, groups);
  hand(command, titles);
}

async function takeUnknown(event, number) {
  event.preventDefault();
  const form = event.currentTarget;
  const photos = await photosOf(form, number);
  if (!photos) return;
  const command = await made("receive", number, { words: form.elements.words.value.trim() });
  await keep([command, ...photos]);
  hand({ inspections: [], ...command }, {});
}

async function keepNote(event, returnId) {
  event.preventDefault();
  await keep([await made("note", returnId, { words: event.currentTarget.elements.words.value.trim() })]);
  part("found").replaceChildren(element("p", { class: "notice good", role: "status" }, "Kept."));
}

function complain(form, { problem, at, place }) {
  form.querySelector("[data-problem]").replaceChildren(element("p", { class: "notice bad" }, `${problem} Nothing was kept yet.`));
  form.querySelector(at ? fieldOf(at, place) : "[type=file]").focus();
}

// Of questions the first that has no answer.
function fieldOf(name, place) {
  const unit = `[data-unit="${CSS.escape(name)}"]`;
  const unanswered = `${unit} fieldset.question:not(:has(:checked)) input`;
  return place === "answer" ? unanswered : `${unit} input[name="${place}-${CSS.escape(name)}"]`;
}

async function made(act, returnId, said) {
  const held = await keeping.open();
  return {
    id: newName(),
    device: await keeping.deviceName(),
    act,
    return_id: returnId.slice(0, 60),
    made_at: new Date().toISOString(),
    made_by: (held?.person ?? "").slice(0, 60),
    ...(held?.training ? { training: true } : {}),
    ...said,
  };
}

// The photo of the form as a command, none where none was taken, null for one that cannot be read.
async function photosOf(form, returnId) {
  const [file] = form.elements.photo.files;
  if (!file) return [];
  const picture = await smaller(file).catch(() => null);
  if (picture) return [await made("photo", returnId, { picture })];
  complain(form, { problem: "That photo cannot be read. Take another, or leave it out." });
  return null;
}

// A picture as it is sent: JPEG, at most 1600 pixels wide or high.
async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", QUALITY).split(",", 2)[1];
}

async function keep(commands) {
  for (const command of commands) await keeping.add({ state: "here", words: "", command });
  announce(home);
  await refresh();
  reachWhenFree();
}

// The goods are here: the same return is not offered a second time on this device.
async function noteArrival(returnId, groups) {
  const told = await keeping.told();
  for (const group of told.returns[returnId].groups) if (groups.some(({ id }) => id === group.id)) group.reception = "received";
  await keeping.tell(told);
}

function hand(command, titles) {
  const again = () => {
    part("found").replaceChildren();
    search.elements.find.value = "";
    search.elements.find.focus();
    reachWhenFree();
  };
  show(slip({ shop, command, titles, again }));
}

async function drop(entry) {
  await keeping.drop(entry.n);
  await refresh();
}

async function again(entry) {
  await keeping.change({ ...entry, state: "here", words: "" });
  await reach();
}

if (window.isSecureContext && "indexedDB" in window) begin();
else part("network").replaceChildren(element("strong", {}, "This needs https."), element("p", {}, "A browser keeps nothing for the time without a network on a page that came without https."));
