"""Who took in what at which counter, and whose the money is that was given and taken there."""

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import select

from connector.storage.database import Unit
from connector.storage.scope import added, next_number, of_shop, put, removed, row, rows, selected
from connector.storage.tables.goods_tables import counter_legs, looks, receivings
from connector.storage.tables.money_tables import ledger
from domain.events import Post

LONGEST_LOOK = timedelta(hours=1)
"""A return that was opened longer ago was put aside meanwhile, so that nothing is known of how long it took."""


class Receiving(Struct, frozen=True):
    """Somebody took units of a return in; `begun_at` is when they opened it (UTC), where that is known."""

    return_id: str
    staff_id: int
    location_id: int | None
    begun_at: datetime | None
    at: datetime
    units: int


class MoneyLine(Struct, frozen=True):
    """A line of the ledger with whose it is: a leg's kind, its amount in minor units, and the kind of payment."""

    key: str
    return_id: str
    kind: str
    amount: int
    currency: str
    digits: int
    at: datetime
    staff_id: int
    location_id: int | None
    tender: str


def note_look(unit: Unit, return_id: str, *, staff_id: int, at: datetime) -> None:
    """Somebody opened a return; who did so within the hour began then."""
    mine = (looks.c.staff_id == staff_id, looks.c.return_id == return_id)
    found = row(unit, selected(unit, looks, *mine))
    if found is None or at - found["at"] > LONGEST_LOOK:
        put(unit, looks, {"staff_id": staff_id, "return_id": return_id, "at": at})


def note_receiving(unit: Unit, return_id: str, *, post: Post, units: int, at: datetime) -> None:
    """Somebody took units of a return in."""
    mine = (looks.c.staff_id == post.staff_id, looks.c.return_id == return_id)
    look = row(unit, selected(unit, looks, *mine))
    unit.connection.execute(removed(unit, looks, *mine))
    begun = look["at"] if look is not None and at - look["at"] <= LONGEST_LOOK else None
    values = {
        "return_id": return_id,
        "n": next_number(unit, receivings.c.n, receivings.c.return_id == return_id),
        "staff_id": post.staff_id,
        "location_id": post.location_id,
        "begun_at": begun,
        "at": at,
        "units": units,
    }
    added(unit, receivings, values)


def attribute(unit: Unit, leg_key: str, *, post: Post, tender: str) -> None:
    """Note whose a leg is, and by which kind of payment it is given or taken; who acts last on it has it."""
    values = {"key": leg_key, "staff_id": post.staff_id, "location_id": post.location_id, "tender": tender}
    put(unit, counter_legs, values)


def receivings_between(unit: Unit, begin: datetime, *, end: datetime) -> tuple[Receiving, ...]:
    """Who took in what in a time, oldest first."""
    within = selected(unit, receivings, receivings.c.at >= begin, receivings.c.at < end)
    found = rows(unit, within.order_by(receivings.c.at, receivings.c.return_id, receivings.c.n))
    return tuple(Receiving(**{name: one[name] for name in Receiving.__struct_fields__}) for one in found)


def money_between(unit: Unit, begin: datetime, *, end: datetime) -> tuple[MoneyLine, ...]:
    """The lines of the ledger of a time that are somebody's, oldest first."""
    whose = (counter_legs.c.staff_id, counter_legs.c.location_id, counter_legs.c.tender)
    same = (ledger.c.shop_id == counter_legs.c.shop_id) & (ledger.c.key == counter_legs.c.key)
    within = (of_shop(unit, ledger), ledger.c.at >= begin, ledger.c.at < end)
    found = select(ledger, *whose).join(counter_legs, same).where(*within).order_by(ledger.c.at, ledger.c.key)
    return tuple(MoneyLine(**{name: one[name] for name in MoneyLine.__struct_fields__}) for one in rows(unit, found))
