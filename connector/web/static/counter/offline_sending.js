// Between the device and the server: asks for the key, hears what changed, sends what was done here, each thing once.

const PATIENCE = 20000;
const MOST_KEPT = 1000;
// Of what is kept of what was told; another one is told anew.
const SHAPE = 2;
const A_DAY = 24 * 3600 * 1000;
const OVER = ["taken", "settled", "tried"];
const SIGNED_OUT = 401;
const NOT_NOW = [403, 408, 429];
const SERVER = 500;

export class Unreachable extends Error {}
export class SignedOut extends Error {}

async function ask(address, options = {}) {
  const signal = AbortSignal.timeout(PATIENCE);
  const headers = { Accept: "application/json", ...options.headers };
  const answer = await fetch(address, { ...options, headers, signal, redirect: "error" }).catch(() => null);
  if (!answer || answer.status >= SERVER || NOT_NOW.includes(answer.status)) throw new Unreachable();
  if (answer.status === SIGNED_OUT) throw new SignedOut();
  const said = await answer.json().catch(() => null);
  if (!said) throw new Unreachable();
  return { isGood: answer.ok, said };
}

// Ask the server to open this device; whoever is signed out closes it.
export async function unlockBy(home, keeping) {
  const device = await keeping.deviceName();
  try {
    const { said } = await ask(`${home}/counter/sent/key?device=${device}`);
    if (said.session && said.session === (await keeping.ended())) await endAtServer(home, said.way);
    await keeping.unlock(said);
  } catch (error) {
    if (error instanceof SignedOut) await keeping.lock();
    throw error;
  }
}

// A session that ended here while there was no network ends at the server before anything else.
async function endAtServer(home, way) {
  const address = way.endsWith("/shift") ? `${home}/counter/lock` : `${home}/sign-out`;
  const body = new URLSearchParams({ once: "lock" });
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch(address, { method: "POST", body, redirect: "manual", signal }).catch(() => null);
  if (!answer || answer.status >= SERVER) throw new Unreachable();
  throw new SignedOut();
}

// Hear what changed since the last time.
export async function hear(home, keeping) {
  const before = await keeping.told();
  const told = before?.shape === SHAPE ? before : { shape: SHAPE, returns: {}, orders: {}, after: "" };
  let more = true;
  while (more) {
    const { isGood, said } = await ask(`${home}/counter/sent/returns?after=${encodeURIComponent(told.after)}`);
    if (!isGood) return;
    for (const one of said.returns) renew(told.returns, one.id, one);
    for (const one of said.orders) renew(told.orders, one.id, one);
    told.after = said.after;
    more = said.more;
  }
  trim(told.returns);
  trim(told.orders);
  await keeping.tell(told);
}

// What was heard last stands last, so that the oldest goes first.
function renew(kept, name, one) {
  delete kept[name];
  kept[name] = one;
}

function trim(kept) {
  const names = Object.keys(kept);
  for (const name of names.slice(0, Math.max(0, names.length - MOST_KEPT))) delete kept[name];
}

// Send what waits, in its order, from one tab at a time; gives whether all of it was answered.
export function sendAll(home, keeping) {
  return navigator.locks.request(`backhaul send ${home}`, () => sendInTurn(home, keeping));
}

// In training what was really done before stays here until the training ends.
const mayGo = (entry, held) => entry.state === "here" && (entry.command.training || !held?.training);

async function sendInTurn(home, keeping) {
  for (;;) {
    const held = await keeping.open();
    const entries = await keeping.entries();
    const next = entries.find((entry) => mayGo(entry, held));
    if (!next) return followUp(home, keeping, entries);
    await keeping.change(await answered(home, next));
    announce(home);
  }
}

async function answered(home, entry) {
  const body = JSON.stringify(entry.command);
  const headers = { "Content-Type": "application/json" };
  const { isGood, said } = await ask(`${home}/counter/sent/commands`, { method: "POST", body, headers });
  if (!isGood) return { ...entry, state: "refused", words: said.detail ?? "", at: Date.now() };
  const { picture, ...command } = entry.command;
  return { ...entry, command: { ...command, id: said.id }, state: said.state, words: said.words, at: Date.now() };
}

// What a person has settled meanwhile is noted here too, and what was taken long ago is listed no longer.
async function followUp(home, keeping, entries) {
  const waiting = entries.filter((entry) => entry.state === "waiting");
  for (const entry of waiting) {
    const { isGood, said } = await ask(`${home}/counter/sent/commands/${encodeURIComponent(entry.command.id)}/state`);
    if (!isGood || said.state === entry.state) continue;
    await keeping.change({ ...entry, ...said, at: Date.now() });
    announce(home);
  }
  const old = entries.filter((entry) => OVER.includes(entry.state) && entry.at < Date.now() - A_DAY);
  for (const entry of old) await keeping.drop(entry.n);
}

const channel = (home) => new BroadcastChannel(`backhaul ${home}`);

export function announce(home) {
  const told = channel(home);
  told.postMessage("changed");
  told.close();
}

export function onChange(home, act) {
  channel(home).addEventListener("message", act);
}
