"""Random cases of the quote contract, for the properties that hold of all of them."""

import re
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from domain.money import format_amount

Document = dict[str, Any]

REASONS = st.sampled_from([None, "changed_mind", "defective", "late"])
DELIVERY = st.sampled_from(["2026-09-20T12:00:00Z", "2026-10-05T12:00:00Z", None])
PERCENTS = st.sampled_from(["0", "10", "12.5", "33", "100"])


def money(largest: int = 5000) -> st.SearchStrategy[str]:
    """Amounts of a currency with two decimals."""
    return st.integers(0, largest).map(written)


def minor(amount: str) -> int:
    return int(amount.replace(".", ""))


def written(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


@st.composite
def lines(draw: st.DrawFn, line_id: str) -> Document:
    """A line that was shipped in up to two parcels, maybe not all of it."""
    quantity = draw(st.integers(1, 6))
    shipped = draw(st.one_of(st.just(quantity), st.integers(0, quantity)))
    first = draw(st.integers(0, shipped))
    parcels = [
        {"quantity": count, "at": "2026-09-15T12:00:00Z", "delivered_at": draw(DELIVERY)}
        for count in (first, shipped - first)
        if count
    ]
    said: Document = {
        "id": line_id,
        "product_id": draw(st.sampled_from(["p1", "p2"])),
        "quantity": quantity,
        "unit_price": written(draw(st.integers(1, 9999))),
        "tax": draw(money(999)),
        "duties": draw(money(300)),
        "fulfilled": parcels,
        "gift_card": draw(st.integers(0, 9)) == 0,
    }
    if draw(st.integers(0, 4)) == 0:
        said["cancelled"] = draw(st.integers(0, quantity - shipped))
    charged = draw(st.sampled_from(["total", "discount", None, None]))
    if charged == "total":
        said["total"] = draw(money(9999))
    if charged == "discount":
        said["discount"] = draw(money(quantity * minor(said["unit_price"])))
    if draw(st.booleans()):
        taxes = draw(st.lists(st.integers(0, 400), min_size=2, max_size=2))
        said["taxes"] = [{"id": str(index), "amount": written(tax)} for index, tax in enumerate(taxes)]
        said["tax"] = written(max(0, sum(taxes) + draw(st.integers(-1, 1))))
    return said


@st.composite
def orders(draw: st.DrawFn) -> Document:
    """An order of up to three lines with delivery, charges, discounts and up to three payments."""
    ids = ["a", "b", "c"][: draw(st.integers(1, 3))]
    of = [draw(lines(line_id)) for line_id in ids]
    sharing = [line for line in of if "total" not in line and "discount" not in line] or of
    worth = sum(line["quantity"] * int(line["unit_price"].replace(".", "")) for line in sharing)
    kinds = st.sampled_from(["card", "gift_card", "store_credit", "exchange"])
    return {
        "currency": "EUR",
        "placed_at": "2026-09-10T12:00:00Z",
        "prices_include_tax": draw(st.booleans()),
        "ship_to": {"country": draw(st.sampled_from(["DE", "US"]))},
        "lines": of,
        "discounts": draw(discounts(worth)),
        "shipping": [
            {"id": "s", "price": draw(money(900)), "tax": draw(money(90)), "standard_price": draw(money(900))}
        ],
        "charges": [{"id": "c", "amount": draw(st.sampled_from(["-1.00", "0.00", "3.00"]))}],
        "payments": [
            {"id": f"p{index}", "kind": draw(kinds), "amount": draw(money(40000)), "refunded": draw(money(500))}
            for index in range(draw(st.integers(1, 3)))
        ],
        "refunds": draw(st.lists(refunds(ids), max_size=2, unique_by=lambda entry: entry["id"])),
    }


@st.composite
def discounts(draw: st.DrawFn, worth: int) -> list[Document]:
    """Up to two discounts of an order, not above the lines that share them."""
    amounts = [draw(st.one_of(st.integers(0, min(500, worth)), st.just(worth)))]
    amounts.append(draw(st.integers(0, worth - amounts[0])))
    return [
        {"amount": written(amount), "threshold": draw(st.one_of(st.none(), money(20000)))}
        for amount in amounts[: draw(st.integers(0, 2))]
    ]


@st.composite
def refunds(draw: st.DrawFn, ids: list[str]) -> Document:
    """Goodwill, a price cut, or units that the platform refunded."""
    cut = {"line_id": draw(st.sampled_from(ids)), "quantity": draw(st.integers(0, 1)), "amount": draw(money(900))}
    return {
        "id": draw(st.sampled_from(["g1", "g2"])),
        "at": "2026-10-06T00:00:00Z",
        "amount": draw(money(1500)),
        "shipping": draw(money(200)),
        "lines": draw(st.sampled_from([[], [cut]])),
        "key": draw(st.sampled_from([None, None, "R1"])),
    }


@st.composite
def items(draw: st.DrawFn, ids: list[str]) -> Document:
    """Units of a line, for money, credit or something else."""
    said: Document = {
        "line_id": draw(st.sampled_from(ids)),
        "quantity": draw(st.integers(1, 3)),
        "reason": draw(REASONS),
        "kind": draw(st.sampled_from([None, None, "withdrawal"])),
        "resolution": draw(st.sampled_from(["refund", "refund", "store_credit", "exchange"])),
        "diminished": draw(st.sampled_from(["0.00", "0.00", "1.00", "90.00"])),
    }
    if said["resolution"] == "exchange":
        wanted = {"variant_id": "v", "product_id": draw(st.sampled_from(["p1", "p9"]))}
        said["exchange_for"] = wanted | {"price": draw(money(9999)), "tax": draw(money(900))}
    return said


@st.composite
def policies(draw: st.DrawFn) -> Document:
    """A policy with every kind of fee and gift."""
    return {
        "days": draw(st.sampled_from([10, 30])),
        "restocking_percent": draw(PERCENTS),
        "return_fee": draw(money(900)),
        "return_fee_per": draw(st.sampled_from(["return", "order"])),
        "fees_waived_when": draw(st.sampled_from([[], ["exchange"], ["store_credit"]])),
        "store_credit_bonus_percent": draw(PERCENTS),
        "shipping_refund": draw(st.sampled_from(["never", "whole_order", "faulty"])),
        "duties_refund": draw(st.booleans()),
        "even_exchange": draw(st.sampled_from(["same_product", "same_price"])),
        "promotions": draw(st.sampled_from(["as_allocated", "clawback"])),
        "keep_item_below": draw(money(3000)),
        "rules": [
            {
                "id": "late",
                "when": {"field": "item.reason", "op": "is", "value": "late"},
                "then": {"bonus_percent": draw(PERCENTS), "return_fee": draw(money(900)), "days": 30},
            }
        ],
    }


@st.composite
def earlier_returns(draw: st.DrawFn, ids: list[str]) -> Document:
    """An earlier return of one unit of a line."""
    unit = {"line_id": draw(st.sampled_from(ids)), "quantity": 1, "amount": draw(money(3000)), "tax": draw(money(200))}
    fee = {"code": draw(st.sampled_from(["return_fee", "promotion"])), "amount": draw(money(300))}
    return {
        "id": draw(st.sampled_from(["R1", "R2"])),
        "status": draw(st.sampled_from(["open", "settled"])),
        "items": [unit],
        "fees": [fee],
        "shipping": draw(money(200)),
    }


@st.composite
def cases(draw: st.DrawFn) -> Document:
    """A case of everything above."""
    of = draw(orders())
    ids = [line["id"] for line in of["lines"]]
    said = {
        "now": "2026-10-10T12:00:00Z",
        "return_id": draw(st.sampled_from([None, None, "R1"])),
        "order": of,
        "policy": draw(policies()),
        "earlier": draw(st.lists(earlier_returns(ids), max_size=2, unique_by=lambda entry: entry["id"])),
        "items": draw(st.lists(items(ids), min_size=1, max_size=4)),
    }
    return draw(st.sampled_from(CURRENCIES))(said)


def told_in(currency: str, digits: int) -> Callable[[Any], Any]:
    """Tells a document in a currency with other decimals: the same minor units, written as that currency is."""

    def told(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: currency if name == "currency" else told(one) for name, one in value.items()}
        if isinstance(value, list):
            return [told(one) for one in value]
        if isinstance(value, str) and re.fullmatch(r"-?\d+\.\d\d", value):
            return format_amount(int(value.replace(".", "")), digits)
        return value

    return told


CURRENCIES = (told_in("EUR", 2), told_in("JPY", 0), told_in("KWD", 3))
