// The assistant over HTTP: look, begin, say, show, read. Nothing here knows the page.

const PATIENCE = 20000;
const UPLOADS_TAKE = 90000;

export class Refusal extends Error {
  constructor(status, again) {
    super(`refused: ${status}`);
    this.status = status;
    this.again = again;
  }
}

export function clientAt(address) {
  async function ask(path, { method = "POST", token, body, form } = {}) {
    const headers = { Accept: "application/json" };
    if (body) headers["Content-Type"] = "application/json";
    if (token) headers.Authorization = `Bearer ${token}`;
    const answer = await fetch(address + path, {
      method,
      headers,
      body: form ?? (body && JSON.stringify(body)),
      signal: AbortSignal.timeout(form ? UPLOADS_TAKE : PATIENCE),
      credentials: "omit",
    });
    if (!answer.ok) throw new Refusal(answer.status, Number(answer.headers.get("Retry-After")) || 0);
    return answer.json();
  }

  return {
    look: (language) => ask(`?language=${encodeURIComponent(language)}`, { method: "GET" }),
    begin: (body) => ask("", { body }),
    say: ({ conversation, token }, body) => ask(`/${conversation}`, { token, body }),
    show({ conversation, token }, { id, photos }) {
      const form = new FormData();
      form.append("id", id);
      for (const photo of photos) form.append("photo", photo, "photo");
      return ask(`/${conversation}/photos`, { token, form });
    },
    turns: async ({ conversation, token }, after) =>
      (await ask(`/${conversation}?after=${after}`, { method: "GET", token })).turns,
  };
}

// The id of a message: the same id again does nothing twice.
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
