"""A dearer exchange of an order in a WooCommerce store: the balance is paid there, then the replacement goes out."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from adapters.channel import Bill, Payback, Receipt
from adapters.errors import ChannelSlow
from connector.jobs.catalogue import CATALOGUE
from connector.services import connect_store, take_deliveries
from connector.services.approve_at_counter import Given, approve
from connector.services.collect_balance import collect, give_up
from connector.services.errors import Conflict, NeedsApproval
from connector.services.find_order import look_up
from connector.services.follow_return import ReturnView, view
from connector.services.quote_return import preview
from connector.services.receive_return import preview as preview_arrival
from connector.services.receive_return import receive
from connector.services.rehearse import Rehearsal
from connector.services.request_return import Wish, open_return
from connector.storage import policy_store, shop_store
from connector.storage.shop_store import Shop
from domain.orders import read_order
from domain.returns import Inspection, Return
from tests.adapters.woocommerce.stores import Document, channel_of, placed
from tests.counters import OWNERS_PIN, acting, counter
from tests.shops import ANN, SAM, TestShop, a_shop, policy
from tests.simulators.woocommerce import SimulatedStore, orders, simulated_store
from tests.simulators.woocommerce.answer import now
from tests.simulators.woocommerce.books import KEY, SECRET
from webhooks.delivery import Delivery

DEARER = {"variant_id": "19", "product_id": "14", "price": "40.00", "tax": "3.55", "available": 9}
"""The old goods count for 27.17."""
DUE = "16.38"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SimulatedStore]:
    with simulated_store(tmp_path) as store:
        yield store


@pytest.fixture
def demo(tmp_path: Path, store: SimulatedStore) -> Iterator[TestShop]:
    with a_shop(tmp_path, even_exchange="same_price") as demo:
        demo.clock.now = now()
        connect_store.connect(demo.app, demo.shop, address=store.address, key=KEY, secret=SECRET)
        with demo.app.database.read_install() as connection:
            shop = shop_store.get(connection, demo.shop.id)
        assert shop is not None
        yield dataclasses.replace(demo, shop=shop)


def swapped(demo: TestShop, store: SimulatedStore) -> Return:
    """One shirt sent back for a dearer one, taken in, its balance billed."""
    found = decided(demo, store)
    demo.work()
    return found


def decided(demo: TestShop, store: SimulatedStore) -> Return:
    """One shirt sent back for a dearer one, taken in."""
    found = asked(demo, store)
    inspected(demo, found)
    return found


def asked(demo: TestShop, store: SimulatedStore) -> Return:
    """One shirt of an order that is to come back for a dearer one."""
    body = placed(store)
    order = look_up(demo.app, demo.shop, number=body["number"], proof="10118", address="x")
    assert order is not None
    item = {
        "line_id": order["lines"][0]["id"],  # type: ignore[index]
        "quantity": 1, "reason": "style", "resolution": "exchange", "exchange_for": DEARER,
    }  # fmt: skip
    shown = preview(demo.app, demo.shop, order_id=str(order["id"]), items=[item])
    wish = Wish(order_id=str(order["id"]), items=[item], method="mail", quote_id=shown.id, fallback="refund")
    return open_return(demo.app, demo.shop, wish=wish, actor=ANN, key="open")


def inspected(demo: TestShop, found: Return, *, outcome: str = "received") -> None:
    looked = tuple(Inspection(group.id, outcome, grade="A", note="seen") for group in found.groups)
    seen = preview_arrival(demo.app, demo.shop, return_id=found.id, inspections=looked)
    receive(
        demo.app, demo.shop, return_id=found.id, inspections=looked, quote_id=seen and seen.id, actor=SAM, key="take"
    )


def seen(demo: TestShop, found: Return) -> ReturnView:
    return view(demo.app, demo.shop, return_id=found.id)


def bills(store: SimulatedStore) -> list[Document]:
    return [order for order in store.books.read()["orders"].values() if order["fee_lines"]]


def exchanges(store: SimulatedStore) -> list[Document]:
    marked = "_backhaul_exchange_of"
    known = store.books.read()["orders"].values()
    return [order for order in known if marked in {entry["key"] for entry in order["meta_data"]}]


def pay(store: SimulatedStore) -> str:
    (bill,) = bills(store)
    with store.books.change() as state:
        orders.pay(state, str(bill["id"]))
    return str(bill["id"])


def told(demo: TestShop, order_id: str) -> None:
    """The store's delivery about an order comes, and is dealt with."""
    body = json.dumps({"id": int(order_id)}).encode()
    delivery = Delivery(identity=f"1:{order_id}", topic="order.updated", body=body)
    take_deliveries.keep(demo.app, [take_deliveries.Arrival(demo.shop, "woocommerce", delivery)]).result()
    take_deliveries.drain(demo.app)
    demo.work()


