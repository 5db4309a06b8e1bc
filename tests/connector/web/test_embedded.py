"""Inside the admin of Shopify a session token says who asks, at every request; nothing else does."""

import dataclasses
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from connector.services import install_app
from connector.storage import staff_store
from tests.connector.web.at_shopify import ADMIN, installed, said_by, session_token, signed, token_of_another_shop
from tests.connector.web.conftest import browser_of
from tests.shops import TestShop
from tests.simulators.shopify import SimulatedShop
from tests.simulators.shopify.books import CLIENT_ID, SHOP

pytestmark = pytest.mark.anyio

HOME = "/shops/simulated-jeans"
PAGES = ("dashboard", "dashboard/returns", "dashboard/inbox", "dashboard/settings", "dashboard/people", "counter",
         "dashboard/audit", "dashboard/programs", "dashboard/operations", "dashboard/first-steps")  # fmt: skip
IN_FRAME = {"Sec-Fetch-Dest": "iframe", "Accept": "text/html"}
RETRY = "x-shopify-retry-invalid-session-request"
ANCESTORS = f"frame-ancestors https://{SHOP} https://admin.shopify.com"
NOT_GOOD: tuple[dict[str, Any], ...] = (
    {"aud": "another-app"},
    {"exp": int(time.time()) - 60},
    {"exp": None},
    {"nbf": int(time.time()) + 86400},
    {"alg": "none"},
    {"secret": "shpss_guessed00guessed00guessed00guess"},
    {"iss": "https://evil.example/admin"},
    {"dest": "https://other-shop.myshopify.com"},
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestShop, SimulatedShop]]:
    with installed(tmp_path_factory.mktemp("shop")) as both:
        yield both


@pytest.fixture
def shop(both: tuple[TestShop, SimulatedShop]) -> TestShop:
    return both[0]


@pytest.fixture
def platform(both: tuple[TestShop, SimulatedShop]) -> SimulatedShop:
    return both[1]


