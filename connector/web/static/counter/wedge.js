// A hand scanner types like a person, only much faster, and presses Enter. It is heard wherever the focus is; what it
// typed into a field on the way is taken out again, so that nobody's typing is lost.

const BREAK = 60;
const EACH = 40;
const SHORTEST = 6;

export function listenForScanner(take) {
  let burst = null;

  function begun(event) {
    const field = event.target;
    const isField = field instanceof HTMLElement && "value" in field;
    return { field: isField ? field : null, before: isField ? field.value : "", text: "", from: event.timeStamp, last: 0 };
  }

  function isScan(at) {
    return burst && burst.text.length >= SHORTEST && (at - burst.from) / burst.text.length <= EACH;
  }

  function ended(event) {
    const scanned = isScan(event.timeStamp) && event.timeStamp - burst.last <= BREAK ? burst : null;
    burst = null;
    if (!scanned || scanned.field?.matches("[data-scan-take]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (scanned.field) scanned.field.value = scanned.before;
    take(scanned.text);
  }

  function typed(event) {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
      burst = null;
    } else if (event.key === "Enter") {
      ended(event);
    } else if (event.key.length === 1) {
      if (!burst || event.timeStamp - burst.last > BREAK || burst.field !== begun(event).field) burst = begun(event);
      burst.text += event.key;
      burst.last = event.timeStamp;
    } else if (event.key !== "Shift") {
      burst = null;
    }
  }

  document.addEventListener("keydown", typed, { capture: true });
}
