"""Pictures that somebody sends: read within limits, kept without what the camera wrote, searched for codes."""

import io
from typing import TYPE_CHECKING

from connector.application import Application
from connector.services.errors import InvalidInput, TooManyAttempts
from connector.storage import attempt_store
from connector.storage.shop_store import Shop

if TYPE_CHECKING:
    from PIL.Image import Image as Opened

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 8_000_000
"""More than our pages send, which make pictures smaller first; its size is read before any of it is unpacked."""
KEPT_SIDE = 1600
QUALITY = 80
SEARCHED_SIDE = 1600
LONGEST_CODE = 200
MOST_CODES = 8
WINDOW_SECONDS = 60
FRAMES_OF_A_PERSON = 180
UNREADABLE = "That is not a picture that can be read. JPEG, PNG and WebP are."


def kept_form(body: bytes) -> bytes:
    """A picture as it is kept: upright, at most 1600 pixels wide or high, JPEG, without place, time or camera.

    Raises InvalidInput.
    """
    picture = _opened(body)
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE))
    kept = io.BytesIO()
    picture.save(kept, format="JPEG", quality=QUALITY)
    return kept.getvalue()


def codes_in(body: bytes) -> tuple[str, ...]:
    """The texts of the codes in a picture, each once; raises InvalidInput."""
    import zxingcpp  # 2 MB that a server starts without, and 10 ms at the first picture

    picture = _opened(body).convert("L")
    picture.thumbnail((SEARCHED_SIDE, SEARCHED_SIDE))
    found = [code.text.strip() for code in zxingcpp.read_barcodes(picture)]
    return tuple(dict.fromkeys(text for text in found if text and len(text) <= LONGEST_CODE))[:MOST_CODES]


def count_frame(app: Application, shop: Shop, *, person: int) -> None:
    """Count a picture that somebody wants searched; raises TooManyAttempts."""
    key = f"frames:{person}"
    hits = app.database.write(
        shop, lambda unit: attempt_store.hit(unit, key, at=app.clock(), window_seconds=WINDOW_SECONDS)
    )
    if hits > FRAMES_OF_A_PERSON:
        raise TooManyAttempts("Too many pictures in a minute. Type the number instead.", retry_after=WINDOW_SECONDS)


def _opened(body: bytes) -> "Opened":
    # 3 MB that a server starts without, and 25 ms at the first picture.
    from PIL import Image, ImageOps

    try:
        picture = Image.open(io.BytesIO(body), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise InvalidInput("That picture is too large.", at="picture")
        return ImageOps.exif_transpose(picture).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InvalidInput("That picture is too large.", at="picture") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise InvalidInput(UNREADABLE, at="picture") from error
