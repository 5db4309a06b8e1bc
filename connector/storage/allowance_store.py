"""What each person was given for goods without a receipt, so that it stays below what the shop allows."""

from datetime import datetime

from sqlalchemy import func, select

from connector.storage.database import Unit
from connector.storage.scope import add_row, of_shop
from connector.storage.tables.counter_tables import credits_without_receipt as given
from connector.storage.tables.install_tables import shops


def hold(unit: Unit) -> None:
    """Let other units of the shop that hold it wait, so that each sees what the one before it gave."""
    held = select(shops.c.id).where(shops.c.id == unit.shop.id)
    unit.connection.execute(held.with_for_update(key_share=True))


def given_since(unit: Unit, person: str, *, since: datetime) -> int:
    """What a person was given since a time, in minor units of the shop's currency."""
    theirs = of_shop(unit, given) & (given.c.person == person) & (given.c.at >= since)
    total = unit.connection.execute(select(func.coalesce(func.sum(given.c.amount), 0)).where(theirs)).scalar_one()
    return int(total)


def add(unit: Unit, return_id: str, *, person: str, amount: int, approved_by: str, at: datetime) -> None:
    """Note what a return without a receipt gives a person, and who allowed it; raises Duplicate."""
    values = {"person": person, "amount": amount, "approved_by": approved_by, "at": at}
    add_row(unit, given, {"return_id": return_id, **values})
