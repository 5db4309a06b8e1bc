"""The balance of a dearer replacement, as staff take it and as its shopper sees it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from connector.services.follow_return import status_link
from tests.connector.services.test_collect_balance import swapped
from tests.connector.services.test_lifecycle_story import kept
from tests.connector.web.conftest import browser_of
from tests.connector.web.pages import Form, post, visit
from tests.connector.web.test_shift_page import unlock
from tests.counters import OWNERS_PIN, Counter, counter
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


async def test_who_may_not_give_that_much_asks_a_manager_at_the_same_device(demo: TestShop):
    found, at = swapped(demo), counter(demo, staff_limit="5.00")
    async with browser_of(demo.app) as till:
        till.cookies.set("backhaul_device", at.token, path="/shops/demo")
        await unlock(till, at.lee.id)
        page = await post(till, COUNTER, await form_of(till, f"{COUNTER}/{found.id}", "given-up"), why="too dear")
        for pin, words in (("", "A manager must approve this"), ("0000", "That PIN is not right.")):
            page = await post(till, str(page.answer.url.path), page.form_with("approver_pin"), **agreed(at, pin))
            assert page.barriers() == []
            for word in (words, "$19.80"):
                assert word in page.text
        page = await post(till, str(page.answer.url.path), page.form_with("approver_pin"), **agreed(at, OWNERS_PIN))
    assert page.answer.url.path == f"{COUNTER}/{found.id}"
    demo.work()
    assert demo.order()["payments"][0]["refunded"] == "19.80"  # type: ignore[index]


def agreed(at: Counter, pin: str) -> dict[str, str]:
    """What a manager types in."""
    return {"approver": str(at.kim.id), "approver_pin": pin, "approval_reason": "a regular"}


async def test_staff_give_what_was_chosen_instead(demo: TestShop, staff: httpx.AsyncClient):
    found = swapped(demo)
    page = await post(staff, COUNTER, await form_of(staff, f"{COUNTER}/{found.id}", "given-up"), why="too dear")
    assert page.answer.status_code == 200
    demo.work()
    assert demo.order()["payments"][0]["refunded"] == "19.80"  # type: ignore[index]
