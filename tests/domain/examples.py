"""Small documents of the quote contract to begin from, and the shortest ways to a quote."""

import re
from typing import Any

from domain.case import read_case
from domain.outside import Outside
from domain.quote import assess

Document = dict[str, Any]

QUIET = Outside(
    is_holiday=lambda day, country, region: False, search=lambda pattern, text: bool(re.search(pattern, text))
)
"""A world without holidays."""

DELIVERED = "2026-10-05T12:00:00Z"


def parcel(quantity: int = 1, **changes: object) -> Document:
    return {"quantity": quantity, "at": "2026-10-01T08:00:00Z", "delivered_at": DELIVERED, **changes}


def line(line_id: str = "a", *, quantity: int = 1, unit_price: str = "10.00", **changes: object) -> Document:
    """A line, all units of which were delivered."""
    said = {"id": line_id, "quantity": quantity, "unit_price": unit_price, "fulfilled": [parcel(quantity)]}
    return said | changes


def order(*lines: Document, **changes: object) -> Document:
    """An order of the lines (one of 10.00 where none are given), paid by card with more than it cost."""
    said = {
        "currency": "USD",
        "placed_at": "2026-09-30T10:00:00Z",
        "lines": list(lines) or [line()],
        "payments": [{"id": "card", "kind": "card", "amount": "9999.00"}],
    }
    return said | changes


def european(*lines: Document, **changes: object) -> Document:
    """An order that was sent to Germany."""
    return order(*lines, ship_to={"country": "DE"}, currency="EUR", **changes)


def item(line_id: str = "a", *, quantity: int = 1, **changes: object) -> Document:
    return {"line_id": line_id, "quantity": quantity, **changes}


def exchange(line_id: str = "a", *, quantity: int = 1, price: str = "10.00", **changes: object) -> Document:
    """An item to be exchanged for another product's variant v9."""
    wanted = {"variant_id": "v9", "product_id": "p9", "price": price} | changes
    return item(line_id, quantity=quantity, resolution="exchange", exchange_for=wanted)


def case(of: Document | None = None, *items: Document, policy: Document | None = None, **changes: object) -> Document:
    """A case five days after delivery that asks for one unit of line a, unless items are given."""
    said = {
        "now": "2026-10-10T12:00:00Z",
        "order": of or order(),
        "policy": policy or {},
        "items": list(items) or [item()],
    }
    return said | changes


def withdrawal(of: Document | None = None, *items: Document, **changes: object) -> Document:
    return case(of or european(), *items, kind="withdrawal", **changes)


def earlier(return_id: str = "R1", *items: Document, **changes: object) -> Document:
    """A settled earlier return."""
    return {"id": return_id, "status": "settled", "items": list(items), **changes}


def back(line_id: str = "a", *, quantity: int = 1, amount: str = "10.00", **changes: object) -> Document:
    """Units as earlier returns and refunds list them."""
    return {"line_id": line_id, "quantity": quantity, "amount": amount, **changes}


def refund(refund_id: str = "r1", *lines: Document, amount: str = "10.00", **changes: object) -> Document:
    return {"id": refund_id, "at": "2026-10-06T00:00:00Z", "amount": amount, "lines": list(lines), **changes}


def rule(rule_id: str = "r", when: Document | None = None, **then: object) -> Document:
    return {"id": rule_id, "when": when, "then": then}


def when(field: str, op: str, *value: object) -> Document:
    return {"field": field, "op": op} | ({"value": value[0]} if value else {})


def quote(document: Document, outside: Outside = QUIET) -> Document:
    """The quote of a case, as a document."""
    return assess(read_case(document), outside).document()


def reasons(document: Document, place: int = 0, outside: Outside = QUIET) -> list[str]:
    """The reason codes of one item of a case's quote."""
    return [reason["code"] for reason in quote(document, outside)["items"][place]["reasons"]]


def verdicts(document: Document, outside: Outside = QUIET) -> list[str]:
    return [entry["verdict"] for entry in quote(document, outside)["items"]]


def fees(document: Document) -> list[tuple[str, str]]:
    return [(fee["code"], fee["amount"]) for fee in quote(document)["fees"]]
