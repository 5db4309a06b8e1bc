"use strict";

// In the admin of Shopify every page is asked for with a fresh session token, so that no cookie is needed.
// App Bridge, which stands before this, gives the token, and adds it to what scripts fetch.
// It is no module: those wait for the whole page, and what a merchant does to a page that they see already must not be lost.
{
  const CARRIED = ["shop", "host", "embedded", "locale"];
  const TOKEN = "id_token";
  const INSIDE = /^\/shops\/[^/]+\/(dashboard|counter)(\/|$)/;
  const here = new URL(location.href);

  function isInside(url) {
    return url.origin === location.origin && INSIDE.test(url.pathname);
  }

  async function withToken(address) {
    const url = new URL(address, location.href);
    for (const name of CARRIED) {
      if (here.searchParams.has(name) && !url.searchParams.has(name)) url.searchParams.set(name, here.searchParams.get(name));
    }
    url.searchParams.set(TOKEN, await window.shopify.idToken());
    return url.href;
  }

  async function open(address) {
    location.assign(await withToken(address));
  }

  function follow(event) {
    const link = event.target.closest?.("a[href]");
    const isPlain = !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || event.defaultPrevented || !isPlain) return;
    const url = new URL(link.href);
    if (!isInside(url)) {
      if (url.origin !== location.origin || url.pathname !== location.pathname) link.target = "_blank";
      return;
    }
    const isSamePage = url.hash && url.pathname === location.pathname && url.search === location.search;
    if (link.target || isSamePage) return;
    event.preventDefault();
    open(url.href);
  }

  function asked(form, button) {
    const url = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location.href);
    const pairs = [...new FormData(form, button)].filter(([, value]) => typeof value === "string");
    url.search = new URLSearchParams(pairs);
    return url.href;
  }

  function pressed(button) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: button.name, value: button.value });
    return field;
  }

  async function post(form, button) {
    const action = form.getAttribute("action");
    const field = button?.name ? pressed(button) : null;
    form.setAttribute("action", await withToken(button?.getAttribute("formaction") ?? action ?? location.href));
    if (field) form.append(field);
    HTMLFormElement.prototype.submit.call(form);
    field?.remove();
    if (action === null) form.removeAttribute("action");
    else form.setAttribute("action", action);
  }

  function send(event) {
    const form = event.target;
    const method = event.submitter?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get";
    if (event.defaultPrevented || form.target) return;
    event.preventDefault();
    if (method.toLowerCase() === "post") post(form, event.submitter);
    else open(asked(form, event.submitter));
  }

  function navigate(event) {
    const address = event.target.getAttribute?.("href");
    if (!address) return;
    event.preventDefault();
    open(address);
  }

  function hideToken() {
    if (!here.searchParams.has(TOKEN)) return;
    const plain = new URL(here);
    plain.searchParams.delete(TOKEN);
    history.replaceState(history.state, "", plain);
  }

  hideToken();
  document.addEventListener("click", follow);
  document.addEventListener("submit", send);
  document.addEventListener("shopify:navigate", navigate);
}
