"""Batches of goods between locations with their history; a save that does not follow what was read is refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connector.storage.database import Unit
from connector.storage.errors import Conflict
from connector.storage.scope import add_all, add_row, changed, row_where, rows, selected
from connector.storage.tables.goods_tables import batch_history, batches
from domain.events import Actor, Entry
from domain.stockroom import Batch, BatchState

MOST = 100


def add(unit: Unit, batch: Batch, *, at: datetime) -> None:
    """Add a batch with its history; raises Duplicate."""
    add_row(unit, batches, {**_values(batch), "opened_at": at})
    add_all(unit, batch_history, _history(batch, told=0))


def get(unit: Unit, batch_id: str) -> Batch | None:
    """The batch of this id."""
    found = row_where(unit, batches, id=batch_id)
    return None if found is None else _batch(found, _told(unit, batch_id))


def save(unit: Unit, batch: Batch, *, before: Batch) -> Batch:
    """Save a batch that was read as `before`, and add what is new in its history; raises Conflict."""
    as_read = (batches.c.id == batch.id) & (batches.c.version == before.version)
    values = {"state": batch.state, "version": before.version + 1}
    if not unit.connection.execute(changed(unit, batches, as_read).values(values)).rowcount:
        raise Conflict(f"batch '{batch.id}' was changed by somebody else")
    add_all(unit, batch_history, _history(batch, told=len(before.history)))
    return Batch(batch.id, batch.origin_id, batch.destination_id, batch.state, batch.history, before.version + 1)


def latest(unit: Unit) -> tuple[Batch, ...]:
    """The newest batches, newest first, without their history."""
    found = rows(unit, selected(unit, batches).order_by(batches.c.opened_at.desc(), batches.c.id).limit(MOST))
    return tuple(_batch(one, ()) for one in found)


def _told(unit: Unit, batch_id: str) -> tuple[Entry, ...]:
    mine = selected(unit, batch_history, batch_history.c.batch_id == batch_id).order_by(batch_history.c.n)
    return tuple(_entry(one) for one in rows(unit, mine))


def _values(batch: Batch) -> dict[str, object]:
    return {
        "id": batch.id,
        "origin_id": batch.origin_id,
        "destination_id": batch.destination_id,
        "state": batch.state,
        "version": batch.version,
    }


def _history(batch: Batch, *, told: int) -> Sequence[Mapping[str, object]]:
    return [
        {
            "batch_id": batch.id,
            "n": n,
            "at": entry.at,
            "actor_kind": entry.actor.kind,
            "actor_name": entry.actor.name,
            "act": entry.act,
            "why": entry.why,
            "details": entry.details,
        }
        for n, entry in enumerate(batch.history[told:], start=told + 1)
    ]


def _batch(found: Mapping[str, Any], history: tuple[Entry, ...]) -> Batch:
    state = BatchState(found["state"])
    return Batch(found["id"], found["origin_id"], found["destination_id"], state, history, found["version"])


def _entry(found: Mapping[str, Any]) -> Entry:
    actor = Actor(kind=found["actor_kind"], name=found["actor_name"])
    return Entry(at=found["at"], actor=actor, act=found["act"], why=found["why"], details=found["details"])
