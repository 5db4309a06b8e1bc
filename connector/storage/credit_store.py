"""Store credit that was given at the shop's own tills."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement

from connector.storage.database import Unit
from connector.storage.scope import add_row, row, selected
from connector.storage.tables.money_tables import store_credits


class StoreCredit(Struct, frozen=True):
    """A credit under the key that it was given by: `amount` given and `balance` left, in minor units."""

    key: str
    code: str
    return_id: str
    email: str
    amount: int
    balance: int
    currency: str
    digits: int
    at: datetime


FIELDS = StoreCredit.__struct_fields__


def add(unit: Unit, credit: StoreCredit) -> None:
    """Add a credit; raises Duplicate when its key or its code was given before."""
    add_row(unit, store_credits, {name: getattr(credit, name) for name in FIELDS})


def get(unit: Unit, key: str) -> StoreCredit | None:
    """The credit that was given under this key."""
    return _one(unit, store_credits.c.key == key)


def find(unit: Unit, code: str) -> StoreCredit | None:
    """The credit of this code."""
    return _one(unit, store_credits.c.code == code)


def _one(unit: Unit, condition: ColumnElement[bool]) -> StoreCredit | None:
    found = row(unit, selected(unit, store_credits, condition))
    return None if found is None else StoreCredit(**{name: found[name] for name in FIELDS})
