"""A merchant agrees on Shopify's page and is back with a code, which installs the app once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from shopify import Session as ApiSession

from adapters.shopify.auth import SCOPES, AppKeys
from connector.services import install_app
from tests.connector.web.conftest import browser_of
from tests.shops import TestShop, a_shop
from tests.simulators.shopify import SimulatedShop, simulated_shop
from tests.simulators.shopify.books import CLIENT_ID, SECRET, SHOP

pytestmark = pytest.mark.anyio


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[SimulatedShop]:
    with simulated_shop(tmp_path) as platform:
        with platform.books.change() as books:
            books["codes"]["c"] = SHOP
        yield platform


@pytest.fixture
def demo(tmp_path: Path, platform: SimulatedShop) -> Iterator[TestShop]:
    settings = {"shopify": AppKeys(CLIENT_ID, (SECRET, "shpss_old")), "shopify_at": platform.address}
    with a_shop(tmp_path, settings=settings) as demo:
        demo.clock.now = datetime.now(UTC)
        yield demo


def signed(demo: TestShop, *, secret: str = SECRET, **said: str) -> dict[str, str]:
    """The parameters of a request as Shopify signs them."""
    params = {"shop": SHOP, "timestamp": str(int(demo.clock().timestamp())), **said}
    keyed = type("Keyed", (ApiSession,), {"secret": secret})
    return {**params, "hmac": keyed.calculate_hmac(params)}


async def left(demo: TestShop, browser: httpx.AsyncClient) -> str:
    """The state with which a merchant was sent to Shopify."""
    answer = await browser.get("/shopify/install", params=signed(demo))
    assert answer.status_code == 302
    page = urlsplit(answer.headers["location"])
    said = parse_qs(page.query)
    assert (page.netloc, page.path) == (SHOP, "/admin/oauth/authorize")
    assert said["scope"] == [",".join(SCOPES)]
    assert said["redirect_uri"] == ["http://127.0.0.1:8000/shopify/granted"]
    return said["state"][0]


async def back(demo: TestShop, browser: httpx.AsyncClient, **said: str) -> httpx.Response:
    return await browser.get("/shopify/granted", params=signed(demo, code="c", **said))


async def test_the_app_is_installed_and_opens_in_the_admin(demo: TestShop):
    async with browser_of(demo.app) as browser:
        answer = await back(demo, browser, state=await left(demo, browser))
    assert answer.headers["location"] == f"https://{SHOP}/admin/apps/{CLIENT_ID}"
    made = install_app.known_shop(demo.app, SHOP)
    assert made is not None
    assert demo.app.channels.for_shop(made, "shopify").find_order("1001") is None


async def test_a_code_counts_once(demo: TestShop):
    async with browser_of(demo.app) as browser:
        state = await left(demo, browser)
        held = browser.cookies.get("backhaul_grant", path="/shopify/granted")
        await back(demo, browser, state=state)
        browser.cookies.set("backhaul_grant", held or "", path="/shopify/granted")
        assert (await back(demo, browser, state=state)).status_code == 502


async def test_nobody_ends_what_another_browser_began(demo: TestShop):
    async with browser_of(demo.app) as browser, browser_of(demo.app) as other:
        state = await left(demo, browser)
        await left(demo, other)
        assert (await back(demo, other, state=state)).status_code == 404
    assert install_app.known_shop(demo.app, SHOP) is None


@pytest.mark.parametrize("held", ["", "forged", "é"])
async def test_what_was_not_sealed_here_is_nothing(demo: TestShop, held: str):
    async with browser_of(demo.app) as browser:
        state = await left(demo, browser)
        browser.cookies.clear()
        headers = {"cookie": f"backhaul_grant={held}".encode()}
        params = signed(demo, code="c", state=state)
        answer = await browser.get("/shopify/granted", params=params, headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 404


async def test_it_must_come_from_shopify_for_this_shop_and_now(demo: TestShop):
    async with browser_of(demo.app) as browser:
        state = await left(demo, browser)
        tampered = {**signed(demo, code="c", state=state), "code": "other"}
        assert (await browser.get("/shopify/granted", params=tampered)).status_code == 400
        stale = signed(demo, code="c", state=state, timestamp=str(int(demo.clock().timestamp()) - 91))
        assert (await browser.get("/shopify/granted", params=stale)).status_code == 400
        assert (await back(demo, browser, state=state, shop="other.myshopify.com")).status_code == 404
        assert (await browser.get("/shopify/install", params={"shop": SHOP})).status_code == 400
        forged = signed(demo, secret="guessed")
        assert (await browser.get("/shopify/install", params=forged)).status_code == 400
        demo.clock.now += timedelta(hours=2)
        assert (await back(demo, browser, state=state)).status_code == 404
