"""The legs of settlements and the ledger of what was really given.

One leg of an order is under way at a time (a unique index says so), and a settled leg stays settled.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from connector.storage.database import Unit
from connector.storage.errors import Conflict, NotFound
from connector.storage.return_store import NO_LEGS
from connector.storage.scope import (
    add_all,
    add_row,
    change_where,
    changed,
    of_shop,
    row_where,
    rows,
    rows_where,
    selected,
)
from connector.storage.tables.money_tables import ledger, legs
from domain.settlement import Leg, LegState

Document = Mapping[str, object]

WAITING = (LegState.BY_HAND, LegState.UNKNOWN, LegState.FAILED)


class LedgerLine(Struct, frozen=True):
    """What was given under a leg's key: `amount` in minor units, `at` when we recorded it."""

    key: str
    return_id: str
    order_id: str
    kind: str
    amount: int
    currency: str
    digits: int
    payment_id: str | None
    receipt: Document | None
    at: datetime


LEG = Leg.__struct_fields__
LINE = LedgerLine.__struct_fields__


def add_legs(unit: Unit, several: Sequence[Leg], *, at: datetime | None = None) -> None:
    """Add the legs of a settlement in their order; raises Duplicate."""
    for leg in several:
        unit.known.pop((NO_LEGS, leg.return_id), None)
    add_all(unit, legs, [{"position": n, "changed_at": at, **_values(leg)} for n, leg in enumerate(several)])


def legs_of(unit: Unit, return_id: str) -> tuple[Leg, ...]:
    """The legs of a return in their order."""
    if (NO_LEGS, return_id) in unit.known:
        return ()
    return tuple(_leg(found) for found in rows_where(unit, legs, "position", "key", return_id=return_id))


def get(unit: Unit, key: str) -> Leg | None:
    """The leg of this key."""
    found = row_where(unit, legs, key=key)
    return None if found is None else _leg(found)


def claim(unit: Unit, key: str, *, at: datetime) -> bool:
    """Take a leg that is due to be sent; False when it is not due or another leg of its order is under way."""
    other = legs.alias()
    order_of = select(legs.c.order_id).where(of_shop(unit, legs), legs.c.key == key).scalar_subquery()
    busy = select(other.c.key).where(
        other.c.shop_id == unit.shop.id, other.c.order_id == order_of, other.c.state == LegState.SENDING
    )
    due = (legs.c.key == key) & (legs.c.state == LegState.DUE) & ~busy.exists()
    statement = changed(unit, legs, due).values(state=LegState.SENDING, changed_at=at)
    try:
        with unit.connection.begin_nested():
            return unit.connection.execute(statement).rowcount == 1
    except IntegrityError:
        return False


def record(unit: Unit, key: str, *, state: str, receipt: Document | None, at: datetime) -> None:
    """Note how a leg stands; a settled one is added to the ledger.

    Raises NotFound, Conflict when the leg is settled already.
    """
    unsettled = (legs.c.key == key) & (legs.c.state != LegState.SETTLED)
    statement = changed(unit, legs, unsettled).values(state=state, receipt=receipt, changed_at=at)
    if not unit.connection.execute(statement).rowcount:
        raise _refusal(unit, key)
    if state == LegState.SETTLED:
        _write_down(unit, key, at=at)


def begin_try(unit: Unit, key: str, *, after: int, at: datetime) -> None:
    """Note that a leg is about to be sent once more; raises Conflict when another did so after that many tries."""
    mine = (legs.c.key == key) & (legs.c.state == LegState.SENDING) & (legs.c.tries == after)
    statement = changed(unit, legs, mine).values(tries=after + 1, tried_at=at)
    if not unit.connection.execute(statement).rowcount:
        raise Conflict(f"leg '{key}' is sent by another")


