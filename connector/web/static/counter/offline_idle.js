// The page without a network locks itself too: on a shared device that nobody touches the key goes.

const SIGNS = ["pointerdown", "keydown", "input", "scroll"];
const NOTED_EVERY = 5000;
const LOOK_EVERY = 1000;

export function lockWhenIdle(keeping, locked) {
  let noted = 0;
  let wasOpen = true;

  function note() {
    if (Date.now() - noted < NOTED_EVERY) return;
    noted = Date.now();
    keeping.touch();
  }

  async function look() {
    const isOpen = Boolean(await keeping.open());
    if (wasOpen && !isOpen) await locked();
    wasOpen = isOpen;
  }

  for (const sign of SIGNS) addEventListener(sign, note, { passive: true, capture: true });
  setInterval(look, LOOK_EVERY);
}
