"""Returns with their groups and history; a save that does not follow what was read is refused."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Table, exists, func, or_, select

from connector.storage.database import Unit
from connector.storage.errors import Conflict
from connector.storage.prepared import Rows
from connector.storage.scope import (
    add_all,
    add_together,
    changed,
    of_shop,
    removed,
    row_where,
    rows,
    rows_where,
    selected,
)
from connector.storage.tables.return_tables import return_groups, return_history, returns
from domain.events import Actor, Entry
from domain.proof import number_key
from domain.returns import OVER, Return, UnitGroup
from domain.transitions import Acceptance, Reception, Settlement

PLAIN = (
    "id", "order_id", "order_number", "kind", "channel", "method", "opened_at", "quote_id", "version", "gift_receipt",
    "credit_to",
)  # fmt: skip
GROUP = (
    "id", "line_id", "quantity", "reason", "resolution", "title", "amount", "tax", "exchange_for", "fallback",
    "destination", "reception", "acceptance", "settlement", "grade", "disposition", "note",
)  # fmt: skip
NEWEST: ColumnElement[Any] = returns.c.opened_at.desc()
WITHDRAWAL = "withdrawal"
NO_LEGS = "no legs"
"""What a unit knows of a return that it has added."""
UNDECIDED = (Acceptance.PENDING, Acceptance.NEEDS_PERSON)


def insert(unit: Unit, found: Return) -> None:
    """Add a return with its groups and history; raises Duplicate. It has no legs until some are added."""
    groups, history = _group_rows(found), _history_rows(found, told=0)
    add_together(unit, (returns, [_values(found)]), (return_groups, groups), (return_history, history))
    unit.known[NO_LEGS, found.id] = True


def get(unit: Unit, return_id: str) -> Return | None:
    """The return of this id."""
    return next(iter(_whole(unit, rows_where(unit, returns, id=return_id))), None)


def order_of(unit: Unit, return_id: str) -> str | None:
    """The order of a return, for who must lock it before reading the return."""
    found = row_where(unit, returns, id=return_id)
    return None if found is None else str(found["order_id"])


def several(unit: Unit, ids: Iterable[str]) -> tuple[Return, ...]:
    """The returns of these ids, newest first."""
    return _read(unit, returns.c.id.in_(list(ids)))


def save(unit: Unit, found: Return, *, expected_version: int) -> Return:
    """Save a return that was read at a version, and add what is new in its history; the return as saved.

    Raises Conflict when it was saved by somebody else since, or is not there.
    """
    saved = replace(found, version=expected_version + 1)
    as_read = (returns.c.id == found.id) & (returns.c.version == expected_version)
    if not unit.connection.execute(changed(unit, returns, as_read).values(_values(saved))).rowcount:
        raise Conflict(f"return '{found.id}' is not at version {expected_version} any more")
    unit.connection.execute(removed(unit, return_groups, return_groups.c.return_id == found.id))
    add_all(unit, return_groups, _group_rows(saved))
    add_all(unit, return_history, _history_rows(saved, told=_told(unit, found.id)))
    return saved


def of_order(unit: Unit, order_id: str) -> tuple[Return, ...]:
    """All returns of an order, newest first."""
    return _whole(unit, rows_where(unit, returns, "-opened_at", "id", order_id=order_id))


def latest(unit: Unit, *, limit: int, before: datetime | None = None) -> tuple[Return, ...]:
    """The newest returns, opened before a time when one is given, newest first."""
    return _read(unit, *_before(before), limit=limit)


def undecided(unit: Unit) -> tuple[Return, ...]:
    """All returns that wait for a person's decision, newest first."""
    waits = return_groups.c.acceptance.in_(UNDECIDED) & return_groups.c.reception.not_in(sorted(OVER))
    return _read(unit, _any_group(unit, waits))


def unfinished(unit: Unit) -> tuple[Return, ...]:
    """All returns in which something is still to be decided, to come or to be given, newest first."""
    open_ones = return_groups.c.acceptance != Acceptance.REJECTED, return_groups.c.reception.not_in(sorted(OVER))
    return _read(unit, _any_group(unit, *open_ones, return_groups.c.settlement != Settlement.SETTLED))


def changed_since(unit: Unit, since: datetime) -> tuple[Return, ...]:
    """All returns whose history tells of something since a time, newest first."""
    mine = of_shop(unit, return_history) & (return_history.c.return_id == returns.c.id)
    return _read(unit, exists(select(return_history.c.n).where(mine, return_history.c.at >= since)))


