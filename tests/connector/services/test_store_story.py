"""The story of a return whose order lives in a WooCommerce store, told on the simulated one."""

import dataclasses
import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from adapters.woocommerce.hooks import changed_since
from connector.services import connect_store, take_deliveries, watch_store
from connector.services.find_order import look_up
from connector.services.follow_return import view
from connector.services.offer_lines import line_choices
from connector.services.quote_return import preview
from connector.services.receive_return import preview as preview_arrival
from connector.services.receive_return import receive
from connector.services.request_return import Wish, open_return
from connector.storage import shop_store
from domain.returns import Inspection, Return
from tests.adapters.woocommerce.stores import Document, placed
from tests.shops import ANN, SAM, TestShop, a_shop
from tests.simulators.woocommerce import SimulatedStore, catalogue, simulated_store
from tests.simulators.woocommerce.answer import now, times
from tests.simulators.woocommerce.books import KEY, SECRET
from webhooks.delivery import Delivery


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SimulatedStore]:
    with simulated_store(tmp_path) as store:
        yield store


@pytest.fixture
def demo(tmp_path: Path, store: SimulatedStore) -> Iterator[TestShop]:
    with a_shop(tmp_path) as demo:
        demo.clock.now = now()
        connect_store.connect(demo.app, demo.shop, address=store.address, key=KEY, secret=SECRET)
        with demo.app.database.read_install() as connection:
            shop = shop_store.get(connection, demo.shop.id)
        assert shop is not None
        yield dataclasses.replace(demo, shop=shop)


def looked_up(demo: TestShop, placed_order: Document) -> Document:
    found = look_up(demo.app, demo.shop, number=placed_order["number"], proof="10118", address="x")
    assert found is not None
    return dict(found)


def opened(
    demo: TestShop, order: Document, *, resolution: str = "refund", once: str = "open", **changes: object
) -> Return:
    line = order["lines"][0]
    item = {"line_id": line["id"], "quantity": 1, "reason": "style", "resolution": resolution, **changes}
    shown = preview(demo.app, demo.shop, order_id=order["id"], items=[item])
    wish = Wish(order_id=order["id"], items=[item], method="mail", quote_id=shown.id)
    return open_return(demo.app, demo.shop, wish=wish, actor=ANN, key=once)


def received(demo: TestShop, found: Return, *, key: str = "take") -> None:
    looked = tuple(Inspection(group.id, "received", grade="A") for group in found.groups)
    shown = preview_arrival(demo.app, demo.shop, return_id=found.id, inspections=looked)
    receive(
        demo.app, demo.shop, return_id=found.id, inspections=looked, quote_id=shown and shown.id, actor=SAM, key=key
    )
    demo.work()


def stock(store: SimulatedStore) -> int:
    return int(store.books.read()["variations"]["14"]["17"]["stock_quantity"])


def test_a_refund_gives_the_money_back_in_the_store_once_and_the_goods_go_on_sale_once(
    demo: TestShop, store: SimulatedStore
):
    """Facts 8 and 10: money and stock are two acts, each done once."""
    body = placed(store)
    before = stock(store)
    order = looked_up(demo, body)
    (choice,) = line_choices(demo.app, demo.shop, order=order)
    assert choice.returnable == 2
    asked = opened(demo, order)
    received(demo, asked)
    assert view(demo.app, demo.shop, return_id=asked.id).found.status == "done"
    (refund,) = store.books.read()["refunds"][str(body["id"])]
    assert (refund["amount"], refund["line_items"][0]["quantity"]) == ("27.17", -1)
    assert stock(store) == before + 1


def test_what_the_store_gave_back_is_known_here_at_once(demo: TestShop, store: SimulatedStore):
    body = placed(store)
    asked = opened(demo, looked_up(demo, body))
    received(demo, asked)
    kept = demo.order(str(body["id"]))
    assert [(refund["amount"], refund["key"]) for refund in kept["refunds"]] == [("27.17", asked.id)]  # type: ignore[attr-defined]


def test_store_credit_is_a_coupon_in_the_store(demo: TestShop, store: SimulatedStore):
    asked = opened(demo, looked_up(demo, placed(store)), resolution="store_credit")
    received(demo, asked)
    (coupon,) = store.books.read()["coupons"].values()
    assert coupon["email_restrictions"] == ["bob.buyer@example.com"]
    assert view(demo.app, demo.shop, return_id=asked.id).found.status == "done"


def test_an_exchange_is_an_order_in_the_store(demo: TestShop, store: SimulatedStore):
    swap = {"variant_id": "19", "product_id": "14", "price": "24.95", "tax": "2.21", "available": 9}
    asked = opened(demo, looked_up(demo, placed(store)), resolution="exchange", exchange_for=swap)
    received(demo, asked)
    assert view(demo.app, demo.shop, return_id=asked.id).found.status == "done"
    made = [order for order in store.books.read()["orders"].values() if order["total"] == "0.00"]
    assert [line["variation_id"] for order in made for line in order["line_items"]] == [19]


