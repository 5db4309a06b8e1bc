"""Photos of what comes back: shown by shoppers in a conversation, or taken by staff; found by the return."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from connector.storage.database import Unit
from connector.storage.scope import add_row, changed, every, of_shop, prepared, row, rows
from connector.storage.tables.talk_tables import photos


class Photo(Struct, frozen=True):
    """A photo without its picture: which line of the order it shows, how large it is, when it came.

    `taken_by` is who took it at a counter, None for a shopper's.
    """

    id: str
    line_id: str
    width: int
    height: int
    at: datetime
    taken_by: str | None = None


PHOTO = tuple(photos.c[name] for name in Photo.__struct_fields__)
COUNT = prepared(
    select(func.count().label("photos")).where(photos.c.conversation_id == bindparam("conversation_id")), photos
)


def add(unit: Unit, conversation_id: str | None, *, photo: Photo, body: bytes) -> None:
    """Keep a photo that was shown in a conversation, or taken at a counter."""
    shown = {name: getattr(photo, name) for name in Photo.__struct_fields__}
    add_row(unit, photos, {"conversation_id": conversation_id, "body": body, **shown})


def count(unit: Unit, conversation_id: str) -> int:
    """How many photos were shown in a conversation."""
    found = every(unit, COUNT, conversation_id=conversation_id)
    return int(found[0]["photos"])


def attach(unit: Unit, conversation_id: str, *, line_ids: Collection[str], return_id: str) -> None:
    """The photos of these lines, shown in a conversation, are about a return; those of an earlier one stay there."""
    of_it = (photos.c.conversation_id == conversation_id) & photos.c.line_id.in_(line_ids)
    free = photos.c.return_id.is_(None)
    unit.connection.execute(changed(unit, photos, of_it, free).values(return_id=return_id))


def claim(unit: Unit, photo_ids: Collection[str], *, line_id: str, return_id: str) -> None:
    """Photos that were taken at a counter and are no return's yet are of a line of this one."""
    loose = photos.c.id.in_(photo_ids) & photos.c.conversation_id.is_(None) & photos.c.return_id.is_(None)
    unit.connection.execute(changed(unit, photos, loose).values(line_id=line_id, return_id=return_id))


def of_return(unit: Unit, return_id: str) -> tuple[Photo, ...]:
    """The photos of a return, oldest first."""
    of_it = of_shop(unit, photos) & (photos.c.return_id == return_id)
    found = rows(unit, select(*PHOTO).where(of_it).order_by(photos.c.at, photos.c.id))
    return tuple(Photo(**one) for one in found)


def body(unit: Unit, return_id: str | None, *, photo_id: str) -> bytes | None:
    """The picture of a return's photo, a JPEG; with None that of one that was taken and is no return's yet."""
    of_it = of_shop(unit, photos) & photos.c.return_id.is_not_distinct_from(return_id) & (photos.c.id == photo_id)
    if return_id is None:
        of_it = of_it & photos.c.conversation_id.is_(None)
    found = row(unit, select(photos.c.body).where(of_it))
    return None if found is None else bytes(found["body"])
