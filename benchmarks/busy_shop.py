"""A shop with a hundred thousand orders and twenty thousand returns, filled in bulk."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice

from msgspec.structs import replace

from connector.services.quote_return import preview
from connector.services.request_return import Wish, open_return
from connector.storage import product_store, return_store
from connector.storage.database import Unit
from connector.storage.scope import add_all
from connector.storage.tables.counter_tables import order_marks
from connector.storage.tables.order_tables import orders
from domain.proof import number_key
from domain.returns import Return
from domain.scanning import marks_of_order
from domain.transitions import Reception, Settlement
from tests.shops import ANN, NOW, TestShop, line, order

ORDERS, RETURNS = 100_000, 20_000
PRODUCTS, SIZES, BUYERS = 100, 5, 60_000
BATCH = 2_000
ENDED = 9
"""Of ten returns, so many were settled long ago."""

Document = Mapping[str, object]


def fill(till: TestShop) -> None:
    """Products, orders with all that they are found by, and returns, nine of ten of them settled."""
    chosen = random.Random(7)
    till.app.database.write(till.shop, _products)
    numbers = iter(range(ORDERS))
    while batch := [_order(n, chosen) for n in islice(numbers, BATCH)]:
        till.app.database.write(till.shop, lambda unit, batch=batch: _put_orders(unit, batch))
    template = _template(till)
    places = iter(range(RETURNS))
    while some := [_return(n, template) for n in islice(places, BATCH)]:
        till.app.database.write(till.shop, lambda unit, some=some: [return_store.insert(unit, one) for one in some])


def rma(n: int) -> str:
    """The number of a return."""
    signs = "23456789ABCDEFGH"
    digits = [signs[n // len(signs) ** place % len(signs)] for place in range(8)]
    return f"RMA-{''.join(digits[:4])}-{''.join(digits[4:])}"


def open_returns() -> Sequence[int]:
    """The returns whose goods are still to come."""
    return [n for n in range(RETURNS) if n % 10 >= ENDED]


def _products(unit: Unit) -> None:
    for n in range(PRODUCTS):
        variants = [
            {"id": f"v{n}-{s}", "sku": f"SKU-{n}-{s}", "title": str(s), "options": {}, "price": "20.00", "available": 9}
            for s in range(SIZES)
        ]
        product_store.save(unit, {"id": f"p{n}", "title": f"Thing {n}", "product_type": "Tops", "variants": variants})


def _order(n: int, chosen: random.Random) -> Document:
    lines = [_line(str(place), chosen) for place in (1, 2)]
    buyer = {"id": f"c{n}", "email": f"buyer{n % BUYERS}@example.com", "name": "Ann"}
    placed = NOW - timedelta(days=2, minutes=n % 20_000)
    paid = {"id": "p1", "kind": "card", "amount": "84.20", "refunded": "0.00", "refundable": True}
    return order(
        id=f"b{n}", number=f"#{10_000 + n}", customer=buyer, lines=lines, payments=[paid], placed_at=placed.isoformat()
    )


def _line(line_id: str, chosen: random.Random) -> Document:
    n, size = chosen.randrange(PRODUCTS), chosen.randrange(SIZES)
    known = {"product_id": f"p{n}", "variant_id": f"v{n}-{size}", "sku": f"SKU-{n}-{size}", "title": f"Thing {n}"}
    return line(id=line_id, **known)


def _put_orders(unit: Unit, batch: Sequence[Document]) -> None:
    add_all(unit, orders, [_row(one) for one in batch])
    add_all(unit, order_marks, [mark for one in batch for mark in _marks(one)])


def _row(document: Document) -> dict[str, object]:
    number = number_key(str(document["number"]))
    return {"id": document["id"], "number_key": number, "placed_at": NOW, "document": document}


def _marks(document: Document) -> Iterator[dict[str, object]]:
    for kind, key in marks_of_order(document):
        yield {"order_id": document["id"], "kind": kind, "key": key, "placed_at": NOW}


def _template(till: TestShop) -> Return:
    """A return as the services open it, that all others are made after."""
    items = [{"line_id": "1", "quantity": 1, "reason": "style", "resolution": "refund"}]
    shown = preview(till.app, till.shop, order_id="b0", items=items)
    wish = Wish(order_id="b0", items=items, method="store", quote_id=shown.id)
    return open_return(till.app, till.shop, wish=wish, actor=ANN, key="template")


def _return(n: int, template: Return) -> Return:
    ended = {"reception": Reception.RECEIVED, "settlement": Settlement.SETTLED, "grade": "A", "disposition": "shelf"}
    groups = tuple(replace(one, **(ended if n % 10 < ENDED else {})) for one in template.groups)
    at = NOW - timedelta(minutes=n)
    return replace(
        template,
        id=rma(n),
        order_id=f"b{n + 1}",
        order_number=f"#{10_001 + n}",
        opened_at=at,
        groups=groups,
        history=tuple(replace(entry, at=at) for entry in template.history),
    )
