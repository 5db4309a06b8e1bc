"""Gift receipts: which goods of which order they name."""

from datetime import datetime

from msgspec import Struct

from connector.storage.database import Unit
from connector.storage.scope import add_row, row_where, rows, selected
from connector.storage.tables.counter_tables import gift_receipts


class GiftReceipt(Struct, frozen=True):
    """A receipt for the receiver of a gift: `line_ids` are the lines of the order that it is good for."""

    number: str
    order_id: str
    line_ids: tuple[str, ...]
    made_at: datetime


def add(unit: Unit, receipt: GiftReceipt) -> None:
    """Add a gift receipt; raises Duplicate."""
    values = {"order_id": receipt.order_id, "line_ids": list(receipt.line_ids), "made_at": receipt.made_at}
    add_row(unit, gift_receipts, {"number": receipt.number, **values})


def get(unit: Unit, number: str) -> GiftReceipt | None:
    """The gift receipt of this number."""
    found = row_where(unit, gift_receipts, number=number)
    return None if found is None else _receipt(found)


def of_order(unit: Unit, order_id: str) -> tuple[GiftReceipt, ...]:
    """The gift receipts of an order, oldest first."""
    mine = selected(unit, gift_receipts, gift_receipts.c.order_id == order_id)
    return tuple(_receipt(one) for one in rows(unit, mine.order_by(gift_receipts.c.made_at, gift_receipts.c.number)))


def _receipt(found: dict[str, object]) -> GiftReceipt:
    return GiftReceipt(
        number=str(found["number"]),
        order_id=str(found["order_id"]),
        line_ids=tuple(found["line_ids"]),  # type: ignore[arg-type]
        made_at=found["made_at"],  # type: ignore[arg-type]
    )
