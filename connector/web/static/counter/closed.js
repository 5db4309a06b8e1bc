// On the page after signing out: the key of every device of this shop in this browser goes, wherever it was pressed.

import { keepingOf } from "./keeping.js";

const home = document.querySelector("[data-closed]").dataset.closed;
const keeping = await keepingOf(home);
await keeping.lock();
