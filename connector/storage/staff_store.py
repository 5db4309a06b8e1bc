"""The people of a shop, the links that bring them in and their sessions; only hashes of tokens are kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from connector.storage.database import Unit
from connector.storage.scope import (
    add_row,
    added,
    change_where,
    changed,
    next_number,
    removed,
    row,
    row_where,
    rows,
    selected,
)
from connector.storage.tables.people_tables import sessions, staff, staff_links


class Staff(Struct, frozen=True):
    """A person of the shop; `id` is a number within it, `login` what they sign in with once a password is set.

    `pin_until` is when a PIN that a manager lent ends (UTC), None for one of their own.
    """

    id: int
    name: str
    role: str
    added_at: datetime
    login: str | None = None
    password_hash: str | None = None
    disabled_at: datetime | None = None
    pin_hash: str | None = None
    pin_until: datetime | None = None


class Session(Struct, frozen=True):
    """A browser that somebody is signed in with; `id` names it to people, `agent` is what the browser says it is.

    `device_id` is the shared device on which it was begun with a PIN.
    """

    id: str
    staff_id: int
    agent: str
    started_at: datetime
    seen_at: datetime
    expires_at: datetime
    device_id: str | None = None


class Link(Struct, frozen=True):
    """A link that was handed out: whose it is and what it is for."""

    staff_id: int
    purpose: str
    used_at: datetime | None


def add_staff(unit: Unit, name: str, *, role: str, at: datetime) -> Staff:
    """Add a person."""
    values = {"id": next_number(unit, staff.c.id), "name": name, "role": role, "added_at": at}
    return _staff(added(unit, staff, values))


def get(unit: Unit, staff_id: int) -> Staff | None:
    """The person of this number."""
    found = row_where(unit, staff, id=staff_id)
    return None if found is None else _staff(found)


def find_by_login(unit: Unit, login: str) -> Staff | None:
    """The person who signs in with this."""
    found = row_where(unit, staff, login=login)
    return None if found is None else _staff(found)


def list_staff(unit: Unit) -> tuple[Staff, ...]:
    """Everybody, in the order in which they were added."""
    return tuple(_staff(found) for found in rows(unit, selected(unit, staff).order_by(staff.c.id)))


def set_password(unit: Unit, staff_id: int, *, login: str, password_hash: str) -> None:
    """Let a person sign in with a name and a password."""
    _change(unit, staff_id, login=login, password_hash=password_hash)


def rename(unit: Unit, staff_id: int, *, name: str) -> None:
    """Call a person something else."""
    _change(unit, staff_id, name=name)


def set_pin(unit: Unit, staff_id: int, *, pin_hash: str, until: datetime | None) -> None:
    """Let a person begin a shift with a PIN; one that is lent ends at `until`."""
    _change(unit, staff_id, pin_hash=pin_hash, pin_until=until)


def set_role(unit: Unit, staff_id: int, *, role: str) -> None:
    """Give a person another role."""
    _change(unit, staff_id, role=role)


def disable(unit: Unit, staff_id: int, *, at: datetime) -> None:
    """Let a person in no more."""
    _change(unit, staff_id, disabled_at=at)


def enable(unit: Unit, staff_id: int) -> None:
    """Let a person in again."""
    _change(unit, staff_id, disabled_at=None)


def add_link(unit: Unit, token_hash: str, *, staff_id: int, purpose: str, expires_at: datetime) -> None:
    """Add a link; raises Duplicate."""
    values = {"token_hash": token_hash, "staff_id": staff_id, "purpose": purpose, "expires_at": expires_at}
    add_row(unit, staff_links, values)


def link(unit: Unit, token_hash: str, *, at: datetime) -> Link | None:
    """The link of this token until it expires."""
    found = row(
        unit, selected(unit, staff_links, staff_links.c.token_hash == token_hash, staff_links.c.expires_at > at)
    )
    return None if found is None else Link(found["staff_id"], purpose=found["purpose"], used_at=found["used_at"])


def use_link(unit: Unit, token_hash: str, *, at: datetime) -> None:
    """Note when a link was last used."""
    change_where(unit, staff_links, {"used_at": at}, token_hash=token_hash)


def add_session(unit: Unit, token_hash: str, *, session: Session) -> None:
    """Add a session; raises Duplicate."""
    values = {name: getattr(session, name) for name in Session.__struct_fields__}
    add_row(unit, sessions, {"token_hash": token_hash, **values})


def session(unit: Unit, token_hash: str, *, at: datetime) -> Session | None:
    """The session of this token, None when it has expired or ended."""
    found = row(unit, selected(unit, sessions, sessions.c.token_hash == token_hash, sessions.c.expires_at > at))
    return None if found is None else _session(found)


def sessions_of(unit: Unit, *, at: datetime) -> tuple[Session, ...]:
    """Every session that has not expired, who was seen last first."""
    valid = selected(unit, sessions, sessions.c.expires_at > at).order_by(sessions.c.seen_at.desc(), sessions.c.id)
    return tuple(_session(found) for found in rows(unit, valid))


def see_session(unit: Unit, session_id: str, *, at: datetime, expires_at: datetime) -> None:
    """Somebody was seen: the session lasts longer."""
    named = sessions.c.id == session_id
    unit.connection.execute(changed(unit, sessions, named).values(seen_at=at, expires_at=expires_at))


def end_session(unit: Unit, session_id: str) -> None:
    """End a session; ending it again changes nothing."""
    unit.connection.execute(removed(unit, sessions, sessions.c.id == session_id))


def end_sessions_of(unit: Unit, staff_id: int) -> None:
    """End every session of a person."""
    unit.connection.execute(removed(unit, sessions, sessions.c.staff_id == staff_id))


def end_sessions_at(unit: Unit, device_id: str) -> tuple[int, ...]:
    """End every session of a shared device; whose they were."""
    ended = removed(unit, sessions, sessions.c.device_id == device_id).returning(sessions.c.staff_id)
    return tuple(unit.connection.execute(ended).scalars())


def _change(unit: Unit, staff_id: int, **values: object) -> None:
    change_where(unit, staff, values, id=staff_id)


def _staff(found: Mapping[str, Any]) -> Staff:
    return Staff(**{name: found[name] for name in Staff.__struct_fields__})


def _session(found: Mapping[str, Any]) -> Session:
    return Session(**{name: found[name] for name in Session.__struct_fields__})
