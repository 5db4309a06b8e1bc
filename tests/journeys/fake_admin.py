"""A page on the origin of Shopify's admin that shows the app in a frame, and an App Bridge that hands out tokens.

Both are our own few lines, made after Shopify's documentation [D]; the real ones cannot be had without an account.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from playwright.sync_api import BrowserContext

ADMIN = "https://admin.shopify.com/store/simulated-jeans/apps/backhaul"
APP_BRIDGE = "https://cdn.shopify.com/shopifycloud/app-bridge.js"

PAGE = """<!doctype html><html lang="en"><head><title>Fake admin</title><style>
  body { margin: 0; display: grid; grid-template-columns: 12rem 1fr; height: 100vh; font: 0.9rem system-ui }
  nav { padding: 1rem; display: grid; align-content: start; gap: 0.75rem; background: #ebebeb }
  iframe { border: 0; width: 100%; height: 100% }
  @media (max-width: 40rem) {
    body { grid-template-columns: 1fr; grid-template-rows: auto 1fr }
    nav { grid-auto-flow: column; overflow: auto }
  }
</style></head><body><nav aria-label="Admin"></nav><iframe title="Backhaul" src="SRC"></iframe><script>
  const frame = document.querySelector("iframe"), nav = document.querySelector("nav");
  addEventListener("message", async ({ data, source }) => {
    if (data.asks === "token") source.postMessage({ token: await window.mintToken(), n: data.n }, "*");
    if (data.places) nav.replaceChildren(...data.places.map(([href, name]) => {
      const link = Object.assign(document.createElement("a"), { href: "#", textContent: name });
      link.onclick = (event) => { event.preventDefault(); frame.contentWindow.postMessage({ go: href }, "*"); };
      return link;
    }));
  });
</script></body></html>"""

SCRIPT = """(() => {
  const waiting = new Map(); let n = 0;
  const plainFetch = window.fetch.bind(window);
  const idToken = () => new Promise((done) => {
    n += 1; waiting.set(n, done); parent.postMessage({ asks: "token", n }, "*");
  });
  window.shopify = { idToken };
  window.fetch = async (address, options = {}) => {
    const headers = new Headers(options.headers), isOurs = new URL(address, location.href).origin === location.origin;
    if (isOurs) headers.set("Authorization", `Bearer ${await idToken()}`);
    return plainFetch(address, { ...options, headers });
  };
  addEventListener("message", ({ data }) => {
    if (data.token) waiting.get(data.n)?.(data.token);
    if (data.go) document.querySelector(`s-app-nav [href="${data.go}"]`)
      ?.dispatchEvent(new CustomEvent("shopify:navigate", { bubbles: true, cancelable: true }));
  });
  const back = new URLSearchParams(location.search).get("shopify-reload");
  if (back) idToken().then((token) => {
    const url = new URL(back); url.searchParams.set("id_token", token); location.replace(url);
  });
  addEventListener("DOMContentLoaded", () => {
    const links = [...document.querySelectorAll("s-app-nav [href]")];
    const places = links.map((link) => [link.getAttribute("href"), link.textContent]);
    if (places.length) parent.postMessage({ places }, "*");
  });
})();"""


def show_admin(context: BrowserContext, *, app: str, said: dict[str, str], token: Callable[[], str]) -> None:
    """Answer for the admin and for App Bridge in a browser: the app's home in a frame, tokens as they are asked for."""
    page = PAGE.replace("SRC", f"{app}/shopify?{urlencode(said)}".replace("&", "&amp;"))
    context.expose_function("mintToken", token)
    for origin in ("https://admin.shopify.com/**", "https://evil.example/**"):
        context.route(origin, lambda route: route.fulfill(body=page, content_type="text/html"))
    context.route(APP_BRIDGE, lambda route: route.fulfill(body=SCRIPT, content_type="text/javascript"))
