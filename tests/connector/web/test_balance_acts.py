"""The balance of a dearer replacement, as staff take it and as its shopper sees it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from connector.services.follow_return import status_link
from tests.connector.services.test_collect_balance import swapped
from tests.connector.services.test_lifecycle_story import kept
from tests.connector.web.pages import Form, post, visit
from tests.shops import TestShop, a_shop

pytestmark = pytest.mark.anyio

COUNTER = "/shops/demo/counter"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path, even_exchange="same_price") as shop:
        yield shop


async def form_of(staff: httpx.AsyncClient, address: str, word: str) -> Form:
    page = await visit(staff, address)
    assert page.barriers() == []
    return next(form for form in page.forms if form.action.endswith(f"/{word}"))


async def test_the_shopper_sees_what_is_to_pay_how_and_until_when(demo: TestShop, browser: httpx.AsyncClient):
    found = swapped(demo)
    page = await visit(browser, status_link(demo.app, demo.shop, return_id=found.id))
    assert page.barriers() == []
    for words in ("Still to pay: $13.20", "27 November 2026", "by card or in cash", "you get the money back instead"):
        assert words in page.text


async def test_staff_take_the_balance_at_the_counter_once(demo: TestShop, staff: httpx.AsyncClient):
    found = swapped(demo)
    form = await form_of(staff, f"{COUNTER}/{found.id}", "collected")
    for _ in range(2):
        page = await post(staff, COUNTER, form, tender="cash")
        assert page.answer.status_code == 200
    demo.work()
    assert kept(demo, found).status == "done"


async def test_staff_give_what_was_chosen_instead(demo: TestShop, staff: httpx.AsyncClient):
    found = swapped(demo)
    page = await post(staff, COUNTER, await form_of(staff, f"{COUNTER}/{found.id}", "given-up"), why="too dear")
    assert page.answer.status_code == 200
    demo.work()
    assert demo.order()["payments"][0]["refunded"] == "19.80"  # type: ignore[index]
