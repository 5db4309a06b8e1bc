// On the pages after signing out and between shifts: the key of what is kept here goes, wherever it was pressed.

import { keepingOf } from "./offline_keeping.js";

if ("indexedDB" in window) {
  const keeping = await keepingOf(document.querySelector("[data-closed]").dataset.closed);
  await keeping.lock();
}
