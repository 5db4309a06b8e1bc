"""Photos that shoppers showed of what comes back: kept with their conversation, found by the return they are about."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import func, select

from connector.storage.database import Unit
from connector.storage.scope import added, changed, of_shop, row, rows
from connector.storage.tables.talk_tables import photos


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo without its picture: which line of the order it shows, how large it is, when it came."""

    id: str
    line_id: str
    width: int
    height: int
    at: datetime


PHOTO = tuple(photos.c[field.name] for field in fields(Photo))


def add(unit: Unit, conversation_id: str, *, photo: Photo, body: bytes) -> None:
    """Keep a photo that was shown in a conversation."""
    shown = {field.name: getattr(photo, field.name) for field in fields(Photo)}
    added(unit, photos, {"conversation_id": conversation_id, "body": body, **shown})


def count(unit: Unit, conversation_id: str) -> int:
    """How many photos were shown in a conversation."""
    of_it = of_shop(unit, photos) & (photos.c.conversation_id == conversation_id)
    return unit.connection.execute(select(func.count()).select_from(photos).where(of_it)).scalar_one()


def attach(unit: Unit, conversation_id: str, *, line_ids: Collection[str], return_id: str) -> None:
    """The photos of these lines, shown in a conversation, are about a return; those of an earlier one stay there."""
    of_it = (photos.c.conversation_id == conversation_id) & photos.c.line_id.in_(line_ids)
    free = photos.c.return_id.is_(None)
    unit.connection.execute(changed(unit, photos, of_it, free).values(return_id=return_id))


def of_return(unit: Unit, return_id: str) -> tuple[Photo, ...]:
    """The photos of a return, oldest first."""
    of_it = of_shop(unit, photos) & (photos.c.return_id == return_id)
    found = rows(unit, select(*PHOTO).where(of_it).order_by(photos.c.at, photos.c.id))
    return tuple(Photo(**one) for one in found)


def body(unit: Unit, return_id: str, *, photo_id: str) -> bytes | None:
    """The picture of a return's photo, a JPEG."""
    of_it = of_shop(unit, photos) & (photos.c.return_id == return_id) & (photos.c.id == photo_id)
    found = row(unit, select(photos.c.body).where(of_it))
    return None if found is None else bytes(found["body"])
