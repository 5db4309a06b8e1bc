"""Photos that a shopper shows of what comes back: drawn anew, kept under the shop, seen by its people only."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from connector.application import Application
from connector.services.errors import InvalidInput, NotFound
from connector.storage import photo_store
from connector.storage.database import Unit
from connector.storage.photo_store import Photo
from connector.storage.shop_store import Shop

if TYPE_CHECKING:
    from PIL.Image import Image as Opened

FORMATS = ("JPEG", "PNG", "WEBP")
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
"""What files of these formats begin with; what they are called and said to be is not believed."""
MOST_AT_ONCE = 4
MOST_BYTES = 8_388_608
MOST_IN_A_CONVERSATION = 12
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2048
QUALITY = 85
WHITE = (255, 255, 255)
UNREADABLE = "That is no photo that can be read: JPEG, PNG or WebP, of 8 MB at most."


class Picture(Struct, frozen=True):
    """A picture that is ours: a JPEG without anything but its pixels."""

    body: bytes
    width: int
    height: int


def redrawn(given: Sequence[bytes]) -> tuple[Picture, ...]:
    """Photos drawn anew, so that nothing of their files is left but what they show. Raises InvalidInput."""
    if not 0 < len(given) <= MOST_AT_ONCE:
        raise InvalidInput(f"Add one to {MOST_AT_ONCE} photos at a time.", at="photo")
    return tuple(_redrawn(one) for one in given)


def keep(app: Application, unit: Unit, conversation_id: str, *, line_id: str, pictures: Sequence[Picture]) -> None:
    """Keep photos of a line within the caller's transaction. Raises InvalidInput when it has enough of them."""
    if photo_store.count(unit, conversation_id) + len(pictures) > MOST_IN_A_CONVERSATION:
        raise InvalidInput(f"A conversation takes {MOST_IN_A_CONVERSATION} photos at most.", at="photo")
    for one in pictures:
        photo = Photo(id=f"p_{app.token()}", line_id=line_id, width=one.width, height=one.height, at=app.clock())
        photo_store.add(unit, conversation_id, photo=photo, body=one.body)


def attach(app: Application, shop: Shop, *, conversation_id: str, line_ids: Sequence[str], return_id: str) -> None:
    """What was shown of these lines is about this return; doing it again changes nothing."""
    with app.database.read(shop) as unit:
        there = photo_store.count(unit, conversation_id)
    if there:
        app.database.write(
            shop, lambda unit: photo_store.attach(unit, conversation_id, line_ids=line_ids, return_id=return_id)
        )


def of_return(app: Application, shop: Shop, *, return_id: str) -> tuple[Photo, ...]:
    """The photos that the shopper showed of a return."""
    with app.database.read(shop) as unit:
        return photo_store.of_return(unit, return_id)


def picture(app: Application, shop: Shop, *, return_id: str, photo_id: str) -> bytes:
    """One of them, a JPEG; raises NotFound."""
    with app.database.read(shop) as unit:
        found = photo_store.body(unit, return_id, photo_id=photo_id)
    if found is None:
        raise NotFound("There is no such photo.")
    return found


def _redrawn(given: bytes) -> Picture:
    from PIL import Image  # 3 MB that a server starts without, and 25 ms at the first photo

    if len(given) > MOST_BYTES or not given.startswith(BEGINNINGS):
        raise InvalidInput(UNREADABLE, at="photo")
    try:
        with Image.open(io.BytesIO(given), formats=FORMATS) as opened:
            return _drawn(opened)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InvalidInput(UNREADABLE, at="photo") from error


def _drawn(opened: "Opened") -> Picture:
    """The picture as it is seen, upright, on white, no larger than needed; refused unread when it is huge."""
    from PIL import Image, ImageOps

    if opened.width * opened.height > MOST_PIXELS:
        raise InvalidInput(UNREADABLE, at="photo")
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(opened).convert("RGBA")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size, WHITE)
    plain.paste(upright, mask=upright.getchannel("A"))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), width=plain.width, height=plain.height)
