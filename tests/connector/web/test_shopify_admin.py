"""The app's home in the admin: the first visit makes the shop, nobody types where it is."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from connector.services import first_steps, install_app
from tests.connector.web.at_shopify import ADMIN, at_shopify, installed, said_by, session_token
from tests.connector.web.conftest import browser_of
from tests.connector.web.pages import Page
from tests.shops import TestShop
from tests.simulators.shopify import SimulatedShop
from tests.simulators.shopify.books import CLIENT_ID, SHOP

pytestmark = pytest.mark.anyio

IN_FRAME = {"Sec-Fetch-Dest": "iframe", "Accept": "text/html"}
STEPS = "/shops/simulated-jeans/dashboard/first-steps"


@pytest.fixture
def new(tmp_path: Path) -> Iterator[tuple[TestShop, SimulatedShop]]:
    with at_shopify(tmp_path) as new:
        yield new


async def opened(demo: TestShop, **params: str) -> httpx.Response:
    async with browser_of(demo.app) as browser:
        return await browser.get("/shopify", params=params, headers=IN_FRAME)


class TestTheFirstVisit:
    async def test_makes_the_shop_and_leads_to_the_first_steps(self, new: tuple[TestShop, SimulatedShop]):
        demo, platform = new
        token = session_token(platform)
        answer = await opened(demo, **ADMIN, id_token=token)
        assert (answer.status_code, httpx.URL(answer.headers["location"]).path) == (303, STEPS)
        assert said_by(answer) == {**ADMIN, "id_token": token}
        found = install_app.known_shop(demo.app, SHOP)
        assert found is not None
        assert found.name == "Simulated Jeans"

    async def test_without_a_token_fetches_one(self, new: tuple[TestShop, SimulatedShop]):
        answer = await opened(new[0], **ADMIN)
        assert httpx.URL(answer.headers["location"]).path == "/shopify/patch-id-token"
        assert said_by(answer)["shopify-reload"].startswith("/shopify?")

    async def test_with_a_token_that_is_not_good_makes_nothing(self, new: tuple[TestShop, SimulatedShop]):
        demo, platform = new
        answer = await opened(demo, **ADMIN, id_token=session_token(platform, aud="x"))
        assert httpx.URL(answer.headers["location"]).path == "/shopify/patch-id-token"
        assert install_app.known_shop(demo.app, SHOP) is None

    async def test_makes_the_shop_of_the_token_whatever_the_address_says(self, new: tuple[TestShop, SimulatedShop]):
        demo, platform = new
        await opened(demo, **{**ADMIN, "shop": "other-shop.myshopify.com"}, id_token=session_token(platform))
        assert install_app.known_shop(demo.app, SHOP) is not None
        assert install_app.known_shop(demo.app, "other-shop.myshopify.com") is None

    async def test_outside_of_the_admin_leads_into_it(self, new: tuple[TestShop, SimulatedShop]):
        async with browser_of(new[0].app) as browser:
            answer = await browser.get("/shopify", params={"shop": SHOP})
        assert answer.headers["location"] == f"https://{SHOP}/admin/apps/{CLIENT_ID}"

    @pytest.mark.parametrize("shop", ["", "evil.example", "evil.example/x.myshopify.com"])
    async def test_of_no_shop_asks_for_no_address(self, new: tuple[TestShop, SimulatedShop], shop: str):
        page = Page(await opened(new[0], shop=shop))
        assert "Open Backhaul in your Shopify admin" in page.text
        assert [tag for tag, _ in page.tags if tag in ("form", "input")] == []

    async def test_is_nothing_where_the_install_has_no_app(self, browser: httpx.AsyncClient):
        assert (await browser.get("/shopify", params=ADMIN)).status_code == 404


class TestFetchingAToken:
    async def test_the_page_names_where_to_go_back_in_full_and_may_be_framed(self, new: tuple[TestShop, SimulatedShop]):
        async with browser_of(new[0].app) as browser:
            asked = {**ADMIN, "shopify-reload": "/shopify?x=1"}
            answer = await browser.get("/shopify/patch-id-token", params=asked)
            assert said_by(answer)["shopify-reload"] == "http://127.0.0.1:8000/shopify?x=1"
            page = await browser.get(answer.headers["location"])
        assert page.status_code == 200
        assert "https://cdn.shopify.com/shopifycloud/app-bridge.js" in page.text
        assert page.headers["content-security-policy"].endswith("https://admin.shopify.com")

    @pytest.mark.parametrize(
        "back",
        ["https://evil.example/", "//evil.example", "/\\evil.example", "http://127.0.0.1:8000.evil.example/", ""],
    )
    async def test_it_leads_to_no_other_site(self, new: tuple[TestShop, SimulatedShop], back: str):
        async with browser_of(new[0].app) as browser:
            answer = await browser.get("/shopify/patch-id-token", params={**ADMIN, "shopify-reload": back})
        assert said_by(answer)["shopify-reload"] == "http://127.0.0.1:8000/shopify"

    async def test_a_deep_address_of_the_admin_finds_its_page(self, new: tuple[TestShop, SimulatedShop]):
        async with browser_of(new[0].app) as browser:
            answer = await browser.get(f"/shopify{STEPS}", params={"shop": SHOP})
        assert answer.headers["location"] == f"{STEPS}?shop={SHOP}"


class TestTheFirstSteps:
    async def test_they_lead_to_the_switch_in_the_theme_and_are_done_once(self, tmp_path: Path):
        with installed(tmp_path) as (demo, platform):
            async with browser_of(demo.app) as browser:
                headers = {"Authorization": f"Bearer {session_token(platform)}"}
                page = Page(await browser.get(STEPS, headers=headers))
                links = [found.get("href", "") for tag, found in page.tags if tag == "a"]
                editor = f"https://{SHOP}/admin/themes/current/editor?context=apps&activateAppId={CLIENT_ID}/assistant"
                assert editor in links
                assert "30 days" in page.text
                assert (await browser.post(f"{STEPS}/taken", data={"once": "1"}, headers=headers)).status_code == 303
            assert not first_steps.are_to_be_taken(demo.app, demo.shop)
            answer = await opened(demo, **ADMIN, id_token=session_token(platform))
        assert httpx.URL(answer.headers["location"]).path == "/shops/simulated-jeans/dashboard"

    async def test_scopes_that_are_missing_are_named(self, tmp_path: Path):
        with installed(tmp_path) as (demo, _):
            demo.app.database.write(demo.shop, lambda unit: install_app.scopes_changed(unit, ("read_orders",)))
            assert "write_returns" in first_steps.first_steps(demo.app, demo.shop).missing

    async def test_a_shop_at_shopify_is_asked_for_no_store(self, tmp_path: Path):
        with installed(tmp_path) as (demo, platform):
            async with browser_of(demo.app) as browser:
                headers = {"Authorization": f"Bearer {session_token(platform)}"}
                answer = await browser.get("/shops/simulated-jeans/dashboard/connect", headers=headers)
        assert answer.headers["location"] == STEPS

    async def test_a_shop_of_another_kind_has_none(self, staff: httpx.AsyncClient):
        assert (await staff.get("/shops/demo/dashboard/first-steps")).status_code == 404
