"""What managers approved at counters: each approval is used once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from connector.storage.database import Unit
from connector.storage.errors import Conflict
from connector.storage.scope import add_row, changed, row, rows, selected
from connector.storage.tables.shift_tables import approvals


class Approval(Struct, frozen=True):
    """Who approved what for whom: the act, what it is about, how much (minor units), why, and until when (UTC)."""

    id: str
    act: str
    about: str
    amount: int
    currency: str
    digits: int
    detail: str
    reason: str
    asked_by: int
    given_by: int
    location_id: int | None
    device_id: str | None
    training: bool
    at: datetime
    expires_at: datetime
    used_at: datetime | None = None


BINDING = ("act", "about", "amount", "currency", "digits", "detail", "asked_by", "device_id", "training")
"""What must be the same when an approval is used."""


def add(unit: Unit, approval: Approval) -> None:
    """Add an approval; raises Duplicate."""
    add_row(unit, approvals, {name: getattr(approval, name) for name in Approval.__struct_fields__})


def unused(unit: Unit, binding: Mapping[str, object], *, at: datetime) -> Approval | None:
    """The newest approval that is bound to just this and was neither used nor ended."""
    bound = [approvals.c[name].is_not_distinct_from(binding[name]) for name in BINDING]
    fresh = (*bound, approvals.c.used_at.is_(None), approvals.c.expires_at > at)
    found = row(unit, selected(unit, approvals, *fresh).order_by(approvals.c.at.desc(), approvals.c.id))
    return None if found is None else _approval(found)


def use(unit: Unit, approval_id: str, *, at: datetime) -> None:
    """Use an approval; raises Conflict when it was used before."""
    one = (approvals.c.id == approval_id) & approvals.c.used_at.is_(None)
    if not unit.connection.execute(changed(unit, approvals, one).values(used_at=at)).rowcount:
        raise Conflict(f"approval '{approval_id}' was used")


def used_between(unit: Unit, begin: datetime, *, end: datetime) -> tuple[Approval, ...]:
    """The approvals that were used in a time, oldest first; none of a training."""
    within = (approvals.c.used_at >= begin, approvals.c.used_at < end, approvals.c.training.is_(False))
    return tuple(_approval(one) for one in rows(unit, selected(unit, approvals, *within).order_by(approvals.c.used_at)))


def _approval(found: Mapping[str, Any]) -> Approval:
    return Approval(**{name: found[name] for name in Approval.__struct_fields__})
