"""A shared device of a counter: set up once, unlocked by PIN, locked by the server."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.connector.web.conftest import browser_of
from tests.connector.web.pages import Page, post, visit
from tests.counters import OWNERS_PIN, PIN, TERMS, Counter, counter
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

SHOP = "/shops/demo"


@pytest.fixture
def at(demo: TestShop) -> Counter:
    return counter(demo)


@pytest.fixture
async def till(demo: TestShop, at: Counter) -> AsyncIterator[httpx.AsyncClient]:
    """The browser of a shared device that nobody unlocked."""
    async with browser_of(demo.app) as browser:
        browser.cookies.set("backhaul_device", at.token, path=SHOP)
        yield browser


async def unlock(till: httpx.AsyncClient, who: int, pin: str = PIN, path: str = f"{SHOP}/counter") -> Page:
    page = await visit(till, path)
    return await post(till, f"{SHOP}/shift", page.form_with("pin"), person=str(who), pin=pin)


async def test_a_locked_device_asks_for_a_pin_and_goes_on_where_it_was(till: httpx.AsyncClient, at: Counter):
    page = await visit(till, f"{SHOP}/dashboard/returns")
    assert page.answer.url.path == f"{SHOP}/shift"
    assert page.barriers() == []
    page = await unlock(till, at.lee.id, path=f"{SHOP}/dashboard/returns")
    assert page.answer.url.path == f"{SHOP}/dashboard/returns"
    assert page.barriers() == []
    assert "Till 1, Main street" in page.text


async def test_it_goes_on_nowhere_else(till: httpx.AsyncClient, at: Counter):
    form = {"once": "x", "person": str(at.lee.id), "pin": PIN, "next": "https://evil.example/shops/demo/"}
    answer = await till.post(f"{SHOP}/shift", data=form)
    assert answer.headers["location"] == f"{SHOP}/counter"


async def test_a_wrong_pin_is_said_and_guessing_is_slowed_down(till: httpx.AsyncClient, at: Counter):
    for _ in range(5):
        page = await unlock(till, at.lee.id, "0000")
        assert page.answer.status_code == 404
        assert "That PIN is not right." in page.text
        assert page.barriers() == []
    assert (await unlock(till, at.lee.id)).answer.status_code == 429


async def test_the_server_locks_an_idle_device_whatever_its_page_shows(
    demo: TestShop, till: httpx.AsyncClient, at: Counter
):
    await unlock(till, at.lee.id)
    demo.clock.move(minutes=5)
    answer = await till.get(f"{SHOP}/counter", headers={"Accept": "text/html"})
    assert answer.headers["location"] == f"{SHOP}/shift?next=%2Fshops%2Fdemo%2Fcounter"
    told = await till.get(f"{SHOP}/counter", headers={"Accept": "application/json"})
    assert (told.status_code, told.json()["code"]) == (401, "locked")
    acted = await till.post(f"{SHOP}/counter/seen", data={"once": "x"}, headers={"Accept": "application/json"})
    assert acted.status_code == 401


async def test_a_page_that_asks_by_itself_does_not_keep_a_device_open(
    demo: TestShop, till: httpx.AsyncClient, at: Counter
):
    await unlock(till, at.lee.id)
    for _ in range(5):
        demo.clock.move(minutes=1)
        answer = await till.get(f"{SHOP}/counter", headers={"Sec-Fetch-Dest": "empty"})
    assert answer.status_code == 303


async def test_locking_by_hand_ends_the_session(till: httpx.AsyncClient, at: Counter):
    page = await unlock(till, at.lee.id)
    stolen = till.cookies.get("backhaul_session")
    page = await post(till, "", next(form for form in page.forms if form.action.endswith("/lock")))
    assert page.answer.url.path == f"{SHOP}/shift"
    till.cookies.set("backhaul_session", stolen, path=SHOP)
    assert (await till.get(f"{SHOP}/counter")).status_code == 303


async def test_a_session_of_a_device_opens_nothing_in_another_browser(
    demo: TestShop, till: httpx.AsyncClient, at: Counter
):
    await unlock(till, at.lee.id)
    async with browser_of(demo.app) as thief:
        thief.cookies.set("backhaul_session", till.cookies["backhaul_session"], path=SHOP)
        assert (await thief.get(f"{SHOP}/counter")).status_code == 401


@pytest.mark.parametrize("path", ["people", "settings", "audit", "locations", "programs", "operations"])
async def test_a_pin_opens_the_counter_and_not_the_office(
    demo: TestShop, till: httpx.AsyncClient, at: Counter, path: str
):
    page = await unlock(till, at.kim.id, OWNERS_PIN)
    assert f"/dashboard/{path}" not in page.html
    assert (await till.get(f"{SHOP}/dashboard/{path}")).status_code == 403


async def test_an_owner_adds_a_location_and_makes_their_browser_a_device(staff: httpx.AsyncClient):
    page = await visit(staff, f"{SHOP}/counter/device")
    assert "Add a location first" in page.text
    page = await visit(staff, f"{SHOP}/dashboard/locations")
    assert page.barriers() == []
    wrong = await post(staff, f"{SHOP}/dashboard/locations", page.form_with("name"), **{**TERMS, "idle_minutes": "0"})
    assert wrong.answer.status_code == 422
    assert wrong.barriers() == []
    page = await post(staff, f"{SHOP}/dashboard/locations", page.form_with("name"), **TERMS)
    assert "Main street" in page.text
    page = await visit(staff, f"{SHOP}/counter/device")
    assert page.barriers() == []
    page = await post(staff, f"{SHOP}/counter/device", page.form_with("location"), name="Till 7", location="1")
    assert page.answer.url.path == f"{SHOP}/shift"
    assert "Nobody has a PIN yet" in page.text
    assert page.barriers() == []
    assert (await staff.get(f"{SHOP}/dashboard")).status_code == 303


async def test_a_pin_is_set_on_the_account_page_and_reset_on_that_of_people(
    demo: TestShop, at: Counter, staff: httpx.AsyncClient, till: httpx.AsyncClient
):
    page = await visit(staff, f"{SHOP}/dashboard/account")
    assert page.barriers() == []
    page = await post(staff, "", page.form_with("new"), new="1111")
    assert page.answer.status_code == 422
    page = await post(staff, "", page.form_with("new"), new="7304")
    assert "Your PIN is set." in page.text
    page = await visit(staff, f"{SHOP}/dashboard/people")
    form = next(form for form in page.forms if form.action.endswith(f"/people/{at.lee.id}/pin"))
    page = await post(staff, "", form)
    assert page.barriers() == []
    pin = page.html.split('link-to-hand-over">')[1][:6]
    page = await unlock(till, at.lee.id, pin)
    assert "Now choose a PIN of your own." in page.text
    assert page.barriers() == []
    page = await post(till, "", page.form_with("new"), pin=pin, new="4071")
    assert page.answer.url.path == f"{SHOP}/counter"
