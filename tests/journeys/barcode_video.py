"""What Chromium's pretended camera shows: a code, drawn into a film of a few frames."""

import io
from pathlib import Path

import segno
from PIL import Image

WIDTH, HEIGHT, FRAMES = 640, 480, 10


def film_of(text: str, path: Path) -> Path:
    """A film (Y4M) in which the QR code of a text is held in front of the camera."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=8, border=4)
    code = Image.open(drawn).convert("L")
    frame = Image.new("L", (WIDTH, HEIGHT), 90)
    frame.paste(code, ((WIDTH - code.width) // 2, (HEIGHT - code.height) // 2))
    grey = bytes([128]) * (WIDTH * HEIGHT // 4)
    whole = b"FRAME\n" + frame.tobytes() + grey + grey
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + whole * FRAMES)
    return path
