// The camera as a scanner: the browser reads the codes where it can, else the server does, frame by frame.

import { element } from "../widget/elements.js";

const PAUSE_HERE = 150;
const PAUSE_THERE = 700;
const WIDEST = 1280;
const QUALITY = 0.8;
const TOO_FAST = 429;
const WORDS = {
  NotAllowedError:
    "The browser was not allowed to use the camera. Allow it in the browser’s settings for this page, or type the number.",
  NotFoundError: "This device has no camera that can be used. Type the number, or use a hand scanner.",
  NotReadableError: "Another program uses the camera. Close it and try again, or type the number.",
  insecure: "The camera needs https, or this machine’s own address. Type the number, or use a hand scanner.",
  other: "The camera could not be started. Type the number, or use a hand scanner.",
  apart: "This browser needs the network to read codes. Type the number, or use a hand scanner.",
  fast: "That were many pictures in a minute. Wait a little, or type the number.",
  looking: "Hold the code in front of the camera.",
};

// A button for each place that is kept for one; `take` gets the text of the first code that is seen.
export function offerCamera(home, take) {
  for (const place of document.querySelectorAll("[data-camera]")) {
    place.hidden = false;
    place.querySelector("button").addEventListener("click", () => new Camera(home, take).open());
  }
}

class Camera {
  constructor(home, take) {
    this.home = home;
    this.take = take;
    this.video = element("video", { class: "camera-view", muted: true, playsinline: true, "aria-hidden": "true" });
    this.words = element("p", { role: "status" }, WORDS.looking);
    this.torch = element("button", { type: "button", class: "button second", hidden: true, click: () => this.light() }, "Light");
    const close = element("button", { type: "button", class: "button second", click: () => this.panel.close() }, "Close");
    const title = element("h2", { id: "camera-title" }, "Scan with the camera");
    const acts = element("p", { class: "row" }, close, this.torch);
    this.panel = element("dialog", { class: "camera", "aria-labelledby": "camera-title", close: () => this.stop() });
    this.panel.append(title, this.video, this.words, acts);
  }

  async open() {
    document.body.append(this.panel);
    this.panel.showModal();
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "insecure");
      const wanted = { video: { facingMode: "environment", width: { ideal: WIDEST } }, audio: false };
      this.began(await navigator.mediaDevices.getUserMedia(wanted));
      await this.video.play();
    } catch (error) {
      this.say(WORDS[error.name] ?? WORDS.other);
      this.video.hidden = true;
      return;
    }
    await this.look(await readerHere());
  }

  began(stream) {
    if (!this.panel.open) return void stream.getTracks().forEach((track) => track.stop());
    this.stream = stream;
    this.video.srcObject = stream;
    this.track = stream.getVideoTracks()[0];
    this.torch.hidden = !this.track.getCapabilities?.().torch;
  }

  async look(readHere) {
    const read = readHere ?? ((video) => this.readThere(video));
    while (this.panel.open && this.stream) {
      const text = await read(this.video).catch(() => null);
      if (text && this.panel.open) return this.found(text);
      await new Promise((done) => setTimeout(done, readHere ? PAUSE_HERE : PAUSE_THERE));
    }
  }

  async readThere(video) {
    if (!video.videoWidth) return null;
    const answer = await fetch(`${this.home}/counter/device/scan`, {
      method: "POST",
      body: await frameOf(video),
      headers: { Accept: "application/json", "Content-Type": "image/jpeg" },
    }).catch(() => null);
    this.say(!answer ? WORDS.apart : answer.status === TOO_FAST ? WORDS.fast : WORDS.looking);
    return answer?.ok ? (await answer.json()).codes[0] : null;
  }

  found(text) {
    this.panel.close();
    this.take(text);
  }

  async light() {
    this.isLit = !this.isLit;
    await this.track.applyConstraints({ advanced: [{ torch: this.isLit }] }).catch(() => {});
    this.torch.setAttribute("aria-pressed", String(this.isLit));
  }

  say(words) {
    if (this.words.textContent !== words) this.words.textContent = words;
  }

  stop() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.panel.remove();
  }
}

// The browser's own reader, where it has one that reads anything.
async function readerHere() {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.length) return null;
  const detector = new BarcodeDetector({ formats });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
}

function frameOf(video) {
  const scale = Math.min(1, WIDEST / video.videoWidth);
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth * scale;
  canvas.height = video.videoHeight * scale;
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}
