"""However a WooCommerce store's deliveries come, in the end we know what the store knows.

The store is the simulated one, bodies and headers have the recorded form (facts 23 to 32 of its document).
Everything between the signature and what we keep is the real thing: verify, keep, drain, translate, job, channel.
"""

import dataclasses
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from connector.services import connect_store, take_deliveries, watch_store
from connector.services.find_order import look_up
from connector.services.take_deliveries import Arrival
from connector.storage import shop_store
from tests.adapters.woocommerce.stores import Document, placed
from tests.connector.services.test_store_story import opened
from tests.shops import TestShop, a_shop
from tests.simulators.woocommerce import SimulatedStore, orders, refunds, simulated_store
from tests.simulators.woocommerce.answer import now, times
from tests.simulators.woocommerce.books import KEY, SECRET
from webhooks.signature import sign
from webhooks.woocommerce import REFUNDED

CHANNEL = "woocommerce"
ALL_COME, SOME_LOST = (1, 2), (0, 0, 1, 2)
"""How many copies of a delivery come."""
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""A story takes a second, and shrinking tells hundreds."""
HOW = ("phone", "status", "refund")
CHANGES = st.lists(st.tuples(st.integers(0, 1), st.sampled_from(HOW)), min_size=1, max_size=5)


@dataclass
class Busy:
    """A connected shop with a return of each of two orders, and what the store has sent that has not come yet."""

    demo: TestShop
    store: SimulatedStore
    order_ids: tuple[str, str]
    in_flight: list[tuple[str, bytes]] = field(default_factory=list)

    def change(self, order_id: str, how: str, *, n: int) -> list[tuple[str, bytes]]:
        """Change an order in the store; the deliveries that the store makes of that."""
        if how == "refund":
            refunds.create(self.store.books, order_id, {"amount": "1.00", "api_refund": False})
        with self.store.books.change() as state:
            order = state["orders"][order_id]
            if how == "phone":
                order["billing"]["phone"] = f"555-01{n:02}"
            if how == "status":
                orders.change(state, order_id, {"status": ("completed", "processing")[n % 2]})
            order |= times("date_modified", now())
            told = [("order.updated", json.dumps(order).encode())]
        also = (REFUNDED, json.dumps({"action": "woocommerce_order_refunded", "arg": int(order_id)}).encode())
        return [*told, also] if how == "refund" else told

    def deliver(self, topic: str, body: bytes) -> None:
        """What the store posts, verified by the secret that it was given."""
        secrets = take_deliveries.secrets_of(self.demo.app, self.demo.shop, channel=CHANNEL)
        headers = {
            "x-wc-webhook-topic": topic,
            "x-wc-webhook-id": "3",
            "x-wc-webhook-signature": sign(secrets[0].encode(), body),
        }
        reader = self.demo.app.platforms(CHANNEL)
        assert reader is not None
        delivery = reader.verify(headers, body, secrets=secrets)
        assert delivery is not None
        take_deliveries.keep(self.demo.app, [Arrival(self.demo.shop, CHANNEL, delivery)]).result()

    def deal_with_all(self) -> None:
        while take_deliveries.drain(self.demo.app):
            self.demo.work()

    def catch_up(self) -> None:
        """The job that runs every few minutes."""
        watch_store.watch_store(self.demo.app, self.demo.shop, step=lambda _, act: act(), payload={})
        self.demo.work()


@contextmanager
def a_busy_store() -> Iterator[Busy]:
    with tempfile.TemporaryDirectory() as name, simulated_store(Path(name)) as store, a_shop(Path(name)) as demo:
        demo.clock.now = now()
        connect_store.connect(demo.app, demo.shop, address=store.address, key=KEY, secret=SECRET)
        with demo.app.database.read_install() as connection:
            shop = shop_store.get(connection, demo.shop.id)
        assert shop is not None
        connected = dataclasses.replace(demo, shop=shop)
        first, second = (_with_a_return(connected, placed(store), key=key) for key in ("one", "two"))
        yield Busy(connected, store, (first, second))


def _with_a_return(demo: TestShop, order: Document, *, key: str) -> str:
    found = look_up(demo.app, demo.shop, number=order["number"], proof="10118", address=key)
    assert found is not None
    opened(demo, dict(found), once=key)
    return str(order["id"])


@pytest.mark.parametrize("loses", [False, True], ids=["all come", "some are lost"])
@settings(max_examples=10, deadline=None, phases=WITHOUT_SHRINKING, suppress_health_check=list(HealthCheck))
@given(changes=CHANGES, chance=st.data())
def test_late_doubled_reordered_or_lost_we_end_with_what_the_store_says(
    loses: bool, changes: list[tuple[int, str]], chance: st.DataObject
):
    """What comes is enough by itself; what is lost is found by the job that asks the store."""
    with a_busy_store() as busy:
        for n, (which, how) in enumerate(changes):
            for one in busy.change(busy.order_ids[which], how, n=n):
                busy.in_flight += [one] * chance.draw(st.sampled_from(SOME_LOST if loses else ALL_COME), label="copies")
            _deliver_some(busy, chance)
        for one in chance.draw(st.permutations(busy.in_flight), label="late"):
            busy.deliver(*one)
        busy.deal_with_all()
        if loses:
            busy.catch_up()
        channel = busy.demo.app.channels.for_shop(busy.demo.shop, CHANNEL)
        for order_id in busy.order_ids:
            assert busy.demo.order(order_id) == channel.read_order(order_id)
        assert take_deliveries.needing_a_person(busy.demo.app, busy.demo.shop) == ()


def _deliver_some(busy: Busy, chance: st.DataObject) -> None:
    while busy.in_flight and chance.draw(st.booleans(), label="deliver"):
        one = busy.in_flight.pop(chance.draw(st.integers(0, len(busy.in_flight) - 1), label="which"))
        busy.deliver(*one)
        if chance.draw(st.booleans(), label="drain"):
            busy.deal_with_all()
