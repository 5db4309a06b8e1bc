// Photos before they travel: made smaller where the browser can, shown on a canvas, which no page's policy forbids.

const LONGEST_SIDE = 2048;
const SMALL_ENOUGH = 1500000;
const PREVIEW = 96;

const opened = (file) => createImageBitmap(file, { imageOrientation: "from-image" });

function drawn(bitmap, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

// A photo that travels quickly; one that the browser cannot read goes as it is, and the server says what it thinks.
export async function smaller(file) {
  const bitmap = await opened(file).catch(() => null);
  const scale = bitmap && Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  if (!bitmap || (scale === 1 && file.size < SMALL_ENOUGH)) return file;
  return new Promise((resolve) => drawn(bitmap, scale).toBlob((blob) => resolve(blob ?? file), "image/jpeg", 0.85));
}

export async function preview(file) {
  const bitmap = await opened(file).catch(() => null);
  return bitmap && drawn(bitmap, PREVIEW / Math.min(bitmap.width, bitmap.height));
}
