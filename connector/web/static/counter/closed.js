// On the page after signing out: the key of every device of this shop in this browser goes, wherever it was pressed.

import { keepingOf } from "./keeping.js";

if ("indexedDB" in window) {
  const keeping = await keepingOf(document.querySelector("[data-closed]").dataset.closed);
  await keeping.lock();
}
