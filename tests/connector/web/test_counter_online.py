"""The counter's field and the shop's platform: asked when it may know more, and honest when it could not be asked."""

from typing import Any

import pytest

from connector.cli.shop import staff_link
from connector.services.find_order import look_up
from connector.services.scan import scan
from connector.storage import order_store
from tests.adapters.shopify.shops import placed
from tests.connector.services.at_shopify import demo, now, platform
from tests.connector.services.test_install_app import void
from tests.connector.web.conftest import browser_of
from tests.connector.web.pages import Page, visit
from tests.shops import TestShop, order
from tests.simulators.shopify import SimulatedShop

__all__ = ["demo", "platform"]

pytestmark = pytest.mark.anyio


def from_a_till(demo: TestShop, number: str) -> None:
    document = order(id="t1", number=number, channel="store")
    demo.app.database.write(demo.shop, lambda unit: order_store.save(unit, document))


def named(demo: TestShop, text: str) -> tuple[set[str], str]:
    seen = scan(demo.app, demo.shop, text=text)
    return {match.id for match in seen.matches}, seen.unasked


async def found(demo: TestShop, text: str) -> Page:
    async with browser_of(demo.app) as staff:
        await staff.get(staff_link(demo.app, demo.shop))
        return await visit(staff, f"/shops/{demo.shop.slug}/counter?find={text}")


def test_a_receipt_of_a_till_hides_no_order_of_the_platform(demo: TestShop, platform: SimulatedShop):
    body = placed(platform)
    from_a_till(demo, body["name"].strip("#"))
    for _ in range(2):
        assert named(demo, body["name"]) == ({"t1", body["id"]}, "")


def test_an_order_that_is_known_is_asked_for_no_more(demo: TestShop, platform: SimulatedShop):
    body = placed(platform)
    assert named(demo, body["name"]) == ({body["id"]}, "")
    asked = len(platform.asked("OrdersByName"))
    assert named(demo, body["name"]) == ({body["id"]}, "")
    assert len(platform.asked("OrdersByName")) == asked


async def test_a_slow_shop_is_said_to_be_slow(demo: TestShop, platform: SimulatedShop):
    platform.goes_wrong("503", at="OrdersByName", times=9)
    page = await found(demo, "7777")
    assert page.barriers() == []
    assert "The online shop is slow right now" in page.text
    assert "Nothing found" not in page.text


async def test_one_match_is_not_opened_while_there_may_be_another(demo: TestShop, platform: SimulatedShop):
    from_a_till(demo, "7777")
    platform.goes_wrong("503", at="OrdersByName", times=9)
    page = await found(demo, "7777")
    assert page.barriers() == []
    assert "The online shop is slow right now" in page.text
    assert "Order 7777" in page.text


async def test_one_that_lets_nobody_in_could_not_be_asked(demo: TestShop, platform: SimulatedShop):
    void(platform)
    demo.clock.now = now()
    page = await found(demo, "7777")
    assert "The online shop could not be asked" in page.text


async def test_how_its_orders_are_found_is_said_where_nothing_is(demo: TestShop, platform: SimulatedShop):
    body: Any = placed(platform)
    page = await found(demo, body["email"])
    assert page.barriers() == []
    assert "Orders of the online shop are found by their number." in page.text
    look_up(demo.app, demo.shop, number=body["name"], proof="10118", address="x")
    assert named(demo, body["email"]) == ({body["id"]}, "")
