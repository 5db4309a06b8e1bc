"""Long lists page by page: a page begins after the last row of the one before, whatever was added meanwhile."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, or_

from connector.storage.database import Unit
from connector.storage.scope import rows, selected
from connector.storage.tables.order_tables import orders
from connector.storage.tables.return_tables import return_history, returns

Document = dict[str, Any]


class After(Struct, frozen=True):
    """Where a page begins: after the row of this time and id; `n` tells lines of one return's history apart."""

    at: datetime
    id: str
    n: int = 0


class HistoryLine(Struct, frozen=True):
    """A line of some return's history."""

    return_id: str
    n: int
    at: datetime
    actor_kind: str
    actor_name: str
    act: str
    why: str
    details: Document


def orders_after(unit: Unit, after: After | None, *, limit: int) -> tuple[tuple[After, Document], ...]:
    """Orders with their places, those placed last first."""
    newest = selected(unit, orders, *_older(after, orders.c.placed_at, id_=orders.c.id))
    found = rows(unit, newest.order_by(orders.c.placed_at.desc(), orders.c.id).limit(limit))
    return tuple((After(one["placed_at"], one["id"]), one["document"]) for one in found)


def returns_after(unit: Unit, after: After | None, *, limit: int) -> tuple[After, ...]:
    """The places of returns, whose ids are theirs, those opened last first."""
    newest = selected(unit, returns, *_older(after, returns.c.opened_at, id_=returns.c.id))
    found = rows(unit, newest.order_by(returns.c.opened_at.desc(), returns.c.id).limit(limit))
    return tuple(After(one["opened_at"], one["id"]) for one in found)


def history_after(unit: Unit, after: After | None, *, limit: int) -> tuple[HistoryLine, ...]:
    """Lines of the history of all returns, newest first."""
    line = return_history.c
    newest = selected(unit, return_history, *_older(after, line.at, id_=line.return_id, n=line.n))
    found = rows(unit, newest.order_by(line.at.desc(), line.return_id, line.n.desc()).limit(limit))
    return tuple(HistoryLine(**{name: one[name] for name in HistoryLine.__struct_fields__}) for one in found)


def _older(
    after: After | None, at: ColumnElement[Any], *, id_: ColumnElement[Any], n: ColumnElement[int] | None = None
) -> tuple[ColumnElement[bool], ...]:
    """What stands behind a place, in the order of time downwards, then id upwards, then number downwards."""
    if after is None:
        return ()
    behind = [at < after.at, and_(at == after.at, id_ > after.id)]
    if n is not None:
        behind.append(and_(at == after.at, id_ == after.id, n < after.n))
    return (or_(*behind),)
