"""What a shop at Shopify has allowed, and what it could not tell us, is watched."""

from datetime import timedelta
from functools import partial

import pytest

from adapters.shopify import looking
from connector.jobs.catalogue import CATALOGUE
from connector.services import app_tokens, watch_app
from tests.adapters.shopify.shops import placed
from tests.connector.services.asking import order_of
from tests.connector.services.at_shopify import connection_of, demo, now, opened, platform, taken_off, tokens_of
from tests.shops import TestShop
from tests.simulators.shopify import SimulatedShop, selling, tokens

__all__ = ["demo", "platform"]


class TestWatching:
    """Every hour: what Shopify did not tell, and tokens that nobody uses."""

    def watch(self, demo: TestShop) -> None:
        CATALOGUE["watch_app"](demo.app, demo.shop, step=lambda _, act: act(), payload={})

    def test_tokens_that_nobody_used_for_a_month_are_renewed(self, demo: TestShop, platform: SimulatedShop):
        tokens_of(demo).keep_warm()
        assert platform.asked("refresh_token") == []
        demo.clock.move(days=31)
        tokens_of(demo).keep_warm()
        assert len(platform.asked("refresh_token")) == 1

    def test_an_order_whose_delivery_was_lost_is_read_anew(self, demo: TestShop, platform: SimulatedShop):
        body = placed(platform)
        asked = opened(demo, body)
        demo.work()
        with platform.books.change() as state:
            order = state["orders"][body["id"]]
            order.update(cancelled_at=now().isoformat(), updated_at=now().isoformat())
        self.watch(demo)
        demo.work()
        assert order_of(demo, asked.order_id)["cancelled_at"] is not None  # type: ignore[index]

    def test_of_more_orders_than_can_be_looked_through_at_once_the_next_look_goes_on(
        self, demo: TestShop, platform: SimulatedShop, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(watch_app, "changed_since", partial(looking.changed_since, most=2))
        body = placed(platform)
        asked = opened(demo, body)
        demo.work()
        with platform.books.change() as state:
            for n in range(3):
                selling.sold(state)["updated_at"] = (now() + timedelta(seconds=n)).isoformat()
            at = (now() + timedelta(seconds=9)).isoformat()
            state["orders"][body["id"]].update(cancelled_at=at, updated_at=at)
        for _ in range(3):
            assert order_of(demo, asked.order_id)["cancelled_at"] is None  # type: ignore[index]
            self.watch(demo)
            demo.work()
        assert order_of(demo, asked.order_id)["cancelled_at"] is not None  # type: ignore[index]

    def test_a_shop_whose_tokens_are_lost_is_left_alone(self, demo: TestShop, platform: SimulatedShop):
        with platform.books.change() as state:
            tokens.taken_off(state)
        self.watch(demo)
        assert connection_of(demo.app, demo).details[app_tokens.NEEDS_VISIT] is True

    def test_a_shop_that_took_the_app_off_is_not_asked(self, demo: TestShop, platform: SimulatedShop):
        taken_off(demo)
        before = len(platform.books.read()["requests"])
        self.watch(demo)
        assert len(platform.books.read()["requests"]) == before
