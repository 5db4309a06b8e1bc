// The conversation: begun once, gone on with after a reload and in other tabs; what is said waits for the network.

import { newId, Refusal } from "./client.js";

const GONE = 404;
const OVERTAKEN = 409;
const LATER = new Set([408, 425, 429]);
const TOO_FAST = 429;
const SERVER = 500;
const PAUSES = [400, 800, 1600, 3000, 6000, 12000, 20000, 30000];
const QUIET_TRIES = 3;
const MOST_OVERTAKINGS = 3;
const FIRST_LOOK = 3000;
const LONGEST_LOOK = 60000;
const KEPT_HOURS = 12;
const KEPT_HOURS_FOR_A_PERSON = 14 * 24;
const HOUR = 3600000;

const isHandedOver = (turn) => turn.outcome?.kind === "handed_over";

// `told` is called with each new turn of the assistant, `newsFrom` when a person answers.
export function talkWith({ client, memory, view, words, told, newsFrom, hello }) {
  let begun = null;
  let sending = null;
  let looking = null;
  let wait = FIRST_LOOK;
  let wake = () => {};
  // How many turns of either side are shown that were not counted yet.
  let uncounted = { shopper: 0, assistant: 0 };
  let seen = 0;
  const uploads = new Map();

  function held() {
    const found = memory.read();
    const hours = found?.waits ? KEPT_HOURS_FOR_A_PERSON : KEPT_HOURS;
    return found?.token && Date.now() - found.at < hours * HOUR ? found : null;
  }

  function keep(changes) {
    memory.write({ outbox: [], ...memory.read(), ...changes, at: Date.now() });
  }

  function forget() {
    memory.write(null);
    uploads.clear();
    clearTimeout(looking);
    looking = null;
    seen = 0;
    uncounted = { shopper: 0, assistant: 0 };
    view.clear();
  }

  const pause = (milliseconds) =>
    new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, milliseconds);
    });

  // Until it gets through; what is refused for good is the caller's. A server that comes back soon is not noticed.
  async function through(act) {
    let overtaken = 0;
    for (let tries = 0; ; tries += 1) {
      try {
        const found = await act();
        view.note(null);
        return found;
      } catch (error) {
        const status = error instanceof Refusal ? error.status : SERVER;
        overtaken += status === OVERTAKEN ? 1 : 0;
        const isLater = status >= SERVER || LATER.has(status) || (status === OVERTAKEN && overtaken < MOST_OVERTAKINGS);
        if (!isLater) throw error;
        if (status === TOO_FAST) view.note(words().fast);
        else if (tries >= QUIET_TRIES || !navigator.onLine) view.note(words().offline);
        await pause((error.again ?? 0) * 1000 || PAUSES[Math.min(tries, PAUSES.length - 1)]);
      }
    }
  }

  async function begin() {
    const id = memory.read()?.beginning ?? newId();
    keep({ beginning: id, token: null, outbox: [] });
    const turn = await through(() => client.begin({ ...hello(), id }));
    keep({ conversation: turn.conversation, token: turn.token, beginning: null, waits: false, outbox: [] });
    seen = 1;
    view.answered(turn);
    told(turn);
  }

  async function beginAnew(note) {
    forget();
    if (note) view.note(note);
    await begin();
  }

  // All that was said, after what still waits to be said; what cannot be taken any more is dropped.
  async function resume() {
    try {
      await flush();
    } catch (error) {
      if (error.status === GONE) throw error;
      sent(next());
    }
    const turns = await through(() => client.turns(held(), 0));
    view.retold(turns);
    seen = turns.at(-1)?.n ?? 0;
    uncounted = { shopper: 0, assistant: 0 };
    const last = turns.findLast((turn) => turn.from === "assistant");
    if (last) told(last, { isOld: true });
    if (turns.some(isHandedOver)) watch();
  }

  async function open() {
    view.waiting(true);
    try {
      if (held()) await resume();
      else await begin();
    } catch (error) {
      await beginAnew(error.status === GONE ? words().ended : null);
    } finally {
      view.waiting(false);
    }
  }

  function start() {
    begun ??= open().catch((error) => {
      begun = null;
      throw error;
    });
    return begun;
  }

  const next = () => held()?.outbox[0];

  function sent(message) {
    uploads.delete(message.id);
    keep({ outbox: (memory.read()?.outbox ?? []).filter((one) => one.id !== message.id) });
  }

  function deliver(message) {
    const photos = uploads.get(message.id);
    return photos ? client.show(held(), { id: message.id, photos }) : client.say(held(), message);
  }

  // Say what waits, in its order; `onTurn` gets each answer.
  async function flush(onTurn = () => {}) {
    for (let message = next(); message; message = next()) {
      // Photos of before a reload are gone with it.
      if (message.photos && !uploads.has(message.id)) {
        sent(message);
        continue;
      }
      const turn = await through(() => deliver(message));
      sent(message);
      onTurn(turn);
    }
  }

  function answered(turn) {
    uncounted.shopper += 1;
    uncounted.assistant += 1;
    view.waiting(false);
    view.answered(turn);
    told(turn);
    if (isHandedOver(turn)) watch();
    if (next()) view.waiting(true);
  }

  async function refused(error) {
    const message = next();
    if (message) sent(message);
    if (error.status === GONE) return beginAnew(words().ended);
    if (error.status === OVERTAKEN) return resume();
    view.note(message?.photos ? words().photos_bad : words().not_taken);
    return view.reopened();
  }

  async function pump() {
    view.waiting(true);
    try {
      await flush(answered);
    } catch (error) {
      view.waiting(false);
      await refused(error);
    } finally {
      view.waiting(false);
      sending = null;
    }
    if (next()) send();
  }

  function send() {
    sending ??= pump();
    return sending;
  }

  async function say({ photos, ...message }) {
    await start();
    const id = newId();
    if (photos) uploads.set(id, photos);
    view.heard({ ...message, photos });
    keep({ outbox: [...(memory.read()?.outbox ?? []), { ...message, id, ...(photos && { photos: true }) }] });
    wait = FIRST_LOOK;
    return send();
  }

  // What was said elsewhere: by a person, or by the shopper in another tab.
  async function catchUp() {
    if (!held() || sending || !begun) return;
    const turns = await client.turns(held(), seen);
    if (sending || !turns.length) return;
    const count = (side) => turns.filter((turn) => turn.from === side).length;
    const isOurs = count("shopper") === uncounted.shopper && count("assistant") === uncounted.assistant;
    const news = turns.filter((turn) => turn.from === "person");
    if (!isOurs) {
      await resume();
    } else {
      seen = turns.at(-1).n;
      uncounted = { shopper: 0, assistant: 0 };
      news.forEach((turn) => view.personSaid(turn));
    }
    if (!news.length) return;
    wait = FIRST_LOOK;
    newsFrom(news.at(-1));
  }

  // From now on a person may answer as well: look for it, less and less often, while the page is seen.
  function watch() {
    keep({ waits: true });
    if (looking) return;
    const look = () => {
      looking = setTimeout(async () => {
        if (!document.hidden) await catchUp().catch(() => {});
        wait = Math.min(wait * 1.3, LONGEST_LOOK);
        if (looking) look();
      }, wait);
    };
    look();
  }

  addEventListener("online", () => wake());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    wake();
    wait = FIRST_LOOK;
    catchUp().catch(() => {});
  });

  return {
    start,
    say,
    isWaitedFor: () => Boolean(held()?.waits),
    again() {
      begun = beginAnew().catch(() => {});
      return begun;
    },
  };
}
