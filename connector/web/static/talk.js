// The conversation over HTTP: one message at a time, each with an id of its own, so that sending again does nothing twice.

export class Talk {
  constructor(shop, memory = window.sessionStorage) {
    this.base = `/shops/${shop}/chat`;
    this.slot = `backhaul-talk-${shop}`;
    this.memory = memory;
    this.kept = JSON.parse(memory.getItem(this.slot) || "null");
  }

  get isOpen() {
    return this.kept !== null;
  }

  async begin() {
    const turn = await this.#send("POST", this.base, { language: document.documentElement.lang });
    this.#keep({ conversation: turn.conversation, token: turn.token });
    return turn;
  }

  async say(message) {
    const id = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
    return this.#send("POST", this.#address, { ...message, id });
  }

  async transcript() {
    return (await this.#send("GET", this.#address)).turns;
  }

  forget() {
    this.#keep(null);
  }

  get #address() {
    return `${this.base}/${this.kept.conversation}`;
  }

  #keep(kept) {
    this.kept = kept;
    if (kept) this.memory.setItem(this.slot, JSON.stringify(kept));
    else this.memory.removeItem(this.slot);
  }

  async #send(method, address, body, tries = 3) {
    const headers = { Accept: "application/json" };
    if (this.kept) headers.Authorization = `Bearer ${this.kept.token}`;
    if (body) headers["Content-Type"] = "application/json";
    let answer;
    try {
      answer = await fetch(address, { method, headers, body: body && JSON.stringify(body), credentials: "omit" });
    } catch (lost) {
      if (tries <= 1) throw lost;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return this.#send(method, address, body, tries - 1);
    }
    const document_ = await answer.json();
    if (answer.ok) return document_;
    throw Object.assign(new Error(document_.detail || "That did not work."), { status: answer.status });
  }
}
