// The assistant over HTTP: begin, say, read. Nothing here knows the page.

const PATIENCE = 20000;

export class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

// A conversation with the assistant at an address; its name and token outlive a reload of the page, not the tab.
export function talkAt(address) {
  const place = `backhaul ${address}`;
  let held = JSON.parse(sessionStorage.getItem(place) ?? "null");

  async function ask(path, { method = "POST", body } = {}) {
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    if (held) headers.Authorization = `Bearer ${held.token}`;
    const answer = await fetch(address + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
      credentials: "omit",
    });
    const document = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refusal(answer.status, document.detail ?? "");
    return document;
  }

  return {
    get isBegun() {
      return held !== null;
    },

    async begin(language) {
      const turn = await ask("", { body: { language } });
      held = { conversation: turn.conversation, token: turn.token };
      sessionStorage.setItem(place, JSON.stringify(held));
      return turn;
    },

    say: (message) => ask(`/${held.conversation}`, { body: message }),

    async transcript(after = 0) {
      const { turns } = await ask(`/${held.conversation}?after=${after}`, { method: "GET" });
      return turns;
    },

    forget() {
      held = null;
      sessionStorage.removeItem(place);
    },
  };
}

// The id of a message: the same id again does nothing twice.
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
