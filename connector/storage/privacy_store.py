"""What people asked of what is kept of them, and the files that were made for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from connector.storage.database import Unit
from connector.storage.scope import changed, row_where, rows, selected, upsert
from connector.storage.tables.privacy_tables import privacy_requests

Document = Mapping[str, Any]

EXPORT, ERASURE = "export", "erasure"


class PrivacyRequest(Struct, frozen=True):
    """A request: `subject` is the platform's number of the person; `document` is the file until it is forgotten."""

    id: str
    kind: str
    subject: str
    asked_at: datetime
    done_at: datetime | None = None
    document: Document | None = None


COLUMNS = PrivacyRequest.__struct_fields__


def begin(unit: Unit, request: PrivacyRequest) -> None:
    """Write a request down; one that is known already stays as it is."""
    values = {name: getattr(request, name) for name in COLUMNS}
    first = upsert(unit, privacy_requests).values(shop_id=unit.shop.id, **values)
    unit.connection.execute(first.on_conflict_do_nothing())


def end(unit: Unit, request_id: str, *, document: Document | None, at: datetime) -> None:
    """Note that it was done, and keep the file."""
    mine = changed(unit, privacy_requests, privacy_requests.c.id == request_id)
    unit.connection.execute(mine.values(done_at=at, document=document))


def get(unit: Unit, request_id: str) -> PrivacyRequest | None:
    """The request of this id."""
    found = row_where(unit, privacy_requests, id=request_id)
    return None if found is None else PrivacyRequest(**{name: found[name] for name in COLUMNS})


def latest(unit: Unit, *, limit: int) -> tuple[PrivacyRequest, ...]:
    """The newest requests, newest first."""
    newest = selected(unit, privacy_requests).order_by(privacy_requests.c.asked_at.desc(), privacy_requests.c.id)
    return tuple(PrivacyRequest(**{name: found[name] for name in COLUMNS}) for found in rows(unit, newest.limit(limit)))


def forget_files(unit: Unit, *, before: datetime) -> None:
    """Forget the files that were made before a time; that they were asked for stays known."""
    old = changed(unit, privacy_requests, privacy_requests.c.done_at < before)
    unit.connection.execute(old.values(document=None))


def forget_files_of(unit: Unit, subject: str) -> None:
    """Forget the files that were made for a person."""
    theirs = changed(unit, privacy_requests, privacy_requests.c.subject == subject)
    unit.connection.execute(theirs.values(document=None))
