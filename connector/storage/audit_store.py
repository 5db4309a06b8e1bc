"""What people did that others may want to know; lines are added and never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select

from connector.storage.database import Unit
from connector.storage.scope import added, next_number, rows, selected
from connector.storage.tables.audit_tables import audit
from connector.storage.tables.install_tables import shops


class Line(Struct, frozen=True):
    """One act: who did what, to what, when (UTC)."""

    n: int
    at: datetime
    actor_kind: str
    actor_name: str
    act: str
    about: str
    details: Mapping[str, Any]


def add(
    unit: Unit, act: str, *, actor_kind: str, actor_name: str, about: str, details: Mapping[str, object], at: datetime
) -> None:
    """Add a line."""
    _one_at_a_time(unit)
    values = {"actor_kind": actor_kind, "actor_name": actor_name, "act": act, "about": about, "details": details}
    added(unit, audit, {"n": next_number(unit, audit.c.n), "at": at, **values})


def lines(unit: Unit, *, before: int | None = None, limit: int) -> tuple[Line, ...]:
    """The newest lines, those before a number."""
    earlier = () if before is None else (audit.c.n < before,)
    newest = selected(unit, audit, *earlier).order_by(audit.c.n.desc()).limit(limit)
    return tuple(Line(**{name: found[name] for name in Line.__struct_fields__}) for found in rows(unit, newest))


def _one_at_a_time(unit: Unit) -> None:
    """Lines are numbered without a gap, so who adds one waits for who is adding one to the same shop."""
    shop = select(shops.c.id).where(shops.c.id == unit.shop.id)
    unit.connection.execute(shop.with_for_update(key_share=True))
