"""However the deliveries of a shop at Shopify come, in the end we know what the shop knows.

Everything between the signature and what we keep is the real thing: verify, keep, drain, translate, job, channel.
"""

import dataclasses
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from adapters.shopify.auth import AppKeys
from adapters.shopify.client import ShopClient
from connector.jobs.catalogue import CATALOGUE
from connector.services import install_app, take_deliveries
from connector.services.take_deliveries import Arrival
from tests.adapters.shopify.shops import HERE, RememberedBucket, placed
from tests.connector.services.at_shopify import opened
from tests.shops import TestShop, a_shop
from tests.simulators.shopify import SimulatedShop, simulated_shop, tokens
from tests.simulators.shopify.books import CLIENT_ID, SECRET, Document, gid
from tests.simulators.shopify.telling import Told

ALL_COME, SOME_LOST = (1, 2), (0, 0, 1, 2)
"""How many copies of a delivery come."""
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
HOW = ("refund", "native", "close")
CHANGES = st.lists(st.sampled_from(HOW), min_size=1, max_size=4)


@dataclass
class Busy:
    """A shop with a return of ours, its own staff at work, and what it has told that has not come yet."""

    demo: TestShop
    shop: SimulatedShop
    staff: ShopClient
    order: Document
    in_flight: list[Told] = field(default_factory=list)

    def change(self, how: str) -> list[Told]:
        """Staff change something in the admin; the deliveries that the shop makes of that."""
        {"refund": self._refund, "native": self._native, "close": self._close}[how]()
        return self.shop.deliveries()

    def _refund(self) -> None:
        (paid,) = [one for one in self.order["transactions"] if one["kind"] == "SALE"]
        said = {
            "orderId": gid("Order", self.order["id"]), "currency": "USD", "notify": False, "allowOverRefunding": False,
            "transactions": [
                {"orderId": gid("Order", self.order["id"]), "parentId": gid("OrderTransaction", paid["id"]),
                 "amount": "1.00", "gateway": "bogus", "kind": "REFUND"}
            ],
        }  # fmt: skip
        self.staff.change("refund_create", {"input": said, "key": f"staff-{len(self.shop.books.read()['refunds'])}"})

    def _native(self) -> None:
        """A native return of somebody else, as far as there are units."""
        state = self.shop.books.read()
        parcel = state["fulfillments"][state["orders"][self.order["id"]]["fulfillments"][0]]
        if len(state["returns"]) >= 2:
            return
        line = {
            "fulfillmentLineItemId": gid("FulfillmentLineItem", parcel["lines"][0]["id"]), "quantity": 1,
            "returnReasonDefinitionId": gid("ReturnReasonDefinition", "2"), "returnReasonNote": "staff",
        }  # fmt: skip
        said = {"orderId": gid("Order", self.order["id"]), "returnLineItems": [line]}
        self.staff.change("return_create", {"returnInput": said})

    def _close(self) -> None:
        for native in self.shop.books.read()["returns"].values():
            if native["status"] == "OPEN":
                self.staff.change("return_close", {"id": gid("Return", native["id"])})

    def deliver(self, told: Told) -> None:
        reader = self.demo.app.platforms("shopify")
        assert reader is not None
        delivery = reader.verify(told.headers, told.body, secrets=(SECRET,))
        assert delivery is not None
        take_deliveries.keep(self.demo.app, [Arrival(self.demo.shop, "shopify", delivery)]).result()

    def deal_with_all(self) -> None:
        while take_deliveries.drain(self.demo.app):
            self.demo.work()

    def catch_up(self) -> None:
        """The job that runs every hour."""
        CATALOGUE["watch_app"](self.demo.app, self.demo.shop, step=lambda _, act: act(), payload={})
        self.demo.work()


@contextmanager
def a_busy_shop() -> Iterator[Busy]:
    with tempfile.TemporaryDirectory() as name, simulated_shop(Path(name)) as shop:
        app = {"shopify": AppKeys(CLIENT_ID, (SECRET,)), "shopify_at": shop.address}
        with a_shop(Path(name), settings=app) as demo:
            demo.clock.now = datetime.now(UTC)
            made = install_app.visit(demo.app, header=f"Bearer {tokens.session_token(shop.books.read())}").shop
            installed = dataclasses.replace(demo, shop=made)
            order = placed(shop)
            opened(installed, order)
            installed.work()
            with shop.books.change() as state:
                state["bucket"].update(maximum=10_000.0, available=10_000.0)
            busy = Busy(installed, shop, _staff(shop), order)
            busy.in_flight += shop.deliveries()
            with busy.staff:
                yield busy


class _StaffToken:
    """The token of another app, which staff use."""

    def current(self) -> str:
        return "staff"

    def renewed(self, refused: str) -> str:
        return refused


def _staff(shop: SimulatedShop) -> ShopClient:
    with shop.books.change() as state:
        state["tokens"]["staff"] = 9e12
    return ShopClient(shop.address, _StaffToken(), RememberedBucket(), reach=HERE)


@pytest.mark.parametrize("loses", [False, True], ids=["all come", "some are lost"])
@settings(max_examples=3, deadline=None, phases=WITHOUT_SHRINKING, suppress_health_check=list(HealthCheck))
@given(changes=CHANGES, chance=st.data())
def test_late_doubled_reordered_or_lost_we_end_with_what_the_shop_says(
    loses: bool, changes: list[str], chance: st.DataObject
):
    """What comes is enough by itself; what is lost is found by the job that asks the shop."""
    with a_busy_shop() as busy:
        for how in changes:
            for one in busy.change(how):
                busy.in_flight += [one] * chance.draw(st.sampled_from(SOME_LOST if loses else ALL_COME), label="copies")
            if chance.draw(st.booleans(), label="deliver") and busy.in_flight:
                at = chance.draw(st.integers(0, len(busy.in_flight) - 1), label="which")
                busy.deliver(busy.in_flight.pop(at))
                busy.deal_with_all()
        for one in chance.draw(st.permutations(busy.in_flight), label="late"):
            busy.deliver(one)
        busy.deal_with_all()
        if loses:
            busy.catch_up()
        told = busy.demo.app.channels.for_shop(busy.demo.shop, "shopify").read_order(busy.order["id"])
        assert busy.demo.order(busy.order["id"]) == told
        assert take_deliveries.needing_a_person(busy.demo.app, busy.demo.shop) == ()