def test_a_gateway_that_cannot_refund_leaves_the_money_to_a_person(demo: TestShop, store: SimulatedStore):
    """Fact 5: cash on delivery cannot go back by itself."""
    asked = opened(demo, looked_up(demo, placed(store, payment_method="cod")))
    received(demo, asked)
    states = {leg.kind: leg.state for leg in view(demo.app, demo.shop, return_id=asked.id).legs}
    assert states == {"refund": "by_hand", "restock": "settled"}


@pytest.mark.parametrize("is_told", [True, False], ids=["by a delivery", "by looking"])
def test_fact_19_what_is_left_of_used_store_credit_is_given_anew(demo: TestShop, store: SimulatedStore, is_told: bool):
    """Fact 19: the store would let it be lost."""
    received(demo, opened(demo, looked_up(demo, placed(store)), resolution="store_credit"))
    (coupon,) = store.books.read()["coupons"].values()
    later = placed(store)
    with store.books.change() as state:
        catalogue.use_coupon(state, str(later["id"]), coupon["code"], discount="10.00", tax="0.89")
    if is_told:
        lines = [{"code": coupon["code"]}]
        body = json.dumps({"id": later["id"], "coupon_lines": lines}).encode()
        delivery = Delivery(identity="1:x", topic="order.created", body=body)
        take_deliveries.keep(demo.app, [take_deliveries.Arrival(demo.shop, "woocommerce", delivery)]).result()
        take_deliveries.drain(demo.app)
    else:
        watch_store.watch_store(demo.app, demo.shop, step=lambda _, act: act(), payload={})
    demo.work()
    used, rest = (float(one["amount"]) for one in store.books.read()["coupons"].values())
    assert (used, rest) == (10.0, pytest.approx(float(coupon["amount"]) - 10))


def test_fact_25_an_order_of_ours_that_changed_unheard_is_read_anew(demo: TestShop, store: SimulatedStore):
    """Fact 25: a delivery that failed is lost, so the store is asked what changed."""
    body = placed(store)
    opened(demo, looked_up(demo, body))
    with store.books.change() as state:
        state["orders"][str(body["id"])]["billing"]["phone"] = "555-0100"
    watch_store.watch_store(demo.app, demo.shop, step=lambda _, act: act(), payload={})
    demo.work()
    assert demo.order(str(body["id"]))["customer"]["phone"] == "555-0100"  # type: ignore[index]


def test_of_more_changes_than_can_be_looked_through_at_once_the_next_look_goes_on(
    demo: TestShop, store: SimulatedStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(watch_store, "changed_since", partial(changed_since, a_page=2, most_pages=1))
    body = placed(store)
    opened(demo, looked_up(demo, body))
    with store.books.change() as state:
        for n in range(1, 5):
            at = now() + timedelta(seconds=n)
            state["orders"][str(body["id"] + n)] = body | {"id": body["id"] + n} | times("date_modified", at)
        state["orders"][str(body["id"])]["billing"]["phone"] = "555-0100"
        state["orders"][str(body["id"])] |= times("date_modified", now() + timedelta(seconds=9))
    looks = 0
    while demo.order(str(body["id"]))["customer"].get("phone") != "555-0100":  # type: ignore[attr-defined]
        assert (looks := looks + 1) < 9
        watch_store.watch_store(demo.app, demo.shop, step=lambda _, act: act(), payload={})
        demo.work()
    assert looks > 1


def test_after_a_replacement_came_back_too_the_rest_of_the_order_gives_all_that_it_cost(
    demo: TestShop, store: SimulatedStore
):
    """What went back for the replacement is of the payment of the order that it replaced something of."""
    swap = {"variant_id": "19", "product_id": "14", "price": "24.95", "tax": "2.21", "available": 9}
    body = placed(store)
    received(demo, opened(demo, looked_up(demo, body), resolution="exchange", exchange_for=swap))
    replacement = _completed(
        store, [one for one in store.books.read()["orders"].values() if one["id"] != body["id"]][-1]
    )
    back = opened(demo, looked_up(demo, replacement), once="again")
    received(demo, back, key="again")
    order = looked_up(demo, body)
    rest = {"line_id": order["lines"][0]["id"], "quantity": 1, "reason": "style", "resolution": "refund"}
    shown = preview(demo.app, demo.shop, order_id=order["id"], items=[rest]).document
    assert (shown["total"], shown["capped"]) == ("27.16", None)


def _completed(store: SimulatedStore, order: Document) -> Document:
    with store.books.change() as state:
        (found,) = [one for one in state["orders"].values() if one["id"] == order["id"]]
        found |= {"status": "completed", "number": str(order.get("number") or order["id"])}
        return dict(found)
