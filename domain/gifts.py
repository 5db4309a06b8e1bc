"""Gift receipts: goods of an order named without anything else of it, and the order without its giver."""

from collections.abc import Mapping

from msgspec import Struct

from domain.errors import Malformed
from domain.reading import record

Document = Mapping[str, object]

SHOWN = ("id", "currency", "digits", "prices_include_tax", "placed_at", "channel")
"""What of an order says nothing about who gave the gift."""
SHOWN_OF_A_LINE = (
    "id", "product_id", "variant_id", "sku", "barcode", "title", "variant_title", "options", "quantity", "unit_price",
    "discount", "tax", "total", "product_type", "gift_card", "serials", "lot", "fulfilled", "cancelled",
)  # fmt: skip


class ToldGiftReceipt(Struct, frozen=True):
    """A gift receipt as a till tells it; without lines it is good for the whole order."""

    number: str
    order_id: str
    line_ids: tuple[str, ...] = ()


_read = record(ToldGiftReceipt)


def read_gift_receipt(document: Mapping[str, object]) -> ToldGiftReceipt:
    """The gift receipt of a document; raises Malformed."""
    told = _read(dict(document), 0)
    if not told.number.strip():
        raise Malformed("must not be empty", at="number")
    return told


def covers(line_ids: tuple[str, ...], line_id: str) -> bool:
    """Whether a gift receipt is good for a line."""
    return not line_ids or line_id in line_ids


def without_giver(order: Document, line_ids: tuple[str, ...]) -> Document:
    """An order in the normal form as who got the gift may see it: the goods alone, nothing of who gave it."""
    lines = order["lines"]
    given = [line for line in (lines if isinstance(lines, list) else []) if covers(line_ids, str(line["id"]))]
    shown = {name: order[name] for name in SHOWN if name in order}
    goods = [{name: line[name] for name in SHOWN_OF_A_LINE if name in line} for line in given]
    return {**shown, "number": None, "customer": None, "payments": [], "lines": goods}
