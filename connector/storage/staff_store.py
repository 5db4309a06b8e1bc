"""The people of a shop, their sign-in links and their sessions; only hashes of tokens are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from connector.storage.database import Unit
from connector.storage.scope import added, changed, next_number, removed, row, rows, selected
from connector.storage.tables.people_tables import sessions, staff, staff_links


@dataclass(frozen=True, slots=True)
class Staff:
    """A person of the shop; `id` is a number within it, `role` a word of the sign-in."""

    id: int
    name: str
    role: str
    added_at: datetime


def add_staff(unit: Unit, name: str, *, role: str, at: datetime) -> Staff:
    """Add a person."""
    values = {"id": next_number(unit, staff.c.id), "name": name, "role": role, "added_at": at}
    return _staff(added(unit, staff, values))


def get(unit: Unit, staff_id: int) -> Staff | None:
    """The person of this number."""
    found = row(unit, selected(unit, staff, staff.c.id == staff_id))
    return None if found is None else _staff(found)


def list_staff(unit: Unit) -> tuple[Staff, ...]:
    """Everybody, in the order in which they were added."""
    return tuple(_staff(found) for found in rows(unit, selected(unit, staff).order_by(staff.c.id)))


def add_link(unit: Unit, token_hash: str, *, staff_id: int, expires_at: datetime) -> None:
    """Add a sign-in link; raises Duplicate."""
    added(unit, staff_links, {"token_hash": token_hash, "staff_id": staff_id, "expires_at": expires_at})


def use_link(unit: Unit, token_hash: str, *, at: datetime) -> Staff | None:
    """Whose link this is until it expires, else None; when it was last used is noted."""
    named = staff_links.c.token_hash == token_hash
    statement = changed(unit, staff_links, named, staff_links.c.expires_at > at).values(used_at=at)
    if not unit.connection.execute(statement).rowcount:
        return None
    return _whose(unit, staff_links, token_hash)


def add_session(unit: Unit, token_hash: str, *, staff_id: int, at: datetime, expires_at: datetime) -> None:
    """Add a session; raises Duplicate."""
    values = {"token_hash": token_hash, "staff_id": staff_id, "started_at": at, "expires_at": expires_at}
    added(unit, sessions, values)


def session(unit: Unit, token_hash: str, *, at: datetime) -> Staff | None:
    """Whose session this is, None when it has expired or ended."""
    valid = selected(unit, sessions, sessions.c.token_hash == token_hash, sessions.c.expires_at > at)
    return _whose(unit, sessions, token_hash) if row(unit, valid) else None


def end_session(unit: Unit, token_hash: str) -> None:
    """End a session; ending it again changes nothing."""
    unit.connection.execute(removed(unit, sessions, sessions.c.token_hash == token_hash))


def _whose(unit: Unit, table: Table, token_hash: str) -> Staff | None:
    found = row(unit, selected(unit, table, table.c.token_hash == token_hash))
    return None if found is None else get(unit, found["staff_id"])


def _staff(found: Mapping[str, Any]) -> Staff:
    return Staff(id=found["id"], name=found["name"], role=found["role"], added_at=found["added_at"])
