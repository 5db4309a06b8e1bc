// Elements in one line each; text is always text, never markup, and nothing is styled in place.

const SVG = "http://www.w3.org/2000/svg";

export const ICONS = {
  return: "M9 4 4 9l5 5M4.5 9h9.7a5.5 5.5 0 0 1 0 11H9",
  close: "M6 6l12 12M18 6 6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  restart: "M4 4v6h6M4.6 14a8 8 0 1 0 1.3-7.6L4 10",
  photo: "M4 8h3l2-3h6l2 3h3v11H4V8Zm8 9a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z",
};

function filled(made, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const element = (tag, properties = {}, ...children) => filled(document.createElement(tag), properties, children);

const shape = (tag, properties, ...children) => filled(document.createElementNS(SVG, tag), properties, children);

export const icon = (name) =>
  shape("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, shape("path", { d: ICONS[name] }));

// A QR code as the server drew it: a square of so many modules, and the dark ones as one path.
export const qr = ({ size, path }, label) =>
  shape("svg", { class: "qr", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label }, shape("path", { d: path }));

export function thumb(url, title) {
  const inside = url ? element("img", { src: url, alt: "", loading: "lazy" }) : (title || "?")[0].toUpperCase();
  return element("span", { class: "thumb", "aria-hidden": "true" }, inside);
}

const RETURN_NUMBER = /(RMA-\w{4}-\w{4})/;
const ADDRESS = /(https?:\/\/[^\s]*[^\s.,;:!?)])/;

// A sign that stands apart from its word, as in French, is not left alone on a line.
const ALONE = / (?=[?!:;»])/g;

// A text in which return numbers are kept on one line and addresses can be followed.
export function inOnePiece(text) {
  return text.replace(ALONE, "\u00a0").split(ADDRESS).flatMap((part, n) =>
    n % 2
      ? element("a", { href: part, target: "_blank", rel: "noopener" }, part)
      : part.split(RETURN_NUMBER).map((piece, m) => (m % 2 ? element("span", { class: "whole" }, piece) : piece)),
  );
}

// Words with something put in.
export const put = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
