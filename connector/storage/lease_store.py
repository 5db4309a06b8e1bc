"""What one process at a time may do for a shop, until it says that it is done or its time is over."""

from datetime import datetime

from connector.storage.database import Unit
from connector.storage.scope import changed, removed, upsert
from connector.storage.tables.connection_tables import leases


def take(unit: Unit, name: str, *, holder: str, at: datetime, until: datetime) -> bool:
    """Whether the holder has it now: it was free, its time was over, or it was the holder's already."""
    values = {"holder": holder, "until": until}
    first = upsert(unit, leases).values(shop_id=unit.shop.id, name=name, **values).on_conflict_do_nothing()
    # An insert's rowcount is -1 on PostgreSQL, whatever it did; what it returns is certain on both.
    if unit.connection.execute(first.returning(leases.c.name)).first() is not None:
        return True
    free = (leases.c.name == name) & ((leases.c.until < at) | (leases.c.holder == holder))
    return bool(unit.connection.execute(changed(unit, leases, free).values(**values)).rowcount)


def give_up(unit: Unit, name: str, *, holder: str) -> None:
    """Give it back; what somebody else has by now stays theirs."""
    mine = (leases.c.name == name) & (leases.c.holder == holder)
    unit.connection.execute(removed(unit, leases, mine))