def doubt(unit: Unit, key: str, *, at: datetime) -> None:
    """Note that what is known of a leg is not certain any more, even of a settled one; its line of the ledger stays.

    It counts as a try, so that whoever is sending it meanwhile sees that they are not alone.
    """
    theirs = changed(unit, legs, legs.c.key == key)
    statement = theirs.values(state=LegState.UNKNOWN, tries=legs.c.tries + 1, changed_at=at)
    unit.connection.execute(statement)


def undo(unit: Unit, key: str, *, at: datetime) -> None:
    """Note that what a settled leg did was undone; its receipt and its line of the ledger stay."""
    settled = (legs.c.key == key) & (legs.c.state == LegState.SETTLED)
    unit.connection.execute(changed(unit, legs, settled).values(state=LegState.LAPSED, changed_at=at))


def release(unit: Unit, key: str, *, work: Document, at: datetime) -> None:
    """Let a leg that was held be carried out, with what its work is now; any other is left as it is."""
    held = (legs.c.key == key) & (legs.c.state == LegState.HELD)
    unit.connection.execute(changed(unit, legs, held).values(state=LegState.DUE, work=work, changed_at=at))


def regroup(unit: Unit, leg: Leg) -> None:
    """Note which groups wait for a leg now."""
    change_where(unit, legs, {"group_ids": list(leg.group_ids)}, key=leg.key)


def lapse(unit: Unit, key: str, *, at: datetime) -> bool:
    """Whether a leg was still due, and is not to be carried out any more now."""
    due = (legs.c.key == key) & (legs.c.state == LegState.DUE)
    statement = changed(unit, legs, due).values(state=LegState.LAPSED, changed_at=at)
    return unit.connection.execute(statement).rowcount == 1


def rework(unit: Unit, key: str, *, work: Document) -> None:
    """Note what the work of a leg is now."""
    change_where(unit, legs, {"work": work}, key=key)


def since(unit: Unit, key: str) -> datetime | None:
    """Since when (UTC) a leg stands as it does."""
    found = row_where(unit, legs, key=key)
    return None if found is None else found["changed_at"]


def waiting_for_a_person(unit: Unit) -> tuple[Leg, ...]:
    """The legs that a person must look at: by hand, unknown, failed; those that wait longest first."""
    waiting = selected(unit, legs, legs.c.state.in_(WAITING))
    return tuple(_leg(found) for found in rows(unit, waiting.order_by(legs.c.changed_at.nulls_first(), legs.c.key)))


def standing(unit: Unit, *, state: str, since: datetime) -> tuple[str, ...]:
    """The keys of the legs that have been in a state since before a time."""
    is_old = (legs.c.changed_at < since) | legs.c.changed_at.is_(None)
    return tuple(found["key"] for found in rows(unit, selected(unit, legs, legs.c.state == state, is_old)))


def ledger_of(unit: Unit, return_id: str) -> tuple[LedgerLine, ...]:
    """What was given for a return, oldest first."""
    found = rows_where(unit, ledger, "at", "key", return_id=return_id)
    return tuple(LedgerLine(**{name: one[name] for name in LINE}) for one in found)


def _write_down(unit: Unit, key: str, *, at: datetime) -> None:
    """Add a settled leg to the ledger, once."""
    if row_where(unit, ledger, key=key) is not None:
        return
    settled = row_where(unit, legs, key=key) or {}
    add_row(unit, ledger, {name: settled[name] for name in LINE if name != "at"} | {"at": at})


def _refusal(unit: Unit, key: str) -> Exception:
    if get(unit, key) is None:
        return NotFound(f"there is no leg '{key}'")
    return Conflict(f"leg '{key}' is settled already")


def _values(leg: Leg) -> dict[str, object]:
    return {name: getattr(leg, name) for name in LEG} | {"group_ids": list(leg.group_ids)}


def _leg(found: Mapping[str, Any]) -> Leg:
    return Leg(**{name: found[name] for name in LEG} | {"group_ids": tuple(found["group_ids"])})
