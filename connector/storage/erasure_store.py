"""A shop that is gone for good: the money that moved is known for ever, and nothing and nobody else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import true

from connector.storage import bringer_store, shop_store
from connector.storage.database import Unit
from connector.storage.scope import changed, removed, rows, selected
from connector.storage.tables import metadata
from connector.storage.tables.money_tables import store_credits
from connector.storage.tables.order_tables import orders, quotes
from connector.storage.tables.return_tables import return_groups, return_history
from domain.person import OF_PARCEL, WRITTEN, case_without_person, without_person

STAYS: Mapping[str, str] = {
    "orders": "without their people",
    "quotes": "without their people",
    "returns": "without who got the credit of a gift",
    "return_groups": "without what staff wrote",
    "return_history": "without names and what people wrote",
    "legs": "without who got the credit of a gift",
    "ledger": "it holds nobody, and is only added to",
    "store_credits": "without the addresses",
    "bookings": "they hold nobody",
    "sendings": "they hold nobody",
}
"""What stays of an erased shop, and why it may."""


def erase(unit: Unit, *, at: datetime) -> None:
    """Remove everything of the shop but what stays; its address and its name are free again."""
    shop_store.erase(unit.connection, unit.shop.id, at=at)
    for table in reversed(metadata.sorted_tables):
        if table.name not in STAYS and "shop_id" in table.c:
            unit.connection.execute(removed(unit, table))
    for found in rows(unit, selected(unit, orders)):
        nameless = {"document": without_person(found["document"]), "forgotten_at": at}
        unit.connection.execute(changed(unit, orders, orders.c.id == found["id"]).values(nameless))
    for found in rows(unit, selected(unit, quotes)):
        nameless = {"case": case_without_person(found["case"])}
        unit.connection.execute(changed(unit, quotes, quotes.c.id == found["id"]).values(nameless))
    _without_words(unit)


def _without_words(unit: Unit) -> None:
    bringer_store.forget(unit, true())
    unit.connection.execute(changed(unit, store_credits).values(email=""))
    unit.connection.execute(changed(unit, return_groups).values(note=""))
    unit.connection.execute(changed(unit, return_history).values(actor_name=return_history.c.actor_kind, why=""))
    for found in rows(unit, selected(unit, return_history)):
        mine = (return_history.c.return_id == found["return_id"]) & (return_history.c.n == found["n"])
        statement = changed(unit, return_history, mine)
        unit.connection.execute(statement.values(details=_wordless(found["details"])))


def _wordless(value: Any) -> Any:  # noqa: ANN401  any JSON
    """Details without what people wrote in them."""
    if isinstance(value, dict):
        return {
            name: "" if name in WRITTEN else _wordless(part) for name, part in value.items() if name not in OF_PARCEL
        }
    return [_wordless(part) for part in value] if isinstance(value, list) else value
