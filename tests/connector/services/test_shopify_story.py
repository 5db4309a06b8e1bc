"""The story of a shop at Shopify: installed by a visit, its returns mirrored, settled natively, told by webhooks."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.errors import ChannelSlow
from connector.jobs.catalogue import CATALOGUE
from connector.services import doctor, install_app, keep_order, shelf_location, take_deliveries
from connector.services.collect_balance import collect
from connector.services.errors import Conflict, NotFound
from connector.services.follow_return import view
from connector.services.quote_return import preview
from connector.storage.connection_store import Connection
from tests.adapters.shopify.shops import TEE_L, TEE_XXL, placed
from tests.connector.services.at_shopify import (
    connection_of,
    demo,
    header,
    natives,
    now,
    opened,
    platform,
    received,
    recorded,
    refunded_by_hand,
    taken_in,
)
from tests.connector.services.talking import Shopper
from tests.connector.web.conftest import browser_of
from tests.shops import SAM, TestShop
from tests.simulators.shopify import SimulatedShop, settling, tokens
from tests.simulators.shopify.books import SCOPES, SECRET, SHOP
from webhooks.signature import sign

__all__ = ["demo", "platform"]


class TestTalking:
    def test_who_names_an_old_order_is_told_how_far_back_can_be_seen(self, demo: TestShop, platform: SimulatedShop):
        placed(platform, created_at="2026-01-01T00:00:00Z")
        shopper = Shopper(demo)
        shopper.says("I want to return order #1001, bob.buyer@example.com")
        assert "only_recent" in shopper.keys
        assert "60 days" in str(shopper.turn["messages"])
        with platform.books.change() as state:
            state["scopes"].append("read_all_orders")
        demo.app.database.write(demo.shop, lambda unit: install_app.scopes_changed(unit, (*SCOPES, "read_all_orders")))
        shopper = Shopper(demo)
        shopper.says("I want to return order #1002, bob.buyer@example.com")
        assert "only_recent" not in shopper.keys


class TestWhoIsSignedIn:
    """[D] The app proxy signs who is signed in to the storefront; their own orders are theirs by that."""

    def asked(self, demo: TestShop, *, customer: str | None) -> Shopper:
        shopper = Shopper(demo, signed_in=customer)
        shopper.says("I want to return something")
        return shopper

    def test_is_offered_their_own_newest_orders(self, demo: TestShop, platform: SimulatedShop):
        mine = [placed(platform, created_at=f"2026-11-{n + 10}T00:00:00Z") for n in range(6)]
        placed(platform, customer="502", email="eve@example.com")
        placed(platform, cancelled_at="2026-11-20T00:00:00Z")
        shopper = self.asked(demo, customer="501")
        shown = [f"order:{one['name']}" for one in reversed(mine)][:5]
        assert (shopper.asked, shopper.choices) == ("order", [*shown, "other_order", "back", "human"])
        shopper.picks(shown[1])
        assert (shopper.asked, shopper.turn["draft"]["order"]) == ("items", mine[4]["name"])

    def test_proves_an_order_of_somebody_else(self, demo: TestShop, platform: SimulatedShop):
        placed(platform)
        theirs = placed(platform, customer="502", email="eve@example.com")
        shopper = self.asked(demo, customer="501")
        shopper.picks("other_order")
        shopper.says(theirs["name"])
        assert (shopper.asked, shopper.turn["draft"]["order"]) == ("proof", None)

    def test_is_asked_for_a_number_where_the_shop_cannot_say(self, demo: TestShop, platform: SimulatedShop):
        placed(platform)
        platform.goes_wrong("500", at="OrdersOfCustomer", times=9)
        assert self.asked(demo, customer="501").asked == "order_number"

    def test_is_nobody_without_the_platforms_word(self, demo: TestShop, platform: SimulatedShop):
        placed(platform)
        shopper = self.asked(demo, customer=None)
        assert (shopper.asked, platform.asked("OrdersOfCustomer")) == ("order_number", [])


class TestReturns:
    def test_a_refund_goes_through_a_native_return_and_the_goods_to_the_shelf(
        self, demo: TestShop, platform: SimulatedShop
    ):
        body = placed(platform)
        asked = opened(demo, body)
        demo.work()
        assert [native["status"] for native in natives(platform)] == ["OPEN"]
        received(demo, asked)
        books = platform.books.read()
        assert [native["status"] for native in books["returns"].values()] == ["CLOSED"]
        assert len(books["refunds"]) == 1
        assert books["variants"]["11"]["stock"] == 11

    def test_a_refund_that_was_made_by_hand_on_the_native_return_is_not_made_again(
        self, demo: TestShop, platform: SimulatedShop
    ):
        asked = opened(demo, placed(platform))
        demo.work()
        taken_in(demo, asked)
        with platform.books.change() as state:
            refunded_by_hand(state, "27.17")
        demo.work()
        assert view(demo.app, demo.shop, return_id=asked.id).found.status == "needs_a_person"
        assert len(platform.books.read()["refunds"]) == 1

    def test_goods_go_back_to_the_location_that_the_merchant_chose(self, demo: TestShop, platform: SimulatedShop):
        with platform.books.change() as state:
            state["locations"] |= {"2": {"name": "Store", "active": True}, "3": {"name": "Shut", "active": False}}
        seen = [(one.name, one.is_chosen) for one in shelf_location.locations(demo.app, demo.shop)]
        assert seen == [("Warehouse", True), ("Store", False)]
        with pytest.raises(NotFound):
            shelf_location.choose(demo.app, demo.shop, location_id="3")
        shelf_location.choose(demo.app, demo.shop, location_id="2")
        received(demo, opened(demo, placed(platform)))
        (asked,) = platform.asked("Dispose")
        assert asked["dispositionInputs"][0]["locationId"] == "gid://shopify/Location/2"
        demo.clock.now = now()
        install_app.visit(demo.app, header=header(platform))
        assert shelf_location.locations(demo.app, demo.shop)[1].is_chosen

    def test_an_exchange_is_native_from_its_opening(self, demo: TestShop, platform: SimulatedShop):
        body = placed(platform)
        wanted = {"resolution": "exchange", "exchange_for": {"variant_id": TEE_L, "price": "24.95"}}
        asked = opened(demo, body, **wanted)
        demo.work()
        received(demo, asked)
        books = platform.books.read()
        assert [(native["status"], len(native["exchange"])) for native in books["returns"].values()] == [("CLOSED", 1)]
        assert books["variants"][TEE_L]["stock"] == 9
        (difference,) = books["refunds"].values()
        assert (difference["lines"], difference["return"]) == ([], None)

    def test_a_dearer_exchange_is_asked_for_by_shopify_alone_and_noted_once_it_is_paid(
        self, demo: TestShop, platform: SimulatedShop
    ):
        """[D] Shopify keeps the goods back until its invoice is paid; what is paid there is not taken here too."""
        body = placed(platform)
        wanted = {"resolution": "exchange", "exchange_for": {"variant_id": TEE_XXL, "price": "29.95"}}
        asked = opened(demo, body, **wanted)
        demo.work()
        received(demo, asked)
        assert [invoice["amount"] for invoice in platform.books.read()["invoices"]] == ["2.78"]
        (native,) = natives(platform)
        assert (native["exchange"][0]["processed"], native["exchange"][0]["discount"]) == (1, "0")
        seen = view(demo.app, demo.shop, return_id=asked.id)
        assert seen.balance is not None
        assert (seen.found.status, seen.balance.invoiced, seen.balance.leg.amount) == ("to_pay", True, 278)
        with pytest.raises(Conflict, match="invoice"):
            collect(demo.app, demo.shop, leg_key=seen.balance.leg.key, tender="cash", actor=SAM, key="cash")
        demo.clock.move(days=6)
        CATALOGUE["watch_unpaid"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
        assert view(demo.app, demo.shop, return_id=asked.id).found.status == "to_pay"
        demo.clock.now = now()
        with platform.books.change() as state:
            settling.paid_invoice(state, state["orders"][body["id"]])
            state["orders"][body["id"]]["updated_at"] = now().isoformat()
        CATALOGUE["watch_app"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
        demo.work()
        after = view(demo.app, demo.shop, return_id=asked.id)
        assert (after.found.status, after.balance) == ("done", None)
        assert after.found.history[-1].details["tender"] == "invoice"

    def test_store_credit_is_a_refund_method(self, demo: TestShop, platform: SimulatedShop):
        received(demo, opened(demo, placed(platform), resolution="store_credit"))
        books = platform.books.read()
        assert len(books["refunds"]) == 1
        assert len(books["accounts"]) == 1

    def test_the_doctor_finds_nothing_wrong_with_credit_that_shopify_shows_as_a_refund(
        self, demo: TestShop, platform: SimulatedShop
    ):
        received(demo, opened(demo, placed(platform), resolution="store_credit"))
        demo.work()
        found = doctor.examine(demo.app, demo.shop, since=demo.clock() - timedelta(days=1))
        assert (found.orders, found.drifts) == (1, ())

    def test_all_processes_share_one_bucket(self, demo: TestShop, platform: SimulatedShop):
        from connector.storage.tables.connection_tables import cost_buckets

        placed(platform)
        demo.app.channels.for_shop(demo.shop, "shopify").find_order("1001")
        with demo.app.database.read_install() as connection:
            (row,) = connection.execute(cost_buckets.select()).mappings()
        assert (row["maximum"], row["shop_id"]) == (2000.0, demo.shop.id)
        assert timedelta(0) <= timedelta(seconds=row["at"] - demo.app.clock().timestamp() + 60)


class TestDeliveries:
    """Shopify delivers for all shops of the app to one address."""

    pytestmark = pytest.mark.anyio

    async def delivered(self, demo: TestShop, topic: str, body: bytes, **changes: str) -> int:
        said = {"topic": topic, "hmac-sha256": sign(SECRET.encode(), body), "webhook-id": "w1", "shop-domain": SHOP}
        headers = {f"x-shopify-{name}": value for name, value in {**said, **changes}.items()}
        async with browser_of(demo.app) as client:
            return (await client.post("/webhooks/shopify", content=body, headers=headers)).status_code

    async def followed(self, demo: TestShop, topic: str, body: bytes, *, identity: str = "w1") -> Connection:
        assert await self.delivered(demo, topic, body, **{"webhook-id": identity}) == 200
        take_deliveries.drain(demo.app)
        demo.work()
        return connection_of(demo.app, demo)

    async def test_an_uninstalled_app_forgets_its_tokens(self, demo: TestShop, platform: SimulatedShop):
        with platform.books.change() as state:
            tokens.taken_off(state)
        found = await self.followed(demo, "app/uninstalled", recorded("app__uninstalled"))
        assert (found.sealed, "uninstalled_at" in found.details) == ("", True)

    async def test_one_that_was_installed_again_does_not_believe_a_late_delivery(
        self, demo: TestShop, platform: SimulatedShop
    ):
        with platform.books.change() as state:
            tokens.taken_off(state)
        await self.followed(demo, "app/uninstalled", recorded("app__uninstalled"))
        demo.clock.now = now()
        again = install_app.visit(demo.app, header=header(platform)).shop
        found = await self.followed(demo, "app/uninstalled", recorded("app__uninstalled"), identity="late")
        assert (again.id, bool(found.sealed), "uninstalled_at" in found.details) == (demo.shop.id, True, False)

    async def test_scopes_that_changed_are_asked_for_whatever_the_delivery_says(
        self, demo: TestShop, platform: SimulatedShop
    ):
        with platform.books.change() as state:
            state["scopes"] = ["read_orders"]
        found = await self.followed(demo, "app/scopes_update", recorded("app__scopes_update"))
        assert found.details["scopes"] == ["read_orders"]
        assert "write_returns" in found.details["missing"]  # type: ignore[operator]
        with platform.books.change() as state:
            state["scopes"] = list(SCOPES)
        late = await self.followed(demo, "app/scopes_update", recorded("app__scopes_update"), identity="w2")
        assert late.details["missing"] == []
        demo.clock.now = now()
        visited = install_app.visit(demo.app, header=header(platform))
        assert visited.shop.id == demo.shop.id

    async def test_a_slow_shop_is_asked_again_before_anything_is_forgotten(
        self, demo: TestShop, platform: SimulatedShop
    ):
        platform.goes_wrong("503", at="AppScopes")
        with pytest.raises(ChannelSlow):
            await self.followed(demo, "app/uninstalled", recorded("app__uninstalled"))
        assert connection_of(demo.app, demo).sealed

    async def test_what_was_tampered_with_is_answered_with_401(self, demo: TestShop):
        assert await self.delivered(demo, "app/uninstalled", b"{}", **{"hmac-sha256": "AAAA"}) == 401

    async def test_a_shop_that_nobody_knows_is_told_apart_by_nothing(self, demo: TestShop):
        other = {"shop-domain": "other.myshopify.com"}
        assert await self.delivered(demo, "shop/redact", b"{}", **other) == 200
        assert await self.delivered(demo, "shop/redact", b"{}", **{**other, "hmac-sha256": "AAAA"}) == 401


@pytest.mark.parametrize(
    "wish",
    [
        {"resolution": "store_credit"},
        {"resolution": "exchange", "exchange_for": {"variant_id": TEE_L, "price": "24.95"}},
    ],
)
def test_after_one_unit_of_a_line_was_credited_or_swapped_the_other_gives_all_that_it_cost(
    demo: TestShop, platform: SimulatedShop, wish: dict[str, object]
):
    """Shopify tells of units that came back under our return whatever was given for them."""
    found = opened(demo, placed(platform), **wish)
    demo.work()
    received(demo, found)
    keep_order.kept(demo.app, demo.shop, _read(demo, found.order_id))
    rest = {"line_id": found.groups[0].line_id, "quantity": 1, "reason": "style", "resolution": "refund"}
    shown = preview(demo.app, demo.shop, order_id=found.order_id, items=[rest]).document
    assert (shown["total"], shown["capped"]) == ("27.16", None)


def _read(demo: TestShop, order_id: str) -> Any:
    return demo.app.channels.for_shop(demo.shop, "shopify").read_order(order_id)
