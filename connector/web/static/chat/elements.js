// Elements in one line each; text is always text, never markup.

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function thumb(url, title, size = "") {
  const isOurs = url && (/^\/(?!\/)/.test(url) || url.startsWith("data:image/"));
  const inside = isOurs ? element("img", { src: url, alt: "" }) : (title || "?")[0].toUpperCase();
  return element("span", { class: `thumb ${size}`, "aria-hidden": "true" }, inside);
}

const RETURN_NUMBER = /(RMA-\w{4}-\w{4})/;

// A text in which return numbers are kept on one line.
export function inOnePiece(text) {
  return text.split(RETURN_NUMBER).map((part, n) => (n % 2 ? element("span", { class: "whole" }, part) : part));
}