@pytest.fixture
async def admin(shop: TestShop) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that shows the app in a frame and has no cookie."""
    async with browser_of(shop.app) as browser:
        yield browser


def query(platform: SimulatedShop, **changes: Any) -> dict[str, str]:
    return {**ADMIN, "id_token": session_token(platform, **changes)}


def role_of(shop: TestShop, sub: str) -> str | None:
    with shop.app.database.read(shop.shop) as unit:
        found = staff_store.find_by_login(unit, f"shopify-{sub}")
    return found and found.role


class TestDocuments:
    @pytest.mark.parametrize("page", PAGES)
    async def test_every_page_is_shown_with_app_bridge_first_and_in_this_shops_admin_alone(
        self, admin: httpx.AsyncClient, platform: SimulatedShop, page: str
    ):
        answer = await admin.get(f"{HOME}/{page}", params=query(platform), headers=IN_FRAME)
        assert answer.status_code == 200
        scripts = answer.text.split("<script")
        assert scripts[1].startswith(' src="https://cdn.shopify.com/shopifycloud/app-bridge.js"></script>')
        assert f'<meta name="shopify-api-key" content="{CLIENT_ID}">' in scripts[0]
        policy = answer.headers["content-security-policy"]
        assert policy.endswith(ANCESTORS)
        assert "script-src 'self' https://cdn.shopify.com;" in policy
        assert "x-frame-options" not in answer.headers
        assert "set-cookie" not in answer.headers
        assert f'<s-link href="{HOME}/dashboard/inbox">Inbox</s-link>' in answer.text
        assert "Sign out" not in answer.text

    async def test_outside_of_the_admin_no_page_is_loosened(self, admin: httpx.AsyncClient):
        policy = (await admin.get(HOME)).headers["content-security-policy"]
        assert "shopify" not in policy
        assert policy.endswith("frame-ancestors 'none'")

    async def test_without_a_token_a_frame_fetches_one_and_comes_back(self, admin: httpx.AsyncClient):
        asked = f"{HOME}/dashboard/returns?find=RMA&{httpx.QueryParams(ADMIN)}"
        answer = await admin.get(asked, headers=IN_FRAME)
        assert (answer.status_code, httpx.URL(answer.headers["location"]).path) == (303, "/shopify/patch-id-token")
        assert said_by(answer) == {**ADMIN, "shopify-reload": asked}

    @pytest.mark.parametrize("changes", NOT_GOOD, ids=", ".join)
    async def test_with_a_token_that_is_not_good_too(
        self, admin: httpx.AsyncClient, platform: SimulatedShop, changes: dict[str, Any]
    ):
        answer = await admin.get(f"{HOME}/dashboard", params=query(platform, **changes), headers=IN_FRAME)
        assert (answer.status_code, httpx.URL(answer.headers["location"]).path) == (303, "/shopify/patch-id-token")
        assert "id_token" not in answer.headers["location"]

    async def test_a_token_of_another_shop_opens_nothing_here(self, admin: httpx.AsyncClient):
        params = {**ADMIN, "id_token": token_of_another_shop()}
        assert (await admin.get(f"{HOME}/dashboard", params=params, headers=IN_FRAME)).status_code == 303

    async def test_a_token_opens_no_shop_that_is_not_at_shopify(
        self, admin: httpx.AsyncClient, platform: SimulatedShop
    ):
        answer = await admin.get("/shops/demo/dashboard", params=query(platform), headers=IN_FRAME)
        assert answer.status_code == 401

    async def test_a_form_that_was_posted_leads_on_with_the_token(
        self, admin: httpx.AsyncClient, platform: SimulatedShop
    ):
        form = {"once": "d", "contact": "help@jeans.example"}
        asked = query(platform)
        answer = await admin.post(f"{HOME}/dashboard/settings/details", params=asked, data=form)
        assert answer.status_code == 303
        assert said_by(answer) == asked
        assert "help@jeans.example" in (await admin.get(answer.headers["location"])).text

    async def test_a_form_with_a_token_that_is_over_says_so_in_the_frame(
        self, admin: httpx.AsyncClient, platform: SimulatedShop
    ):
        answer = await admin.post(
            f"{HOME}/dashboard/settings/details",
            params=query(platform, exp=1),
            data={"once": "d", "contact": "x@y.example"},
            headers={"Accept": "text/html"},
        )
        assert (answer.status_code, answer.headers["content-security-policy"][-len(ANCESTORS) :]) == (401, ANCESTORS)
        assert "Open this page again" in answer.text

    async def test_refusals_are_shown_in_the_frame_too(self, admin: httpx.AsyncClient, platform: SimulatedShop):
        answer = await admin.get(f"{HOME}/dashboard/returns/RMA-NONE", params=query(platform), headers=IN_FRAME)
        assert (answer.status_code, answer.headers["content-security-policy"][-len(ANCESTORS) :]) == (404, ANCESTORS)


class TestFetches:
    async def test_a_fetch_brings_its_token_in_a_header(self, admin: httpx.AsyncClient, platform: SimulatedShop):
        headers = {"Authorization": f"Bearer {session_token(platform)}"}
        assert (await admin.get(f"{HOME}/dashboard", headers=headers)).status_code == 200

    @pytest.mark.parametrize("changes", NOT_GOOD, ids=", ".join)
    async def test_one_that_is_not_good_is_told_to_fetch_another(
        self, admin: httpx.AsyncClient, platform: SimulatedShop, changes: dict[str, Any]
    ):
        headers = {"Authorization": f"Bearer {session_token(platform, **changes)}"}
        answer = await admin.get(f"{HOME}/dashboard", headers=headers)
        assert (answer.status_code, answer.headers[RETRY]) == (401, "1")

    async def test_one_of_another_shop_is_refused(self, admin: httpx.AsyncClient):
        headers = {"Authorization": f"Bearer {token_of_another_shop()}"}
        assert (await admin.get(f"{HOME}/dashboard", headers=headers)).status_code == 401

    async def test_a_token_that_is_not_good_is_not_made_up_for_by_a_cookie(
        self, admin: httpx.AsyncClient, platform: SimulatedShop
    ):
        await admin.get("/shopify", params=query(platform), headers=IN_FRAME)
        assert admin.cookies
        headers = {"Authorization": f"Bearer {session_token(platform, exp=1)}"}
        assert (await admin.get(f"{HOME}/dashboard", headers=headers)).status_code == 401


class TestPeople:
    async def test_a_person_who_is_new_is_let_in_by_the_first_request(
        self, admin: httpx.AsyncClient, shop: TestShop, platform: SimulatedShop
    ):
        await admin.get(f"{HOME}/dashboard", params=query(platform, sub="43"), headers=IN_FRAME)
        with shop.app.database.read(shop.shop) as unit:
            assert staff_store.find_by_login(unit, "shopify-43") is not None

    @pytest.mark.parametrize("place", ["/shopify", f"{HOME}/dashboard", f"/shopify{HOME}/dashboard"])
    async def test_whom_shopify_opens_the_app_for_is_an_owner(
        self, admin: httpx.AsyncClient, shop: TestShop, platform: SimulatedShop, place: str
    ):
        sub = str(1000 + len(place))
        answer = await admin.get(place, params=signed(query(platform, sub=sub)), headers=IN_FRAME)
        if answer.is_redirect:
            await admin.get(answer.headers["location"], headers=IN_FRAME)
        assert role_of(shop, sub) == "owner"

    async def test_a_token_that_shopify_opened_nothing_with_makes_no_owner(
        self, admin: httpx.AsyncClient, shop: TestShop, platform: SimulatedShop
    ):
        own, other = query(platform, sub="50"), query(platform, sub="51")
        taken = {**signed(other), "id_token": own["id_token"]}
        for asked in (own, taken, signed(own, secret="guessed"), signed({**own, "timestamp": "1"})):
            for place in ("/shopify", f"{HOME}/dashboard/settings"):
                await admin.get(place, params=asked, headers=IN_FRAME)
                assert role_of(shop, "50") == "staff"
        headers = {"Authorization": f"Bearer {own['id_token']}"}
        assert (await admin.get(f"{HOME}/counter", params=signed(other), headers=headers)).status_code == 200
        assert role_of(shop, "50") == "staff"

    async def test_a_till_makes_no_owner_and_its_token_opens_no_office(
        self, admin: httpx.AsyncClient, shop: TestShop, platform: SimulatedShop
    ):
        headers = {"Authorization": f"Bearer {session_token(platform, sub='52')}"}
        assert (await admin.get("/shopify/till/find?text=%231", headers=headers)).status_code == 404
        assert role_of(shop, "52") == "staff"
        assert (await admin.get(f"{HOME}/dashboard/people", headers=headers)).status_code == 403
        await admin.get("/shopify", params=signed(query(platform, sub="52")), headers=IN_FRAME)
        assert role_of(shop, "52") == "staff"

    async def test_staff_are_led_to_the_counter_and_not_to_the_first_steps(
        self, admin: httpx.AsyncClient, platform: SimulatedShop
    ):
        answer = await admin.get("/shopify", params=query(platform, sub="53"), headers=IN_FRAME)
        assert httpx.URL(answer.headers["location"]).path == f"{HOME}/counter"
        assert (await admin.get(answer.headers["location"], headers=IN_FRAME)).status_code == 200

    async def test_a_person_who_was_shut_out_stays_out(
        self, admin: httpx.AsyncClient, shop: TestShop, platform: SimulatedShop
    ):
        person = install_app.visit(shop.app, header=f"Bearer {session_token(platform, sub='44')}").person
        shop.app.database.write(shop.shop, lambda unit: staff_store.disable(unit, person.id, at=shop.app.clock()))
        answer = await admin.get(f"{HOME}/dashboard", params=query(platform, sub="44"), headers=IN_FRAME)
        assert answer.status_code == 404

    async def test_a_person_says_what_shoppers_call_them(self, admin: httpx.AsyncClient, platform: SimulatedShop):
        asked, account = query(platform, sub="46"), f"{HOME}/dashboard/account"
        page = await admin.get(account, params=asked, headers=IN_FRAME)
        assert "Change your password" not in page.text
        named = await admin.post(f"{account}/name", params=asked, data={"once": "n", "name": "  Robin   Poe "})
        assert named.status_code == 303
        assert "<h1>Robin Poe</h1>" in (await admin.get(account, params=asked)).text
        nameless = await admin.post(f"{account}/name", params=asked, data={"once": "m", "name": " "})
        assert nameless.status_code == 422

    async def test_a_role_that_was_given_here_is_kept(
        self, admin: httpx.AsyncClient, shop: TestShop, platform: SimulatedShop
    ):
        person = install_app.visit(shop.app, header=f"Bearer {session_token(platform, sub='45')}").person
        shop.app.database.write(shop.shop, lambda unit: staff_store.set_role(unit, person.id, role="staff"))
        asked = await admin.get(f"{HOME}/dashboard/settings", params=query(platform, sub="45"), headers=IN_FRAME)
        assert asked.status_code == 403

    async def test_pictures_and_files_are_got_with_a_partitioned_cookie(self, shop: TestShop, platform: SimulatedShop):
        public = "https://returns.example.com"
        app = replace(shop.app, settings=dataclasses.replace(shop.app.settings, public_url=public))
        async with browser_of(app, origin=public) as framed:
            answer = await framed.get("/shopify", params=query(platform), headers=IN_FRAME)
            cookie = answer.headers["set-cookie"].lower()
            assert {"partitioned", "secure", "httponly", "samesite=none"} <= set(cookie.split("; "))
            picture = await framed.get(f"{HOME}/dashboard", headers={"Sec-Fetch-Dest": "image"})
        assert picture.status_code == 200
