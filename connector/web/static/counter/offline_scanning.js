// What a scanned text can be, and what of all that this device was told it names: as the counter's one field reads it
// with the network (domain/scanning.py, services/scan.py), without e-mail addresses, which a device is not told.

const MOST = 8;
const LONGEST = 300;
const SYMBOLOGY = /^\][A-Za-z][0-9A-Za-z]/;
const AROUND = /^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g;
const CONTROL = /[\x00-\x1f\x7f]/g;
const PART = "([0-9A-HJ-NP-Z]{4})";
const RMA = new RegExp(`^RMA[- ]?${PART}[- ]?${PART}$`, "i");
const GIFT = new RegExp(`^GIFT[- ]?${PART}[- ]?${PART}[- ]?${PART}$`, "i");
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const GTIN_LENGTHS = [8, 12, 13, 14];
const GTIN_LENGTH = 14;
const TO_COME = ["awaiting", "in_transit", "requested", "incomplete", "to_pay", "needs_a_person"];
const HERE_NOT_YET = ["awaiting", "in_transit", "missing", "wrong_item"];
const COMING = ["awaiting", "in_transit"];

export const canArrive = (group) => group.counts && HERE_NOT_YET.includes(group.reception);

// A number as it is compared: without spaces, hash and case.
export const numberKey = (text) => text.replace(/[\s#]+/g, "").toUpperCase().toLowerCase();

// All that a text can be, the surest first, each as the mark by which things are found.
export function readings(text) {
  const said = text.replace(AROUND, "").replace(SYMBOLOGY, "").replace(CONTROL, "").slice(0, LONGEST).trim();
  const code = said.includes("://") ? lastPart(said) : said;
  const sure = namedBy("return:RMA", RMA, code) ?? namedBy("gift_receipt:GIFT", GIFT, code) ?? email(said);
  if (sure) return [sure];
  const key = numberKey(code);
  const digits = gtin(code);
  const codes = digits ? [`gtin:${digits}`] : [];
  return key ? [...codes, `number:${key}`, `serial:${key}`, `sku:${key}`] : codes;
}

function namedBy(name, pattern, code) {
  const [, ...parts] = code.match(pattern) ?? [];
  return parts.length ? [name, ...parts.map((part) => part.toUpperCase())].join("-") : null;
}

const email = (said) => (EMAIL.test(said) ? "email:" : null);

// Codes of ours are links that end with the number.
function lastPart(address) {
  const [path] = address.split(/[?#]/, 1);
  return path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "").replace(/\/+$/, "").split("/").pop();
}

// An EAN, UPC or GTIN as fourteen digits; null where the length or the check digit is wrong.
function gtin(text) {
  const digits = text.replace(/[\s-]/g, "");
  if (!/^[0-9]+$/.test(digits) || !GTIN_LENGTHS.includes(digits.length)) return null;
  const whole = digits.padStart(GTIN_LENGTH, "0");
  const sum = [...whole].reduce((all, digit, place) => all + Number(digit) * (place % 2 ? 1 : 3), 0);
  return sum % 10 === 0 && Number(whole) ? whole : null;
}

// What a text names: {returns, orders}, the newest of each first; one return where that is all that can be meant.
export function named(told, text) {
  const found = { returns: new Set(), orders: new Set() };
  for (const mark of readings(text)) LOOK_UPS[mark.split(":", 1)[0]](told, mark, found);
  return { returns: [...found.returns].slice(0, MOST), orders: [...found.orders].slice(0, MOST) };
}

// An e-mail address is not looked for: no device is told of one.
export const isEmail = (text) => readings(text)[0] === "email:";

const newestFirst = (kept) => Object.values(kept).reverse();
const bears = (one, mark) => one.marks.includes(mark);
const hasGoods = (one, mark) => one.groups.some((group) => bears(group, mark));
const isComing = (group) => group.counts && COMING.includes(group.reception);

function byNumber(told, mark, found) {
  const orders = newestFirst(told.orders).filter((one) => bears(one, mark));
  const open = newestFirst(told.returns).filter((one) => bears(one, mark) && TO_COME.includes(one.status));
  open.forEach((one) => found.returns.add(one));
  if (open.length !== 1) orders.forEach((one) => found.orders.add(one));
}

function bySerial(told, mark, found) {
  const orders = newestFirst(told.orders).filter((one) => bears(one, mark));
  const open = newestFirst(told.returns).filter((one) => hasGoods(one, mark) && TO_COME.includes(one.status));
  open.forEach((one) => found.returns.add(one));
  if (open.length !== 1) orders.forEach((one) => found.orders.add(one));
}

function byGoods(told, mark, found) {
  const coming = newestFirst(told.returns).filter((one) => one.groups.some((group) => isComing(group) && bears(group, mark)));
  coming.forEach((one) => found.returns.add(one));
  newestFirst(told.orders).filter((one) => bears(one, mark)).forEach((one) => found.orders.add(one));
}

function byReturn(told, mark, found) {
  const one = told.returns[mark.slice("return:".length)];
  if (one) found.returns.add(one);
}

const byGift = (told, mark, found) => newestFirst(told.returns).filter((one) => bears(one, mark)).forEach((one) => found.returns.add(one));

const LOOK_UPS = { return: byReturn, gift_receipt: byGift, email: () => {}, gtin: byGoods, number: byNumber, serial: bySerial, sku: byGoods };
