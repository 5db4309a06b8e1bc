"""A return whose goods come in two rounds: something is missing first, and turns up after the rest was decided."""

from collections.abc import Mapping, Sequence
from typing import Any

from connector.services.follow_return import view
from connector.services.quote_return import preview
from connector.services.receive_return import preview as preview_arrival
from connector.services.receive_return import receive
from connector.services.request_return import Wish, open_return
from domain.returns import Inspection, Return
from domain.settlement import Leg
from tests.shops import ANN, SAM, TestShop, line, order

THERE = [{"quantity": 1, "at": "2026-11-05T10:00:00+00:00", "delivered_at": "2026-11-08T10:00:00+00:00"}]
FIRST_ALONE = (Inspection("1", "received", grade="D"), Inspection("2", "missing"))
SECOND = (Inspection("2", "received", grade="D"),)


def order_of_three(**changes: object) -> dict[str, Any]:
    """Three goods of 22.00 each with their tax, and 5.00 of delivery; 71.00 were paid."""
    goods = {"quantity": 1, "unit_price": "20.00", "discount": "0.00", "tax": "2.00", "fulfilled": THERE}
    card = {"id": "p1", "gateway": "card", "kind": "card", "amount": "71.00", "refunded": "0.00", "refundable": True}
    return {**order(lines=[line(id=name, **goods) for name in "abc"], payments=[card]), **changes}


def item(line_id: str, *, quantity: int = 1, **wish: object) -> dict[str, object]:
    return {"line_id": line_id, "quantity": quantity, "reason": "style", "resolution": "refund", **wish}


def asked(demo: TestShop, *items: Mapping[str, object], key: str = "k1", fallback: str = "refund") -> Return:
    """A return of the order that a shopper asked for and confirmed."""
    shown = preview(demo.app, demo.shop, order_id="o1", items=items)
    wish = Wish(order_id="o1", items=items, method="mail", quote_id=shown.id, fallback=fallback)
    return open_return(demo.app, demo.shop, wish=wish, actor=ANN, key=key)


def came(demo: TestShop, found: Return, *looks: Inspection, key: str) -> Return:
    """What staff found, and confirmed the figures of."""
    shown = preview_arrival(demo.app, demo.shop, return_id=found.id, inspections=looks)
    quote_id = shown and shown.id
    return receive(demo.app, demo.shop, return_id=found.id, inspections=looks, quote_id=quote_id, actor=SAM, key=key)


def in_two_rounds(demo: TestShop, *items: Mapping[str, object]) -> Return:
    """The first comes, is decided and carried out; then the second does and is."""
    found = asked(demo, *items)
    for key, looks in (("first", FIRST_ALONE), ("second", SECOND)):
        came(demo, found, *looks, key=key)
        demo.work()
    return found


def legs(demo: TestShop, found: Return, kind: str) -> Sequence[Leg]:
    return [leg for leg in view(demo.app, demo.shop, return_id=found.id).legs if leg.kind == kind]


def quoted(demo: TestShop, *items: Mapping[str, object]) -> Mapping[str, Any]:
    """What a further return of the order would give."""
    return preview(demo.app, demo.shop, order_id="o1", items=items).document
