"""The page on which a shop is connected to its store, and the address at which a store hands its key over."""

import dataclasses
import zipfile
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from connector.cli.shop import staff_link
from connector.services import connect_store
from tests.connector.web.conftest import browser_of
from tests.connector.web.pages import Page, post, visit
from tests.shops import TestShop, a_shop
from tests.simulators.woocommerce import SimulatedStore, simulated_store
from tests.simulators.woocommerce.books import KEY, READ_KEY, SECRET

pytestmark = pytest.mark.anyio

PAGE = "/shops/demo/dashboard/connect"
HERE = "https://returns.example.com"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SimulatedStore]:
    with simulated_store(tmp_path) as store:
        yield store


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path) as demo:
        settings = dataclasses.replace(demo.app.settings, public_url=HERE)
        yield dataclasses.replace(demo, app=replace(demo.app, settings=settings))


@pytest.fixture
async def browser(demo: TestShop) -> AsyncIterator[httpx.AsyncClient]:
    async with browser_of(demo.app, origin=HERE) as client:
        yield client


@pytest.fixture
async def staff(demo: TestShop, browser: httpx.AsyncClient) -> httpx.AsyncClient:
    answer = await browser.get(staff_link(demo.app, demo.shop))
    assert answer.status_code == 303
    return browser


async def approval(staff: httpx.AsyncClient, store: SimulatedStore) -> str:
    """The page of the store to which the owner is sent."""
    page = await post(staff, PAGE, (await visit(staff, PAGE)).forms[0], address=store.address)
    (link,) = [found["href"] for tag, found in page.tags if tag == "a" and "/wc-auth/" in found.get("href", "")]
    return link


def handed_over(key: str = KEY) -> dict[str, object]:
    return {"key_id": 5, "consumer_key": key, "consumer_secret": SECRET, "key_permissions": "read_write"}


async def test_the_page_has_no_barriers_before_and_after(staff: httpx.AsyncClient, store: SimulatedStore):
    page = await visit(staff, PAGE)
    assert page.barriers() == []
    form = page.form_with("secret")
    connected = await post(staff, PAGE, form, address=store.address, key=KEY, secret=SECRET)
    assert connected.barriers() == []
    assert "Connected to WooCommerce" in connected.text
    assert SECRET not in connected.html
    assert KEY not in connected.html


async def test_a_key_that_does_not_work_is_answered_with_words(staff: httpx.AsyncClient, store: SimulatedStore):
    form = (await visit(staff, PAGE)).form_with("secret")
    page = await post(staff, PAGE, form, address=store.address, key=READ_KEY, secret=SECRET)
    assert page.answer.status_code == 422
    assert "may read only" in page.text
    assert SECRET not in page.html


async def test_fact_33_an_owner_approves_in_the_store_and_comes_back(
    demo: TestShop, staff: httpx.AsyncClient, store: SimulatedStore
):
    """Fact 33: the store's server posts the key, is answered with exactly 200, then the browser comes back."""
    link = httpx.URL(await approval(staff, store))
    callback, state = link.params["callback_url"], link.params["user_id"]
    assert callback.startswith(f"{HERE}/shops/demo/connect/woocommerce/")
    async with browser_of(demo.app, origin=HERE) as server:
        answer = await server.post(callback, json=handed_over())
    assert (answer.status_code, answer.content) == (200, b"")
    back = await visit(staff, f"{link.params['return_url']}?success=1&user_id={state}")
    assert "The store is connected" in back.text
    assert back.barriers() == []
    found = connect_store.seen(demo.app, demo.shop).connection
    assert found is not None
    assert found.address == store.address


async def test_fact_33_a_key_for_a_state_that_nobody_waits_for_is_not_taken(
    demo: TestShop, browser: httpx.AsyncClient, staff: httpx.AsyncClient, store: SimulatedStore
):
    callback = httpx.URL(await approval(staff, store)).params["callback_url"]
    assert (await browser.post(callback + "x", json=handed_over())).status_code == 404
    assert (await browser.post(callback, json=handed_over())).status_code == 200
    assert (await browser.post(callback, json=handed_over(key="ck_other"))).status_code == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"{}", b'{"consumer_key":"x"}', b"x" * 5000])
async def test_what_is_no_key_is_refused(
    staff: httpx.AsyncClient, browser: httpx.AsyncClient, store: SimulatedStore, body: bytes
):
    callback = httpx.URL(await approval(staff, store)).params["callback_url"]
    assert (await browser.post(callback, content=body)).status_code in (413, 422)


async def test_who_comes_back_without_having_approved_is_told_so(staff: httpx.AsyncClient, store: SimulatedStore):
    link = httpx.URL(await approval(staff, store))
    back = await visit(staff, f"{link.params['return_url']}?success=0&user_id={link.params['user_id']}")
    assert "The store is not connected" in back.text
    assert "sent no key" in back.text


async def test_disconnecting_leaves_nothing(demo: TestShop, staff: httpx.AsyncClient, store: SimulatedStore):
    form = (await visit(staff, PAGE)).form_with("secret")
    page = await post(staff, PAGE, form, address=store.address, key=KEY, secret=SECRET)
    remove = next(form for form in page.forms if form.action.endswith("/remove"))
    for _ in range(2):
        assert (await post(staff, PAGE, remove)).answer.status_code == 200
    assert connect_store.seen(demo.app, demo.shop).connection is None


async def test_the_page_is_for_people_of_the_shop(browser: httpx.AsyncClient):
    assert (await visit(browser, PAGE)).answer.status_code == 401


async def connected(staff: httpx.AsyncClient, store: SimulatedStore) -> Page:
    form = (await visit(staff, PAGE)).form_with("secret")
    return await post(staff, PAGE, form, address=store.address, key=KEY, secret=SECRET)


async def test_statuses_are_set_and_shown_as_they_are_kept(staff: httpx.AsyncClient, store: SimulatedStore):
    page = await connected(staff, store)
    saved = await post(staff, PAGE, page.form_with("settled"), shipped="Shipped, handed over", settled="Returned")
    assert saved.form_with("settled").fields["shipped"] == "shipped, handed-over"
    assert saved.form_with("settled").fields["settled"] == "returned"
    assert saved.barriers() == []


async def test_what_is_no_status_is_said_and_what_was_typed_stays(staff: httpx.AsyncClient, store: SimulatedStore):
    page = await connected(staff, store)
    again = await post(staff, PAGE, page.form_with("settled"), shipped="", settled="refunded")
    assert again.answer.status_code == 422
    assert "by itself" in again.text
    assert again.form_with("settled").fields["settled"] == "refunded"


async def test_the_plugin_is_downloaded_by_who_may_change_settings(
    staff: httpx.AsyncClient, browser: httpx.AsyncClient, store: SimulatedStore
):
    page = await connected(staff, store)
    answer = await staff.post(f"{PAGE}/plugin", data={"once": "x"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        assert HERE in archive.read("backhaul-returns/connection.php").decode()
    assert "Download the plugin" in page.text


async def test_the_plugin_in_the_store_asks_for_returns_with_its_own_token_only(
    demo: TestShop, staff: httpx.AsyncClient, store: SimulatedStore
):
    await connected(staff, store)
    async with browser_of(demo.app, origin=HERE) as server:
        for said in ({}, {"Authorization": "Bearer x.y"}, {"Authorization": "Basic x"}):
            answer = await server.get("/shops/demo/connect/woocommerce/returns", headers=said)
            assert answer.status_code == 404
