"""Cases of the quote in which one thing is not as it has to be: every place of a rich case with every odd value."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Path = tuple[str | int, ...]

RICH: dict[str, Any] = {
    "now": "2026-10-10T12:00:00Z",
    "opened_at": "2026-10-09T12:00:00+02:00",
    "return_id": "R9",
    "kind": "return",
    "channel": "online",
    "order": {
        "id": "o1",
        "currency": "EUR",
        "digits": 2,
        "prices_include_tax": False,
        "placed_at": "2026-09-30T10:00:00Z",
        "tags": ["vip"],
        "customer": {"id": "c", "email": "ann@example.com", "tags": ["gold"], "returns_90_days": 1, "return_rate": 0.2},
        "ship_to": {"country": "DE", "region": "BY"},
        "lines": [
            {
                "id": "a",
                "product_id": "p",
                "quantity": 3,
                "unit_price": "4.00",
                "tax": "0.95",
                "taxes": [{"id": "t", "amount": "0.94", "rate": "7.9"}],
                "duties": "0.30",
                "options": {"size": "M"},
                "serials": ["s1"],
                "fulfilled": [{"quantity": 3, "at": "2026-10-01T08:00:00Z", "delivered_at": "2026-10-05T12:00:00Z"}],
                "cancelled": 0,
            },
            {"id": "b", "quantity": 1, "unit_price": "9.00", "discount": "1.00", "fulfilled": [{"quantity": 1}]},
        ],
        "discounts": [{"amount": "2.00", "title": "TWO", "threshold": "10.00"}],
        "shipping": [{"id": "s", "price": "5.00", "tax": "0.50", "standard_price": "4.00"}],
        "charges": [{"id": "c", "amount": "-1.00", "tax": "0.00"}],
        "payments": [{"id": "card", "kind": "card", "amount": "30.00", "refunded": "1.00", "refundable": True}],
        "refunds": [
            {"id": "r", "at": "2026-10-06T00:00:00Z", "amount": "1.00", "lines": [{"line_id": "b", "amount": "1.00"}]}
        ],
    },
    "policy": {
        "days": 30,
        "timezone": "Europe/Berlin",
        "extended": [{"bought_from": "2026-09-01", "bought_to": "2026-12-24", "until": "2027-01-15"}],
        "resolutions": ["refund", "exchange"],
        "restocking_percent": "12.5",
        "return_fee": "1",
        "fees_waived_for": ["defective"],
        "final_sale": {"field": "line.tags", "op": "contains", "value": "final"},
        "rules": [
            {
                "id": "r1",
                "when": {"all": [{"field": "order.total", "op": "gte", "value": "5"}, {"not": {"any": []}}]},
                "then": {"return_fee": "0.50", "evidence": ["photo"]},
            },
            {"id": "r2", "when": {"field": "line.sku", "op": "matches", "value": "^S"}, "then": {"days": 60}},
        ],
    },
    "earlier": [
        {
            "id": "R1",
            "status": "open",
            "items": [{"line_id": "a", "quantity": 1, "amount": "3.33", "tax": "0.32"}],
            "fees": [{"code": "return_fee", "amount": "1.00"}],
            "shipping": "0.00",
        }
    ],
    "items": [
        {"line_id": "a", "quantity": 1, "reason": "color", "resolution": "refund", "diminished": "0.10"},
        {
            "line_id": "a",
            "quantity": 1,
            "resolution": "exchange",
            "exchange_for": {"variant_id": "v", "product_id": "q", "price": "5.00", "tax": "0.40", "available": 3},
        },
    ],
}
"""A case that says something nearly everywhere."""

ODD: tuple[Any, ...] = (
    True, False, 0, -1, 1.5, 10**30, -(10**30), 1e308, "", " ", "NaN", "Infinity", "1e9", "-0.01", "1.234", "1,00",
    "٣.٠٠", "9" * 400, "2026-10-10", "2026-10-10T12:00:00", "2026-13-40T99:00:00Z", "9999-12-31T23:59:59-23:59",
    "later", "(", "\u0000", "\ud800", "💥", "card", "localtime", "../../etc/passwd", [], {}, [[]], [None], {"a": 1},
    {"field": "line.sku", "op": "is"},
)  # fmt: skip


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a document, the whole of it left out."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield (*path, key)
        yield from places(one, (*path, key))


def odd_cases() -> Iterator[tuple[Path, bytes]]:
    """The rich case with something odd put at one place, left out there, or added beside it; with the place."""
    for path in places(RICH):
        for odd in ODD:
            yield path, _changed(path, odd)
        yield path, _left_out(path)
        if isinstance(path[-1], str):
            yield (*path[:-1], "nonsense"), _changed((*path[:-1], "nonsense"), 1)


def _changed(path: Path, odd: Any) -> bytes:
    document = deepcopy(RICH)
    _parent(document, path)[path[-1]] = odd
    return json.dumps(document).encode()


def _left_out(path: Path) -> bytes:
    document = deepcopy(RICH)
    del _parent(document, path)[path[-1]]
    return json.dumps(document).encode()


def _parent(document: Any, path: Path) -> Any:
    for key in path[:-1]:
        document = document[key]
    return document


def written(path: Path) -> str:
    """A place as errors name it, as in `order.lines[0].quantity`."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")