def watch(demo: TestShop) -> None:
    CATALOGUE["watch_unpaid"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
    demo.work()


def key_of(demo: TestShop, found: Return) -> str:
    return next(leg.key for leg in seen(demo, found).legs if leg.kind == "collect")


def test_the_balance_is_an_order_to_be_paid_and_its_link_is_shown(demo: TestShop, store: SimulatedStore):
    found = swapped(demo, store)
    (bill,) = bills(store)
    assert (bill["status"], bill["total"], bill["billing"]["email"]) == ("pending", DUE, "bob.buyer@example.com")
    balance = seen(demo, found).balance
    assert balance is not None
    assert balance.pay_at == bill["payment_url"]
    assert (seen(demo, found).found.status, exchanges(store)) == ("to_pay", [])


@pytest.mark.parametrize("is_told", [True, False], ids=["by a delivery", "by looking"])
def test_once_it_is_paid_the_replacement_is_released(demo: TestShop, store: SimulatedStore, is_told: bool):
    found = swapped(demo, store)
    bill = pay(store)
    for _ in range(2):
        told(demo, bill) if is_told else watch(demo)
    (made,) = exchanges(store)
    assert [line["variation_id"] for line in made["line_items"]] == [19]
    assert seen(demo, found).found.status == "done"
    assert store.books.read()["orders"][bill]["status"] == "completed"


def test_each_part_goes_back_to_what_it_was_paid_with(demo: TestShop, store: SimulatedStore):
    swapped(demo, store)
    bill = pay(store)
    told(demo, bill)
    (made,) = exchanges(store)
    channel = channel_of(store)
    exchanged = read_order(channel.read_order(str(made["id"])) or {})
    assert [(one.kind, one.amount) for one in exchanged.payments] == [("exchange", 2717), ("card", 1638)]
    for n, payment in enumerate(exchanged.payments):
        channel.refund(back(exchanged.id, payment.id, amount=payment.amount, key=f"leg-{n}"))
    given = store.books.read()["refunds"]
    assert [refund["amount"] for refund in given[bill]] == [DUE]
    again = read_order(channel.read_order(exchanged.id) or {})
    assert [one.held for one in again.payments] == [0, 0]


def back(order_id: str, payment_id: str, *, amount: int, key: str) -> Payback:
    return Payback(
        key=key, order_id=order_id, return_id="RMA-2", payment_id=payment_id, amount=amount, currency="USD", digits=2
    )


def test_who_does_not_pay_gets_what_they_chose_and_the_order_can_be_paid_no_more(demo: TestShop, store: SimulatedStore):
    found = swapped(demo, store)
    demo.clock.move(days=8)
    watch(demo)
    (bill,) = bills(store)
    assert (bill["status"], exchanges(store)) == ("cancelled", [])
    assert seen(demo, found).found.status == "done"
    assert {leg.kind: leg.state for leg in seen(demo, found).legs}["refund"] == "settled"


def test_who_paid_in_the_last_moment_gets_the_replacement(demo: TestShop, store: SimulatedStore):
    found = swapped(demo, store)
    pay(store)
    demo.clock.move(days=8)
    watch(demo)
    assert len(exchanges(store)) == 1
    assert {leg.kind: leg.state for leg in seen(demo, found).legs}["collect"] == "settled"


def test_a_store_that_does_not_answer_lets_the_balance_wait(demo: TestShop, store: SimulatedStore):
    found = swapped(demo, store)
    demo.clock.move(days=8)
    store.goes_wrong("database down", at="/orders", times=50)
    CATALOGUE["watch_unpaid"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
    assert seen(demo, found).found.status == "to_pay"


def test_at_the_counter_it_is_taken_once_and_not_on_the_storefront_too(demo: TestShop, store: SimulatedStore):
    found = swapped(demo, store)
    for _ in range(2):
        collect(demo.app, demo.shop, leg_key=key_of(demo, found), tender="cash", actor=SAM, key="p1")
    demo.work()
    assert [bill["status"] for bill in bills(store)] == ["cancelled"]
    (made,) = exchanges(store)
    exchanged = read_order(channel_of(store).read_order(str(made["id"])) or {})
    assert [(one.kind, one.amount, one.refundable) for one in exchanged.payments][1] == ("cash", 1638, False)


@pytest.mark.parametrize("act", ["take", "give up"])
def test_staff_who_come_too_late_are_told_that_it_was_paid(demo: TestShop, store: SimulatedStore, act: str):
    found = swapped(demo, store)
    pay(store)
    leg_key = key_of(demo, found)
    with pytest.raises(Conflict, match="paid on the storefront"):
        if act == "take":
            collect(demo.app, demo.shop, leg_key=leg_key, tender="cash", actor=SAM, key="p1")
        else:
            give_up(demo.app, demo.shop, leg_key=leg_key, actor=SAM, why="", key="p1")
    demo.work()
    assert len(exchanges(store)) == 1


def test_who_may_not_give_that_much_is_sent_to_a_manager_before_the_store_is_told(
    demo: TestShop, store: SimulatedStore
):
    found = swapped(demo, store)
    at = counter(demo, staff_limit="5.00")
    lee, leg_key = acting(demo, at, at.lee), key_of(demo, found)
    with pytest.raises(NeedsApproval) as refusal:
        give_up(demo.app, demo.shop, leg_key=leg_key, actor=lee, why="too dear", key="p1")
    assert [bill["status"] for bill in bills(store)] == ["pending"]
    assert seen(demo, found).found.status == "to_pay"
    agreed = Given("a regular", at.kim.id, pin=OWNERS_PIN)
    approve(demo.app, demo.shop, wanted=refusal.value.wanted, given=agreed, actor=lee)
    give_up(demo.app, demo.shop, leg_key=leg_key, actor=lee, why="too dear", key="p1")
    demo.work()
    assert [bill["status"] for bill in bills(store)] == ["cancelled"]
    assert {leg.kind: leg.state for leg in seen(demo, found).legs}["refund"] == "settled"


@pytest.mark.parametrize("act", ["take", "give up"])
def test_in_a_training_the_store_lets_it_be_paid_as_before(demo: TestShop, store: SimulatedStore, act: str):
    found = swapped(demo, store)
    leg_key, app = key_of(demo, found), Rehearsal(demo.app, demo.shop).app
    if act == "take":
        collect(app, demo.shop, leg_key=leg_key, tender="cash", actor=SAM, key="p1")
    else:
        give_up(app, demo.shop, leg_key=leg_key, actor=SAM, why="", key="p1")
    assert [bill["status"] for bill in bills(store)] == ["pending"]
    assert seen(demo, found).found.status == "to_pay"


def test_a_bill_that_was_not_noted_yet_is_withdrawn_where_the_balance_is_taken(demo: TestShop, store: SimulatedStore):
    found = decided(demo, store)

    def dies(_made: Receipt) -> Receipt:
        raise Died

    with pytest.raises(Died):
        billed(demo, found, then=dies)
    assert [bill["status"] for bill in bills(store)] == ["pending"]
    collect(demo.app, demo.shop, leg_key=key_of(demo, found), tender="card", actor=SAM, key="p1")
    assert [bill["status"] for bill in bills(store)] == ["cancelled"]
    demo.work()
    assert (len(exchanges(store)), seen(demo, found).found.status) == (1, "done")


@pytest.mark.parametrize("is_paid", [False, True], ids=["unpaid", "paid"])
def test_the_bill_of_goods_that_are_rejected_is_withdrawn_and_a_payment_goes_to_a_person(
    demo: TestShop, store: SimulatedStore, is_paid: bool
):
    early = policy(even_exchange="same_price", settle_on="approved")
    before = demo.clock() - timedelta(days=1)
    demo.app.database.write(demo.shop, lambda unit: policy_store.add_version(unit, early, in_force_from=before))
    found = asked(demo, store)
    demo.work()
    assert [bill["status"] for bill in bills(store)] == ["pending"]
    if is_paid:
        pay(store)
    inspected(demo, found, outcome="rejected")
    demo.work()
    assert [bill["status"] for bill in bills(store)] == ["completed" if is_paid else "cancelled"]
    late = [(leg.state, leg.amount) for leg in seen(demo, found).legs if leg.key.endswith("-late")]
    assert late == ([("by_hand", 1638)] if is_paid else [])
    assert (exchanges(store), seen(demo, found).found.status) == ([], "declined")


@pytest.mark.parametrize("is_paid", [False, True], ids=["unpaid", "paid"])
def test_a_bill_that_is_made_while_the_balance_is_taken_can_be_paid_no_more_or_goes_to_a_person(
    demo: TestShop, store: SimulatedStore, is_paid: bool
):
    found = decided(demo, store)
    leg_key = key_of(demo, found)

    def taken_meanwhile(made: Receipt) -> Receipt:
        with store.books.change() as state:
            hidden = state["orders"].pop(made.details["order"])
        collect(demo.app, demo.shop, leg_key=leg_key, tender="card", actor=SAM, key="p1")
        with store.books.change() as state:
            state["orders"][made.details["order"]] = hidden
        if is_paid:
            pay(store)
        return made

    for _ in range(2):
        billed(demo, found, then=taken_meanwhile)
    demo.work()
    assert [bill["status"] for bill in bills(store)] == ["completed" if is_paid else "cancelled"]
    late = [(leg.state, leg.amount) for leg in seen(demo, found).legs if leg.key == f"{leg_key}-late"]
    assert late == ([("by_hand", 1638)] if is_paid else [])
    assert (len(exchanges(store)), seen(demo, found).found.status) == (1, "done")


class Died(Exception):
    """A worker is gone."""


class Bills:
    """The channels, where something happens between the making of a bill and the noting of it."""

    def __init__(self, real: Any, then: Callable[[Receipt], Receipt]) -> None:
        self._real = real
        self._then = then

    def for_shop(self, shop: Shop, name: str) -> "Bills":
        return Bills(self._real.for_shop(shop, name), self._then)

    def bill(self, bill: Bill) -> Receipt:
        return self._then(self._real.bill(bill))

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


def billed(demo: TestShop, found: Return, *, then: Callable[[Receipt], Receipt]) -> None:
    """The job that bills a balance, by itself."""
    app = structs.replace(demo.app, channels=Bills(demo.app.channels, then))  # type: ignore[arg-type]
    CATALOGUE["bill_balance"](app, demo.shop, step=lambda _, act: act(), payload={"leg": key_of(demo, found)})


def test_a_bill_whose_answer_was_lost_is_made_once(store: SimulatedStore):
    order = placed(store)
    asked = Bill("k1", str(order["id"]), "RMA-1", amount=1638, currency="USD", digits=2)
    channel = channel_of(store)
    store.goes_wrong("lost answer", at="POST /wp-json/wc/v3/orders")
    with pytest.raises(ChannelSlow):
        channel.bill(asked)
    assert channel.bill(asked).details["address"] == bills(store)[0]["payment_url"]
    assert len(bills(store)) == 1
