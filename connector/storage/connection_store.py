"""A shop's connections to platforms, and owners on their way to approve one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

from connector.storage.database import Unit
from connector.storage.scope import add_row, change_where, changed, put, removed, row, row_where, selected
from connector.storage.tables.connection_tables import connection_states, connections


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection: `sealed` is its key, `details` say what is known of the platform; changes are known up to then."""

    channel: str
    address: str
    sealed: str = field(repr=False)
    details: Mapping[str, object]
    connected_at: datetime
    heard_until: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """An owner who was sent to a platform to approve; `sealed` is the key, empty until it was handed over."""

    state_hash: str
    channel: str
    address: str
    sealed: str = field(repr=False)
    expires_at: datetime


CONNECTION = tuple(one.name for one in fields(Connection))
APPROVAL = tuple(one.name for one in fields(Approval))


def save(unit: Unit, connection: Connection) -> None:
    """Add a connection, or change the one of its channel."""
    put(unit, connections, {name: getattr(connection, name) for name in CONNECTION})


def get(unit: Unit, channel: str) -> Connection | None:
    """The connection to a channel."""
    found = row_where(unit, connections, channel=channel)
    return None if found is None else Connection(**{name: found[name] for name in CONNECTION})


def heard(unit: Unit, channel: str, *, until: datetime) -> None:
    """Note up to when the platform's changes are known."""
    change_where(unit, connections, {"heard_until": until}, channel=channel)


def remove(unit: Unit, channel: str) -> None:
    """Remove a connection with its key, and every approval of it."""
    unit.connection.execute(removed(unit, connections, connections.c.channel == channel))
    unit.connection.execute(removed(unit, connection_states, connection_states.c.channel == channel))


def begin_approval(unit: Unit, approval: Approval, *, at: datetime) -> None:
    """Remember an owner who was sent away; those whose time is over are forgotten."""
    unit.connection.execute(removed(unit, connection_states, connection_states.c.expires_at < at))
    add_row(unit, connection_states, {name: getattr(approval, name) for name in APPROVAL})


def approval_of(unit: Unit, state_hash: str, *, at: datetime) -> Approval | None:
    """The approval of a state, while its time lasts."""
    mine = connection_states.c.state_hash == state_hash
    found = row(unit, selected(unit, connection_states, mine, connection_states.c.expires_at > at))
    return None if found is None else Approval(**{name: found[name] for name in APPROVAL})


def hand_over(unit: Unit, state_hash: str, *, sealed: str) -> bool:
    """Keep the key that was handed over; whether it was the first one."""
    first = (connection_states.c.state_hash == state_hash) & (connection_states.c.sealed == "")
    return bool(unit.connection.execute(changed(unit, connection_states, first).values(sealed=sealed)).rowcount)


def end_approval(unit: Unit, state_hash: str) -> bool:
    """Use a state up; whether it was there."""
    mine = removed(unit, connection_states, connection_states.c.state_hash == state_hash)
    return bool(unit.connection.execute(mine).rowcount)