def unsent(unit: Unit, *, limit: int) -> tuple[Return, ...]:
    """The oldest returns of which something accepted is still with the shopper and nothing was given for it.

    Withdrawals have no end and are left out: they would stand before the others for good.
    """
    at_home = return_groups.c.reception == Reception.AWAITING, return_groups.c.acceptance == Acceptance.ACCEPTED
    waits = _any_group(unit, *at_home, return_groups.c.settlement == Settlement.NONE)
    return _read(unit, waits, returns.c.kind != WITHDRAWAL, limit=limit, order=returns.c.opened_at)


def search(unit: Unit, text: str, *, limit: int, before: datetime | None = None) -> tuple[Return, ...]:
    """The newest returns whose RMA or order number contains a text, newest first."""
    named = or_(
        returns.c.id.contains(text.strip().upper(), autoescape=True),
        returns.c.number_key.contains(number_key(text), autoescape=True),
    )
    return _read(unit, named, *_before(before), limit=limit)


def _any_group(unit: Unit, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    mine = of_shop(unit, return_groups) & (return_groups.c.return_id == returns.c.id)
    return exists(select(return_groups.c.id).where(mine, *conditions))


def _before(at: datetime | None) -> tuple[ColumnElement[bool], ...]:
    return () if at is None else (returns.c.opened_at < at,)


def _read(
    unit: Unit,
    *conditions: ColumnElement[bool],
    limit: int | None = None,
    order: ColumnElement[Any] = NEWEST,
) -> tuple[Return, ...]:
    return _whole(unit, rows(unit, selected(unit, returns, *conditions).order_by(order, returns.c.id).limit(limit)))


def _whole(unit: Unit, found: Rows) -> tuple[Return, ...]:
    """Returns with their groups and history."""
    ids = [one["id"] for one in found]
    groups = _parts(unit, return_groups, order="position", ids=ids)
    history = _parts(unit, return_history, order="n", ids=ids)
    return tuple(_return(one, groups=groups.get(one["id"], []), history=history.get(one["id"], [])) for one in found)


def _parts(unit: Unit, table: Table, *, order: str, ids: list[str]) -> dict[str, Rows]:
    """The rows of a table that belong to some returns, by return."""
    parts: dict[str, Rows] = {}
    for found in _of_returns(unit, table, order=order, ids=ids):
        parts.setdefault(found["return_id"], []).append(found)
    return parts


def _of_returns(unit: Unit, table: Table, *, order: str, ids: list[str]) -> Rows:
    """Most often it is one return that is read, and its statement is ready."""
    if not ids:
        return []
    if len(ids) == 1:
        return rows_where(unit, table, order, return_id=ids[0])
    return rows(unit, selected(unit, table, table.c.return_id.in_(ids)).order_by(table.c[order]))


def _told(unit: Unit, return_id: str) -> int:
    told = select(func.count()).where(of_shop(unit, return_history), return_history.c.return_id == return_id)
    return unit.connection.execute(told).scalar_one()


def _values(found: Return) -> dict[str, object]:
    return {name: getattr(found, name) for name in PLAIN} | {"number_key": number_key(found.order_number)}


def _group_rows(found: Return) -> list[dict[str, object]]:
    return [
        {"return_id": found.id, "position": n, **{name: getattr(group, name) for name in GROUP}}
        for n, group in enumerate(found.groups)
    ]


def _history_rows(found: Return, *, told: int) -> list[dict[str, object]]:
    news = enumerate(found.history[told:], start=told + 1)
    return [{"return_id": found.id, "n": n, **_entry_values(entry)} for n, entry in news]


def _entry_values(entry: Entry) -> dict[str, object]:
    return {
        "at": entry.at,
        "actor_kind": entry.actor.kind,
        "actor_name": entry.actor.name,
        "act": entry.act,
        "why": entry.why,
        "details": entry.details,
    }


def _return(
    found: Mapping[str, Any], *, groups: Iterable[Mapping[str, Any]], history: Iterable[Mapping[str, Any]]
) -> Return:
    return Return(
        **{name: found[name] for name in PLAIN},
        groups=tuple(_group(group) for group in groups),
        history=tuple(_entry(entry) for entry in history),
    )


def _group(found: Mapping[str, Any]) -> UnitGroup:
    axes = {
        "reception": Reception(found["reception"]),
        "acceptance": Acceptance(found["acceptance"]),
        "settlement": Settlement(found["settlement"]),
    }
    return UnitGroup(**{name: found[name] for name in GROUP} | axes)


def _entry(found: Mapping[str, Any]) -> Entry:
    actor = Actor(kind=found["actor_kind"], name=found["actor_name"])
    return Entry(at=found["at"], actor=actor, act=found["act"], why=found["why"], details=found["details"])
