"""The counter's page of an order shows the returns that others opened on its platform, whatever the platform does."""

import pytest

from connector.cli.shop import staff_link
from connector.services.find_order import look_up
from tests.adapters.shopify.shops import placed
from tests.connector.services.at_shopify import demo, platform
from tests.connector.web.conftest import browser_of
from tests.connector.web.pages import Page, visit
from tests.shops import TestShop
from tests.simulators.shopify import SimulatedShop, returns
from tests.simulators.shopify.books import Document, gid

__all__ = ["demo", "platform"]

pytestmark = pytest.mark.anyio


@pytest.fixture
def bought(demo: TestShop, platform: SimulatedShop) -> Document:
    body = placed(platform)
    look_up(demo.app, demo.shop, number=body["name"], proof="10118", address="x")
    return body


def opened_in_the_admin(platform: SimulatedShop, body: Document) -> None:
    with platform.books.change() as state:
        (shipped,) = state["fulfillments"][body["fulfillments"][0]]["lines"]
        line = {
            "fulfillmentLineItemId": gid("FulfillmentLineItem", shipped["id"]),
            "quantity": 1,
            "returnReasonDefinitionId": gid("ReturnReasonDefinition", "7"),
            "returnReasonNote": "Tight at the neck",
        }
        returns.create(state, {"orderId": gid("Order", body["id"]), "returnLineItems": [line]})


async def page_of(demo: TestShop, body: Document) -> Page:
    async with browser_of(demo.app) as staff:
        await staff.get(staff_link(demo.app, demo.shop))
        return await visit(staff, f"/shops/{demo.shop.slug}/counter/orders/{body['id']}")


async def test_they_stand_there_with_their_reason_in_our_words(
    demo: TestShop, platform: SimulatedShop, bought: Document
):
    opened_in_the_admin(platform, bought)
    page = await page_of(demo, bought)
    assert page.barriers() == []
    for words in ("Opened on the shop’s platform", f"{bought['name']}-R1", "Too small", "“Tight at the neck”"):
        assert words in page.text


async def test_there_is_nothing_to_say_without_any(demo: TestShop, bought: Document):
    page = await page_of(demo, bought)
    assert [words for words in ("Opened on the shop’s platform", "cannot say just now") if words in page.text] == []


async def test_a_platform_that_does_not_answer_keeps_nobody_waiting_and_that_is_said(
    demo: TestShop, platform: SimulatedShop, bought: Document
):
    platform.goes_wrong("500", at="ReturnsOfOrder", times=9)
    page = await page_of(demo, bought)
    assert page.barriers() == []
    assert page.answer.status_code == 200
    for words in ("See what is paid", "cannot say just now whether a return of this order was opened there"):
        assert words in page.text
