"""What every variant cost and when: the price history that goods without a receipt are valued by."""

from datetime import datetime

from connector.storage.database import Unit
from connector.storage.scope import put, row, rows, selected
from connector.storage.tables.counter_tables import prices
from domain.without_receipt import Price


def keep(unit: Unit, variant_id: str, *, amount: int, at: datetime) -> None:
    """Keep what a variant costs from now on, where that is news; in minor units of the shop's currency."""
    earlier = selected(unit, prices, prices.c.variant_id == variant_id, prices.c.since <= at)
    known = row(unit, earlier.order_by(prices.c.since.desc()))
    if known is None or known["amount"] != amount:
        put(unit, prices, {"variant_id": variant_id, "since": at, "amount": amount})


def history(unit: Unit, variant_id: str) -> tuple[Price, ...]:
    """All prices of a variant, oldest first."""
    found = rows(unit, selected(unit, prices, prices.c.variant_id == variant_id).order_by(prices.c.since))
    return tuple(Price(since=one["since"], amount=one["amount"]) for one in found)
