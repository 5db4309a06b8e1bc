// Where a scanned text goes: to the page that asks for it, else to the counter's one field, else to the counter.

const FIELD = "[data-scan-field], form[role=search] input[name=q], form[role=search] input[name=find]";
const RETURN_NUMBER = /RMA-\w{4}-\w{4}/i;

// A code with a return's address in it stands for its number.
export const meantBy = (text) => text.match(RETURN_NUMBER)?.[0].toUpperCase() ?? text.trim();

export function takeScanned(home, text) {
  const code = meantBy(text);
  const asked = new CustomEvent("scanned", { detail: code, cancelable: true });
  if (!document.dispatchEvent(asked)) return;
  const field = document.querySelector(FIELD);
  if (!field) {
    location.assign(`${home}/counter?find=${encodeURIComponent(code)}`);
    return;
  }
  field.value = code;
  field.form.requestSubmit();
}
