"""The merchant reads what shoppers wrote, also where nobody asked for a person."""

import httpx
import pytest

from connector.services import converse
from connector.services.converse import Heard, Talk
from tests.connector.web.pages import visit
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

ALL = "/shops/demo/dashboard/conversations"


def said(demo: TestShop, text: str) -> str:
    turn = converse.start(demo.app, demo.shop, language=None, address="x")
    talk = Talk(str(turn["conversation"]), "x")
    converse.say(demo.app, demo.shop, talk=talk, heard=Heard(text=text))
    return talk.conversation_id


async def test_every_conversation_is_there_with_its_order_and_its_beginning(demo: TestShop, staff: httpx.AsyncClient):
    said(demo, "hello, is anybody there?")
    demo.clock.move(minutes=1)
    name = said(demo, "order 1001, ann@example.com")
    page = await visit(staff, ALL)
    assert page.barriers() == []
    assert page.text.index("Order #1001") < page.text.index("hello, is anybody there?")
    one = await visit(staff, f"{ALL}/{name}")
    assert one.barriers() == []
    assert "order 1001, ann@example.com" in one.text


async def test_who_only_looked_is_not_there(demo: TestShop, staff: httpx.AsyncClient):
    converse.start(demo.app, demo.shop, language=None, address="x")
    assert "Nobody has written to the assistant yet." in (await visit(staff, ALL)).text


async def test_there_are_pages_of_them(demo: TestShop, staff: httpx.AsyncClient):
    for n in range(31):
        demo.clock.move(minutes=1)
        said(demo, f"parcel number {n} of many")
    page = await visit(staff, ALL)
    assert "parcel number 1 of" in page.text
    assert "parcel number 0 of" not in page.text
    (older,) = [found["href"] for tag, found in page.tags if tag == "a" and "before=" in found.get("href", "")]
    assert "parcel number 0 of" in (await visit(staff, older)).text


async def test_what_is_not_there_is_said(staff: httpx.AsyncClient):
    assert (await staff.get(f"{ALL}/c_nothing")).status_code == 404


async def test_nobody_else_reads_them(demo: TestShop, browser: httpx.AsyncClient):
    name = said(demo, "hello")
    assert (await browser.get(f"{ALL}/{name}")).status_code == 401
