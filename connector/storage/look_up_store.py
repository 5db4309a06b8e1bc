"""What a device is told before it is on its own: what changed last, and what changed since."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.sql import Select

from connector.storage.database import Unit
from connector.storage.scope import of_shop
from connector.storage.tables.order_tables import orders
from connector.storage.tables.return_tables import return_history


class Place(Struct, frozen=True):
    """The place of a return or an order in the row of changes: when it changed (UTC), and its id."""

    at: datetime
    id: str


def returns_last(unit: Unit, *, since: datetime, limit: int) -> tuple[Place, ...]:
    """The returns that changed last, not before a time; oldest change first."""
    found = _changes(unit, since).order_by(func.max(return_history.c.at).desc(), return_history.c.return_id)
    return tuple(reversed(_places(unit, found, limit)))


def returns_after(unit: Unit, after: Place, *, limit: int) -> tuple[Place, ...]:
    """The returns that changed after a place, oldest change first."""
    changed_at = func.max(return_history.c.at)
    found = _changes(unit, after.at).having(_later(changed_at, return_history.c.return_id, after))
    return _places(unit, found.order_by(changed_at, return_history.c.return_id), limit)


def orders_last(unit: Unit, *, since: datetime, limit: int) -> tuple[Place, ...]:
    """The orders placed last, not before a time; oldest first."""
    found = _placed(unit, orders.c.placed_at >= since).order_by(orders.c.placed_at.desc(), orders.c.id)
    return tuple(reversed(_places(unit, found, limit)))


def orders_after(unit: Unit, after: Place, *, limit: int) -> tuple[Place, ...]:
    """The orders placed after a place, oldest first."""
    found = _placed(unit, _later(orders.c.placed_at, orders.c.id, after))
    return _places(unit, found.order_by(orders.c.placed_at, orders.c.id), limit)


def _changes(unit: Unit, since: datetime) -> Select[Any]:
    line = return_history.c
    named = select(func.max(line.at).label("at"), line.return_id.label("id"))
    return named.where(of_shop(unit, return_history), line.at >= since).group_by(line.return_id)


def _placed(unit: Unit, condition: ColumnElement[bool]) -> Select[Any]:
    return select(orders.c.placed_at.label("at"), orders.c.id).where(of_shop(unit, orders), condition)


def _later(at: ColumnElement[Any], id_: ColumnElement[Any], after: Place) -> ColumnElement[bool]:
    return or_(at > after.at, and_(at == after.at, id_ > after.id))


def _places(unit: Unit, selection: Select[Any], limit: int) -> tuple[Place, ...]:
    found: list[Row[Any]] = list(unit.connection.execute(selection.limit(limit)))
    return tuple(Place(at=one.at, id=one.id) for one in found)
