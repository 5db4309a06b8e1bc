"""Every recorded order with its refunds is quoted: never above what is left, however it is split."""

import contextlib
import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.errors import Unreadable
from adapters.woocommerce.normalise import normalise
from domain.books import Books, open_books
from domain.case import read_case
from domain.outside import Outside
from domain.quote import Quote, assess
from tests.adapters.woocommerce.orders import Document, answer_of, merged, recorded_orders

OUTSIDE = Outside(
    is_holiday=lambda day, country, region: False, search=lambda pattern, text: bool(re.search(pattern, text))
)
NOW = "2026-11-25T12:00:00Z"
POLICY = {"shipping_refund": "whole_order"}
REFUNDS = (
    "refunds-list",
    "refunds-list-A-fields",
    "refunds-list-F-auto",
    "refund-40-jpy-decimal",
    "refund-61-jpy-fraction",
)
Request = list[Document]


def shipped(order: Document) -> Document:
    """The order as if all of it had been delivered, so that only money limits what comes back."""
    lines = [line | {"fulfilled": [{"quantity": line["quantity"], "at": NOW}]} for line in order["lines"]]
    return {**order, "lines": lines, "cancelled_at": None}


def every_order() -> Iterator[tuple[str, Document]]:
    """Each recorded order once, as it was told, and with the lists of refunds that were recorded of it."""
    found: dict[str, str] = {}
    for name, body in recorded_orders():
        order = dict(normalise(body))
        for one in (order, *with_refunds(order)):
            if one["lines"]:
                found.setdefault(json.dumps(shipped(one), sort_keys=True, default=dict), name)
    return ((name, json.loads(order)) for order, name in found.items())


def with_refunds(order: Document) -> Iterator[Document]:
    """The order with each list that was recorded of it; one in other decimals cannot be merged."""
    for refunds in REFUNDS:
        if answer_of(refunds).refunds[0].order_id == order["id"]:
            with contextlib.suppress(Unreadable):
                yield merged(order, refunds)


ORDERS = [pytest.param(order, id=name) for name, order in every_order()]


def quoted(order: Document, request: Request, earlier: list[Document]) -> tuple[Quote, Books]:
    case = read_case({"now": NOW, "order": order, "policy": POLICY, "earlier": earlier, "items": request})
    return assess(case, OUTSIDE), open_books(case)


def requests_of(order: Document) -> Iterator[Request]:
    """Every number of units of every line."""
    for counts in itertools.product(*(range(line["quantity"] + 1) for line in order["lines"])):
        asked = [
            {"line_id": line["id"], "quantity": count}
            for line, count in zip(order["lines"], counts, strict=True)
            if count
        ]
        if asked:
            yield asked


def splits_of(order: Document) -> Iterator[list[Request]]:
    """All at once, a unit at a time from either end, a line at a time, a unit of every line at a time."""
    units = [{"line_id": line["id"], "quantity": 1} for line in order["lines"] for _ in range(line["quantity"])]
    whole = [{"line_id": line["id"], "quantity": line["quantity"]} for line in order["lines"]]
    yield [whole]
    yield [[unit] for unit in units]
    yield [[unit] for unit in reversed(units)]
    yield [[line] for line in whole]
    most = max(line["quantity"] for line in order["lines"])
    yield [
        [{"line_id": line["id"], "quantity": 1} for line in order["lines"] if line["quantity"] > n] for n in range(most)
    ]


def as_earlier(number: int, quote: Quote) -> Document:
    told: dict[str, Any] = quote.document()
    items = [item for item in told["items"] if item["verdict"] != "refused"]
    back = [{key: item[key] for key in ("line_id", "quantity", "amount", "tax")} for item in items]
    return {"id": f"R{number}", "status": "open", "items": back, "fees": told["fees"], "shipping": told["shipping"]}


@pytest.mark.parametrize("order", ORDERS)
def test_no_part_of_an_order_gives_back_more_than_is_left(order: Document):
    for request in requests_of(order):
        quote, books = quoted(order, request, [])
        assert quote.total <= min(books.left_of_order, books.left_of_payments)
        assert not (quote.total and quote.due)


@pytest.mark.parametrize("order", ORDERS)
def test_nor_do_all_parts_together_in_whatever_split(order: Document):
    for split in splits_of(order):
        earlier: list[Document] = []
        given = 0
        _, books = quoted(order, split[0], [])
        for number, request in enumerate(split):
            quote, _ = quoted(order, request, earlier)
            earlier.append(as_earlier(number, quote))
            given += quote.total
        assert given <= min(books.left_of_order, books.left_of_payments)
        if not order["refunds"] and books.paid == books.charged:
            assert given == books.charged - kept_charges(order)


def kept_charges(order: Document) -> int:
    """Fees of the order, which a return does not give back; those below nothing made it cheaper from the start."""
    return max(0, sum(read_amount(charge["amount"]) + read_amount(charge["tax"]) for charge in order["charges"]))


def read_amount(amount: str) -> int:
    return int(amount.replace(".", ""))


@pytest.mark.parametrize("name", ["orders-get-Q-after-race-gateway", "orders-get-R-after-race"])
def test_an_order_that_was_refunded_beyond_its_total_gives_nothing_and_says_why(name: str):
    """Three refunds at once, and the store took them all."""
    (body,) = answer_of(name).orders
    order = shipped(dict(normalise(body)))
    quote, books = quoted(order, [{"line_id": order["lines"][0]["id"], "quantity": 1}], [])
    assert books.given > books.charged
    assert (quote.total, quote.to) == (0, ())
    why = [reason.code for item in quote.items for reason in item.reasons]
    assert why == ["already_refunded"] or (quote.capped is not None and "gave back" in quote.capped.because)


def test_there_are_orders_to_try():
    assert len(ORDERS) > 30
