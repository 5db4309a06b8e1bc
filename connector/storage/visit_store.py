"""Visits: the returns that one person brought at one time, for one receipt."""

from datetime import datetime

from connector.storage.database import Unit
from connector.storage.scope import add_row, put, row, row_where, rows, selected
from connector.storage.tables.counter_tables import visit_returns, visits


def begin(unit: Unit, visit_id: str, *, opened_by: str, at: datetime) -> None:
    """Begin a visit; raises Duplicate."""
    add_row(unit, visits, {"id": visit_id, "opened_by": opened_by, "opened_at": at})


def is_known(unit: Unit, visit_id: str) -> bool:
    """Whether there is such a visit."""
    return row_where(unit, visits, id=visit_id) is not None


def join(unit: Unit, visit_id: str, *, return_id: str, at: datetime) -> None:
    """Let a return belong to a visit; again changes nothing but the time."""
    put(unit, visit_returns, {"visit_id": visit_id, "return_id": return_id, "at": at})


def returns_of(unit: Unit, visit_id: str) -> tuple[str, ...]:
    """The numbers of a visit's returns, in their order."""
    mine = selected(unit, visit_returns, visit_returns.c.visit_id == visit_id)
    return tuple(one["return_id"] for one in rows(unit, mine.order_by(visit_returns.c.at, visit_returns.c.return_id)))


def visit_of(unit: Unit, return_id: str) -> str | None:
    """The visit that a return belongs to, the newest."""
    theirs = selected(unit, visit_returns, visit_returns.c.return_id == return_id)
    found = row(unit, theirs.order_by(visit_returns.c.at.desc()))
    return None if found is None else str(found["visit_id"])
