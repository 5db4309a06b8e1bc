"""Staff come in by a link, stay by a cookie, and leave by a button."""

from dataclasses import replace

import httpx
import pytest

from connector.cli.shop import staff_link
from connector.services import sign_in
from tests.connector.web.conftest import browser_of
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

STAFF_PAGES = ["/shops/demo/counter", "/shops/demo/dashboard", "/shops/demo/dashboard/returns"]
HTTPS = "https://returns.example.com"


@pytest.mark.parametrize("path", STAFF_PAGES)
async def test_a_staff_page_is_closed_to_who_is_not_signed_in(browser: httpx.AsyncClient, path: str):
    assert (await browser.get(path)).status_code == 401


@pytest.mark.parametrize("path", STAFF_PAGES)
async def test_a_staff_page_opens_to_who_is_signed_in(staff: httpx.AsyncClient, path: str):
    assert (await staff.get(path)).status_code == 200


async def test_a_sign_in_link_works_for_a_day_however_often(demo: TestShop, browser: httpx.AsyncClient):
    link = staff_link(demo.app, demo.shop, page="counter")
    for hours in (0, 12, 11.9):
        demo.clock.move(hours=hours)
        browser.cookies.clear()
        assert (await browser.get(link)).headers["location"] == "/shops/demo/counter"
    demo.clock.move(hours=0.1)
    browser.cookies.clear()
    assert (await browser.get(link)).status_code == 404


@pytest.mark.parametrize("link", ["", "nonsense", "é", "x" * 2000])
async def test_a_link_that_was_never_given_opens_nothing(browser: httpx.AsyncClient, link: str):
    answer = await browser.get("/shops/demo/sign-in", params={"link": link})
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


async def test_guessing_links_is_slowed_down(demo: TestShop, browser: httpx.AsyncClient):
    for _ in range(sign_in.TRIES):
        assert (await browser.get("/shops/demo/sign-in?link=guess")).status_code == 404
    answer = await browser.get(staff_link(demo.app, demo.shop))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
    demo.clock.move(seconds=sign_in.WINDOW_SECONDS)
    assert (await browser.get(staff_link(demo.app, demo.shop))).status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/shops/other/dashboard",
        "/shops/demo/\\evil",
        "/shops/demo/../../evil",
        "/shops/demo//evil.example",
        "/shops/demo/\r\nSet-Cookie: a=b",
    ],
)
async def test_a_sign_in_leads_to_this_shop_only(demo: TestShop, browser: httpx.AsyncClient, target: str):
    link = staff_link(demo.app, demo.shop).split("link=")[1].split("&")[0]
    answer = await browser.get("/shops/demo/sign-in", params={"link": link, "next": target})
    assert answer.headers["location"] == "/shops/demo/dashboard"


async def test_a_sign_in_may_lead_to_a_certain_return(demo: TestShop, browser: httpx.AsyncClient):
    link = staff_link(demo.app, demo.shop).split("&")[0]
    answer = await browser.get(f"{link}&next=/shops/demo/counter/RMA-1")
    assert answer.headers["location"] == "/shops/demo/counter/RMA-1"


async def test_the_session_cookie_is_out_of_reach_of_scripts(demo: TestShop, browser: httpx.AsyncClient):
    cookie = (await browser.get(staff_link(demo.app, demo.shop))).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/shops/demo" in cookie


async def test_over_https_the_session_cookie_stays_there(demo: TestShop, browser: httpx.AsyncClient):
    assert "secure" not in (await browser.get(staff_link(demo.app, demo.shop))).headers["set-cookie"].lower()
    app = replace(demo.app, settings=replace(demo.app.settings, public_url=HTTPS))
    async with browser_of(app, origin=HTTPS) as visitor:
        assert "; secure" in (await visitor.get(staff_link(app, demo.shop))).headers["set-cookie"].lower()


async def test_a_session_ends_by_itself(demo: TestShop, staff: httpx.AsyncClient):
    demo.clock.move(seconds=sign_in.SESSION_LASTS.total_seconds())
    assert (await staff.get("/shops/demo/dashboard")).status_code == 401


async def test_neither_link_nor_session_is_kept_as_it_is(demo: TestShop, staff: httpx.AsyncClient):
    session, link = staff.cookies["backhaul_session"], staff_link(demo.app, demo.shop).split("link=")[1].split("&")[0]
    with demo.app.database.read_install() as connection:
        kept = "".join(
            str(connection.exec_driver_sql(f"SELECT * FROM {table}").all()) for table in ("staff_links", "sessions")
        )
    assert sign_in.hashlib.sha256(link.encode()).hexdigest() in kept
    assert session not in kept
    assert link not in kept


async def test_signing_out_ends_the_session(staff: httpx.AsyncClient):
    kept = dict(staff.cookies)
    assert (await staff.post("/shops/demo/sign-out")).status_code == 200
    staff.cookies.update(kept)
    assert (await staff.get("/shops/demo/dashboard")).status_code == 401
