"""The app is installed in a shop at Shopify, taken off, and installed again: void tokens are trusted by nobody."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.errors import NotConnected
from adapters.shopify.auth import NotShopify
from connector.jobs.catalogue import CATALOGUE
from connector.services import first_steps, grant_app, install_app, take_deliveries
from connector.services.take_deliveries import Arrival
from connector.storage import order_store
from tests.adapters.shopify.shops import placed
from tests.connector.services.at_shopify import (
    connection_of,
    demo,
    header,
    now,
    opened,
    platform,
    recorded,
    taken_off,
    tokens_of,
)
from tests.connector.web.test_shopify_grant import signed
from tests.shops import TestShop
from tests.simulators.shopify import SimulatedShop, tokens
from tests.simulators.shopify.books import SHOP
from webhooks.delivery import Delivery

__all__ = ["demo", "platform"]


class TestInstalling:
    def test_the_first_visit_makes_the_shop_with_its_name_its_currency_and_its_person(self, demo: TestShop):
        assert (demo.shop.slug, demo.shop.name, demo.shop.channel) == ("simulated-jeans", "Simulated Jeans", "shopify")
        found = connection_of(demo.app, demo)
        assert (found.details["missing"], found.details["store_credit"]) == ([], True)
        assert (found.details["sees_all_orders"], found.address) == (False, f"https://{SHOP}")

    def test_tokens_are_at_rest_sealed(self, demo: TestShop):
        assert "shpat" not in connection_of(demo.app, demo).sealed

    def test_another_visit_makes_nothing_anew(self, demo: TestShop, platform: SimulatedShop):
        before = platform.books.read()["tokens"]
        visitor = install_app.visit(demo.app, header=header(platform))
        assert visitor.shop.id == demo.shop.id
        assert platform.books.read()["tokens"] == before

    def test_another_person_of_the_shop_is_another_person_here(self, demo: TestShop, platform: SimulatedShop):
        first = install_app.visit(demo.app, header=header(platform)).person
        other = install_app.visit(demo.app, header=header(platform, sub="43")).person
        assert first.id != other.id

    @pytest.mark.parametrize(
        "changes", [{"aud": "x"}, {"exp": 1}, {"dest": "https://other.myshopify.com"}, {"alg": "none"}]
    )
    def test_a_token_that_is_not_good_opens_nothing(self, demo: TestShop, platform: SimulatedShop, changes: Any):
        with pytest.raises(NotShopify):
            install_app.visit(demo.app, header=header(platform, **changes))

    def test_taken_off_and_installed_again_it_is_the_same_shop(self, demo: TestShop, platform: SimulatedShop):
        taken_off(demo)
        with pytest.raises(NotConnected):
            demo.app.channels.for_shop(demo.shop, "shopify").find_order("1001")
        again = install_app.visit(demo.app, header=header(platform))
        assert again.shop.id == demo.shop.id
        assert demo.app.channels.for_shop(demo.shop, "shopify").find_order("1001") is None

    def test_scopes_that_were_taken_back_are_missed(self, demo: TestShop):
        demo.app.database.write(demo.shop, lambda unit: install_app.scopes_changed(unit, ("read_orders",)))
        assert "write_returns" in connection_of(demo.app, demo).details["missing"]  # type: ignore[operator]


def void(platform: SimulatedShop) -> None:
    """The merchant takes the app off; nothing tells us."""
    with platform.books.change() as state:
        tokens.taken_off(state)


def is_let_in(demo: TestShop, platform: SimulatedShop) -> bool:
    """Whether what is kept opens the shop."""
    return tokens.is_good(platform.books.read(), tokens_of(demo).current())


def told_late(demo: TestShop, identity: str = "late") -> None:
    """The delivery of the app being taken off arrives, and is dealt with."""
    delivery = Delivery(identity=identity, topic="app/uninstalled", body=recorded("app__uninstalled"))
    take_deliveries.keep(demo.app, [Arrival(demo.shop, "shopify", delivery)]).result(timeout=30)
    take_deliveries.drain(demo.app)
    demo.work()


def visit_later(demo: TestShop, platform: SimulatedShop) -> None:
    """The merchant opens the app half an hour later."""
    demo.clock.now = now() + timedelta(minutes=30)
    install_app.visit(demo.app, header=header(platform, exp=int(demo.clock.now.timestamp()) + 60))


class TestInstalledAgain:
    def test_the_first_visit_makes_new_tokens_though_nothing_told_that_the_old_ones_are_void(
        self, demo: TestShop, platform: SimulatedShop
    ):
        void(platform)
        demo.clock.now = now()
        assert not is_let_in(demo, platform)
        assert install_app.visit(demo.app, header=header(platform)).shop.id == demo.shop.id
        assert is_let_in(demo, platform)

    def test_the_first_visit_after_a_delivery_that_waits_makes_new_ones_which_it_does_not_take_away(
        self, demo: TestShop, platform: SimulatedShop
    ):
        void(platform)
        demo.clock.now = now()
        install_app.visit(demo.app, header=header(platform))
        told_late(demo)
        assert is_let_in(demo, platform)

    def test_one_that_comes_while_shopify_is_asked_of_the_old_tokens_keeps_its_own(
        self, demo: TestShop, platform: SimulatedShop
    ):
        before = connection_of(demo.app, demo).sealed
        void(platform)
        demo.clock.now = now()
        install_app.visit(demo.app, header=header(platform))
        demo.app.database.write(demo.shop, lambda unit: install_app.uninstalled(demo.app, unit, void=before))
        assert is_let_in(demo, platform)

    def test_a_slow_shop_keeps_nobody_from_opening_the_app(self, demo: TestShop, platform: SimulatedShop):
        before = connection_of(demo.app, demo).sealed
        platform.goes_wrong("503", at="AppScopes")
        assert install_app.visit(demo.app, header=header(platform)).shop.id == demo.shop.id
        assert connection_of(demo.app, demo).sealed == before

    def test_by_a_code_grant_it_has_new_tokens_which_no_late_delivery_takes_away(
        self, demo: TestShop, platform: SimulatedShop
    ):
        void(platform)
        demo.clock.now = now()
        leaving = grant_app.begin(demo.app, signed(demo))
        with platform.books.change() as books:
            books["codes"]["c"] = SHOP
        (state,) = parse_qs(urlsplit(leaving.page).query)["state"]
        back = signed(demo, code="c", state=state)
        assert grant_app.end(demo.app, back, held=leaving.held).id == demo.shop.id
        told_late(demo)
        assert is_let_in(demo, platform)
        before = platform.books.read()["tokens"]
        install_app.visit(demo.app, header=header(platform))
        assert platform.books.read()["tokens"] == before

    def test_its_hourly_look_goes_on_with_the_new_tokens(self, demo: TestShop, platform: SimulatedShop):
        void(platform)
        demo.clock.now = now()
        CATALOGUE["watch_app"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
        install_app.visit(demo.app, header=header(platform))
        assert connection_of(demo.app, demo).details["needs_visit"] is False
        CATALOGUE["watch_app"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
        assert is_let_in(demo, platform)

    def test_new_tokens_forget_nothing_of_what_is_known(self, demo: TestShop, platform: SimulatedShop):
        first_steps.take(demo.app, demo.shop)
        before = connection_of(demo.app, demo)
        void(platform)
        visit_later(demo, platform)
        after = connection_of(demo.app, demo)
        assert after.sealed != before.sealed
        assert (after.connected_at, after.heard_until) == (before.connected_at, before.heard_until)
        assert not first_steps.are_to_be_taken(demo.app, demo.shop)

    def test_what_was_lost_while_there_were_no_tokens_is_read(self, demo: TestShop, platform: SimulatedShop):
        body = placed(platform)
        found = opened(demo, body)
        demo.work()
        void(platform)
        with platform.books.change() as state:
            state["orders"][body["id"]].update(cancelled_at=now().isoformat(), updated_at=now().isoformat())
        visit_later(demo, platform)
        CATALOGUE["watch_app"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
        demo.work()
        with demo.app.database.read(demo.shop) as unit:
            assert (order_store.get(unit, found.order_id) or {})["cancelled_at"]

    def test_one_that_was_known_to_be_taken_off_begins_anew(self, demo: TestShop, platform: SimulatedShop):
        first_steps.take(demo.app, demo.shop)
        taken_off(demo)
        visit_later(demo, platform)
        assert connection_of(demo.app, demo).heard_until == demo.clock.now
        assert first_steps.are_to_be_taken(demo.app, demo.shop)
