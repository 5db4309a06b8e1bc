"""On a device in training everything can be done, and every table is as it was before."""

from collections.abc import AsyncIterator

import httpx
import pytest

from connector.storage.tables import metadata
from tests.connector.services.test_story import opened, refunded
from tests.connector.web.conftest import browser_of
from tests.connector.web.pages import post, visit
from tests.connector.web.test_counter import graded
from tests.connector.web.test_shift_page import unlock
from tests.counters import OWNERS_PIN, Counter, counter
from tests.isolation.two_shops import rows_of
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

SHOP = "/shops/demo"
STAYS = frozenset({"quotes", "approvals", "attempts"})
"""Figures that were shown, approvals of a training, wrong guesses: none of it moves money, goods or a return."""


@pytest.fixture
def at(demo: TestShop) -> Counter:
    return counter(demo, staff_limit="5.00")


@pytest.fixture
async def till(demo: TestShop, at: Counter) -> AsyncIterator[httpx.AsyncClient]:
    async with browser_of(demo.app) as browser:
        browser.cookies.set("backhaul_device", at.token, path=SHOP)
        page = await unlock(browser, at.kim.id, OWNERS_PIN)
        page = await visit(browser, f"{SHOP}/counter/device")
        form = next(form for form in page.forms if form.action.endswith("/train"))
        page = await post(browser, "", form)
        assert page.barriers() == []
        yield browser


def tables(demo: TestShop) -> dict[str, object]:
    with demo.app.database.read(demo.shop) as unit:
        found = {name: rows_of(unit, table) for name, table in metadata.tables.items() if "shop_id" in table.c}
    return {name: rows for name, rows in found.items() if name not in STAYS} | {"jobs": dict(demo.jobs.waiting)}


def typed(at: Counter, pin: str) -> dict[str, str]:
    """What a manager types into the form."""
    return {"approver": str(at.kim.id), "approver_pin": pin, "approval_reason": "practice"}


async def test_a_whole_return_with_an_override_is_practised_and_nothing_is_written(
    demo: TestShop, till: httpx.AsyncClient, at: Counter
):
    found = opened(demo)
    await unlock(till, at.lee.id, path=f"{SHOP}/shift")
    address = f"{SHOP}/counter/{found.id}"
    before = tables(demo)
    page = await graded(till, address, grade_1_1="A")
    assert "Training." in page.text
    assert page.barriers() == []
    form = page.form_with("approver_pin")
    refused = await post(till, address, form, step="confirm", **typed(at, "0000"))
    assert "That PIN is not right." in refused.text
    page = await post(till, address, refused.form_with("approver_pin"), step="confirm", **typed(at, OWNERS_PIN))
    assert "That worked. Nothing was kept." in page.text
    assert "$19.80" in page.text
    assert page.barriers() == []
    assert tables(demo) == before
    assert refunded(demo) == "0.00"
    assert "Say in what condition" not in (await visit(till, address)).text


async def test_wrong_guesses_count_in_training_too(demo: TestShop, till: httpx.AsyncClient, at: Counter):
    found = opened(demo)
    await unlock(till, at.lee.id, path=f"{SHOP}/shift")
    address = f"{SHOP}/counter/{found.id}"
    page = await graded(till, address, grade_1_1="A")
    for _ in range(6):
        form = page.form_with("approver_pin")
        page = await post(till, address, form, step="confirm", **typed(at, "0000"))
    assert "That was tried too often." in page.text


async def test_an_approval_of_a_training_is_worth_nothing_afterwards(
    demo: TestShop, till: httpx.AsyncClient, at: Counter
):
    found = opened(demo)
    await unlock(till, at.lee.id, path=f"{SHOP}/shift")
    address = f"{SHOP}/counter/{found.id}"
    page = await graded(till, address, grade_1_1="A")
    form = page.form_with("approver_pin")
    await post(till, address, form, step="confirm", **typed(at, OWNERS_PIN))
    await unlock(till, at.kim.id, OWNERS_PIN, path=f"{SHOP}/shift")
    device = await visit(till, f"{SHOP}/counter/device")
    await post(till, "", next(form for form in device.forms if form.action.endswith("/work")))
    await unlock(till, at.lee.id, path=f"{SHOP}/shift")
    page = await graded(till, address, grade_1_1="A")
    assert "Training." not in page.text
    page = await post(till, address, page.form_with("approver_pin"), step="confirm", approver_pin="")
    assert "A manager must approve this" in page.text
    assert refunded(demo) == "0.00"


async def test_when_the_training_is_over_the_same_act_counts(demo: TestShop, till: httpx.AsyncClient, at: Counter):
    found = opened(demo)
    device = await visit(till, f"{SHOP}/counter/device")
    await post(till, "", next(form for form in device.forms if form.action.endswith("/work")))
    address = f"{SHOP}/counter/{found.id}"
    page = await graded(till, address, grade_1_1="A")
    await post(till, address, page.form_with("confirm"), step="confirm")
    demo.work()
    assert refunded(demo) == "19.80"
