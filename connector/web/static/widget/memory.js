// What outlives a reload and is shared by the tabs of a storefront; where a browser keeps nothing, the page does.

export function memoryOf(name, storage = () => localStorage) {
  let kept = null;
  return {
    read() {
      try {
        return JSON.parse(storage().getItem(name));
      } catch {
        return kept;
      }
    },
    write(value) {
      kept = value;
      try {
        if (value === null) storage().removeItem(name);
        else storage().setItem(name, JSON.stringify(value));
      } catch {
        // The page's own copy is all there is.
      }
    },
  };
}
