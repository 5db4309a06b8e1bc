// What a device keeps for the time without a network. All of it is locked (AES-GCM); the open key goes with sign-out.
//
// keys   "device": this device's name; "locked": the key, wrapped under one that only the server can make;
//        "open": the same key, not extractable, with whose shift it is, until the server is to be asked again or, on a
//        shared device, nobody touched it for as long as its location says; "way": where it is opened again;
//        "ended": the session that was ended here and perhaps not yet at the server
// queue  what was done here, in its order; kept  what the server told

const IV_BYTES = 12;
const CLOCK_MAY_GO_BACK = 60000;
const KEY = { name: "AES-GCM", length: 256 };

const settled = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

function openedDatabase(home) {
  const request = indexedDB.open(`backhaul ${home}`, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keys");
    request.result.createObjectStore("kept");
    request.result.createObjectStore("queue", { keyPath: "n", autoIncrement: true });
  };
  return settled(request);
}

function isTime({ until, idle, touched }) {
  const now = Date.now();
  const isTouched = !idle || (now - touched < idle && touched - now < CLOCK_MAY_GO_BACK);
  return now < until && isTouched;
}

export const newName = () => crypto.randomUUID();

export async function keepingOf(home) {
  const database = await openedDatabase(home);
  const store = (name, mode = "readonly") => database.transaction(name, mode).objectStore(name);
  const read = (name, key) => settled(store(name).get(key));
  const write = (name, value, key) => settled(store(name, "readwrite").put(value, key));
  const remove = (name, key) => settled(store(name, "readwrite").delete(key));

  async function deviceName() {
    const known = await read("keys", "device");
    if (known) return known;
    await write("keys", newName(), "device");
    return read("keys", "device");
  }

  // The key that is open now, if it is still time; what is too old is closed for good.
  async function open() {
    const held = await read("keys", "open");
    if (held && isTime(held)) return held;
    if (held) await lock();
    return null;
  }

  // Change what is known of the open key, unless it was locked meanwhile.
  async function change(said) {
    const keys = store("keys", "readwrite");
    const held = await settled(keys.get("open"));
    if (held && isTime(held)) await settled(keys.put({ ...held, ...said }, "open"));
  }

  const lock = () => remove("keys", "open");

  // Who ends their shift here has ended it, whether or not the server hears of it now.
  async function end() {
    const held = await read("keys", "open");
    await lock();
    if (held?.session) await write("keys", held.session, "ended");
  }

  // Open what is kept with the server's secret; what was locked under another one stays as it is, unread.
  async function unlock({ key, lasts, person, session, idle, training, way }) {
    const secret = Uint8Array.from(atob(key), (sign) => sign.charCodeAt(0));
    const wrapping = await crypto.subtle.importKey("raw", secret, KEY, false, ["wrapKey", "unwrapKey"]);
    secret.fill(0);
    const mine = await unwrapped(wrapping).catch(() => null);
    const opened = mine ?? (await madeUnder(wrapping));
    const before = await open();
    const now = Date.now();
    const terms = { until: now + lasts * 1000, idle: idle && idle * 1000, touched: before?.touched ?? now, training };
    const keys = store("keys", "readwrite");
    if (session && session === (await settled(keys.get("ended")))) throw new Locked();
    keys.delete("ended");
    keys.put(way, "way");
    await settled(keys.put({ key: opened, person, session, ...terms }, "open"));
  }

  async function unwrapped(wrapping) {
    const locked = await read("keys", "locked");
    if (!locked) return null;
    const how = { name: "AES-GCM", iv: locked.iv };
    return crypto.subtle.unwrapKey("raw", locked.wrapped, wrapping, how, KEY, false, ["encrypt", "decrypt"]);
  }

  async function madeUnder(wrapping) {
    const made = await crypto.subtle.generateKey(KEY, true, ["encrypt", "decrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const wrapped = await crypto.subtle.wrapKey("raw", made, wrapping, { name: "AES-GCM", iv });
    await write("keys", { iv, wrapped }, "locked");
    return unwrapped(wrapping);
  }

  async function sealed(value) {
    const held = await open();
    if (!held) throw new Locked();
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const plain = new TextEncoder().encode(JSON.stringify(value));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, held.key, plain) };
  }

  async function unsealed({ iv, data }) {
    const held = await open();
    if (!held) throw new Locked();
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, held.key, data);
    return JSON.parse(new TextDecoder().decode(plain));
  }

  const readable = (row) =>
    unsealed(row).then(
      (entry) => ({ ...entry, n: row.n }),
      (error) => {
        if (error instanceof Locked) throw error;
        return { n: row.n, state: "unreadable", words: "This was locked under a key that is gone." };
      },
    );

  return {
    deviceName,
    open,
    lock,
    end,
    ended: () => read("keys", "ended"),
    unlock,
    touch: () => change({ touched: Date.now() }),
    train: (training) => change({ training }),
    way: () => read("keys", "way"),
    add: async (entry) => write("queue", await sealed(entry)),
    change: async ({ n, ...entry }) => write("queue", { n, ...(await sealed(entry)) }),
    drop: (n) => remove("queue", n),
    count: () => settled(store("queue").count()),
    entries: async () => Promise.all((await settled(store("queue").getAll())).map(readable)),
    told: async () => {
      const row = await read("kept", "told");
      return row ? unsealed(row).catch(() => null) : null;
    },
    tell: async (told) => write("kept", await sealed(told), "told"),
  };
}

// Nobody is signed in on this device, so nothing of it is read or written.
export class Locked extends Error {}
