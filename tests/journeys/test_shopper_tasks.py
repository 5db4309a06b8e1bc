"""Shoppers with an errand get exactly what they came for, by buttons alone or in words, and without a person."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.demo.goods import products
from connector.demo.order_book import orders
from connector.storage import order_store, product_store
from tests.evaluation import document, rows
from tests.journeys.shopper import Errand, Stuck, Way, Wish, in_words, is_as_wished, ran
from tests.shops import TestShop, a_shop

ERRANDS = 60
ENOUGH, TYPED_ENOUGH = 0.97, 0.97
RETURNED, EXCHANGED = "return_delivered_order_items", "exchange_delivered_order_items"
SHOP = ("products", "orders", "users")
PAYMENT_KINDS = {"gift": "gift_card", "credit": "card"}

Document = Mapping[str, Any]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path) as shop:
        yield shop


def save_products(demo: TestShop, documents: Iterable[Document]) -> None:
    demo.app.database.write(demo.shop, lambda unit: [product_store.save(unit, one) for one in documents])


def test_errands_in_the_demo_shop_end_as_wished(demo: TestShop):
    for errand in errands(demo):
        assert is_as_wished(ran(demo, errand), errand), errand


def test_errands_in_the_demo_shop_that_are_typed_end_as_wished_or_not_at_all(demo: TestShop):
    outcomes = Counter(outcome(demo, errand, answer=in_words) for errand in errands(demo))
    assert outcomes["wrong"] == 0
    assert outcomes["right"] >= TYPED_ENOUGH * outcomes.total(), outcomes


def errands(demo: TestShop) -> Iterator[Errand]:
    """What shoppers of the demo shop may come for, each with its order in the shop."""
    goods, chance = products(), random.Random(7)
    save_products(demo, goods)
    variants = {one["id"]: one["variants"] for one in goods}
    ready = [order for order in orders(demo.clock()) if is_ready(order, now=demo.clock())]
    for order in chance.sample(ready, ERRANDS):
        demo.app.database.write(demo.shop, lambda unit, order=order: order_store.save(unit, order))
        yield errand_for(order, variants, chance)


def is_ready(order: Document, *, now: datetime) -> bool:
    """Whether all of an order may come back: delivered, in time, nothing of it refunded or final."""
    is_new = now - datetime.fromisoformat(order["placed_at"]) < timedelta(days=30)
    is_whole = not order.get("refunds") and not order.get("cancelled_at")
    return is_new and is_whole and all(is_delivered(line) and not line.get("gift_card") for line in order["lines"])


def is_delivered(line: Document) -> bool:
    return bool(line["fulfilled"]) and all(part.get("delivered_at") for part in line["fulfilled"])


def errand_for(order: Document, variants: Mapping[str, Any], chance: random.Random) -> Errand:
    lines = chance.sample(order["lines"], chance.randint(1, len(order["lines"])))
    wishes = tuple(wish_for(line, variants[line["product_id"]], chance) for line in lines)
    return Errand(order["number"], proof=order["customer"]["email"], wishes=wishes)


def wish_for(line: Document, variants: list[Document], chance: random.Random) -> Wish:
    quantity = chance.randint(1, line["quantity"])
    others = [one for one in variants if one["available"] >= quantity and one["id"] != line["variant_id"]]
    resolution = chance.choice(["refund", "store_credit", "exchange"] if others else ["refund", "store_credit"])
    return Wish(
        line_id=line["id"],
        quantity=quantity,
        reason=chance.choice(["size_too_small", "style", "changed_mind"]),
        resolution=resolution,
        variant_id=chance.choice(others)["id"] if resolution == "exchange" else None,
    )


def test_errands_of_the_evaluation_end_as_wished(demo: TestShop):
    shop = {name: document(f"shop_{name}.json") for name in SHOP}
    save_products(demo, [product_of(one) for one in shop["products"].values()])
    outcomes: Counter[str] = Counter()
    for n, (task, wanted) in enumerate(tasks()):
        user, order = shop["users"][task["user_id"]], shop["orders"][wanted["order_id"]]
        placed = order_of(order, user, number=f"#W{7_000_000 + n}", now=demo.clock())
        demo.app.database.write(demo.shop, lambda unit, placed=placed: order_store.save(unit, placed))
        errand = Errand(placed["number"], proof=user["email"], wishes=wishes_of(wanted, order))
        outcomes[outcome(demo, errand)] += 1
    assert outcomes["wrong"] == 0
    assert outcomes["right"] >= ENOUGH * outcomes.total(), outcomes


def outcome(demo: TestShop, errand: Errand, *, answer: Way | None = None) -> str:
    try:
        return "right" if is_as_wished(ran(demo, errand, answer=answer), errand) else "wrong"
    except Stuck:
        return "stuck"


def tasks() -> Iterator[tuple[Document, Document]]:
    """The returns and exchanges of delivered orders, each with what is wanted."""
    for task in rows("shopper_tasks.jsonl"):
        for action in task["gold_actions"]:
            if action["name"] in (RETURNED, EXCHANGED):
                yield task, action["kwargs"]


def wishes_of(wanted: Document, order: Document) -> tuple[Wish, ...]:
    instead = dict(zip(wanted["item_ids"], wanted.get("new_item_ids", ()), strict=False))
    paid = {payment["payment_method_id"] for payment in order["payment_history"]}
    money = "refund" if wanted["payment_method_id"] in paid else "store_credit"
    return tuple(
        Wish(line_id, quantity, "style", resolution="exchange" if instead else money, variant_id=instead.get(line_id))
        for line_id, quantity in Counter(wanted["item_ids"]).items()
    )


def product_of(one: Document) -> Document:
    variants = [
        {
            "id": variant["item_id"],
            "sku": variant["item_id"],
            "barcode": None,
            "title": ", ".join(variant["options"].values()),
            "options": variant["options"],
            "price": f"{variant['price']:.2f}",
            "available": 1000 if variant["available"] else 0,
        }
        for variant in one["variants"].values()
    ]
    plain = {"product_type": one["name"], "tags": [], "image_url": None}
    return {"id": one["product_id"], "title": one["name"], **plain, "variants": variants}


def order_of(order: Document, user: Document, *, number: str, now: datetime) -> Document:
    units = Counter(item["item_id"] for item in order["items"])
    items = {item["item_id"]: item for item in order["items"]}
    placed = (now - timedelta(days=10)).isoformat()
    payments = [one for one in order["payment_history"] if one["transaction_type"] == "payment"]
    return {
        "id": number,
        "number": number,
        "channel": "store",
        "currency": "USD",
        "prices_include_tax": False,
        "placed_at": placed,
        "customer": {"id": order["user_id"], "email": user["email"], "name": " ".join(user["name"].values())},
        "ship_to": {"country": "US", "postal_code": order["address"]["zip"]},
        "lines": [line_of(item, units[item_id], at=placed) for item_id, item in items.items()],
        "shipping": [],
        "payments": [payment_of(one) for one in payments],
    }


def line_of(item: Document, quantity: int, *, at: str) -> Document:
    return {
        "id": item["item_id"],
        "product_id": item["product_id"],
        "variant_id": item["item_id"],
        "sku": item["item_id"],
        "title": item["name"],
        "variant_title": ", ".join(item["options"].values()),
        "quantity": quantity,
        "unit_price": f"{item['price']:.2f}",
        "discount": "0.00",
        "tax": "0.00",
        "fulfilled": [{"quantity": quantity, "at": at, "delivered_at": at}],
    }


def payment_of(payment: Document) -> Document:
    kind = PAYMENT_KINDS.get(payment["payment_method_id"].partition("_")[0], "wallet")
    return {
        "id": payment["payment_method_id"],
        "gateway": kind,
        "kind": kind,
        "amount": f"{payment['amount']:.2f}",
        "refunded": "0.00",
        "refundable": True,
    }
