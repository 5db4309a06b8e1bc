"""What every answer says to the browser, and who may post with a cookie."""

import dataclasses
import re

import httpx
import pytest
from msgspec.structs import replace

from tests.connector.web.conftest import browser_of
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

OUR_SCRIPT = re.compile(r'<script [^>]*src="/[^"/][^"]*"[^>]*></script>')
PAGES = ["/", "/shops/demo", "/shops/demo/returns", "/nowhere", "/healthz", "/static/css/tokens.css"]
HTTPS = "https://returns.example.com"


@pytest.mark.parametrize("path", PAGES)
async def test_every_answer_has_the_security_headers(browser: httpx.AsyncClient, path: str):
    headers = (await browser.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert len(headers["x-request-id"]) == 16


@pytest.mark.parametrize("path", PAGES[:4])
async def test_no_page_has_a_script_or_style_within_it(browser: httpx.AsyncClient, path: str):
    html = (await browser.get(path, headers={"Accept": "text/html"})).text
    assert "<style" not in html
    assert " style=" not in html
    assert " onclick=" not in html
    assert html.count("<script") == len(OUR_SCRIPT.findall(html))


async def test_a_browser_is_told_to_stay_on_https_where_there_is_https(demo: TestShop, browser: httpx.AsyncClient):
    assert "strict-transport-security" not in (await browser.get("/")).headers
    app = replace(demo.app, settings=dataclasses.replace(demo.app.settings, public_url=HTTPS))
    async with browser_of(app, origin=HTTPS) as visitor:
        assert (await visitor.get("/")).headers["strict-transport-security"] == "max-age=31536000"


async def test_pages_are_never_kept_and_files_are_asked_for_again(browser: httpx.AsyncClient):
    assert (await browser.get("/shops/demo")).headers["cache-control"] == "no-store"
    kept = await browser.get("/static/css/tokens.css")
    assert kept.headers["cache-control"] == "no-cache"
    again = await browser.get("/static/css/tokens.css", headers={"If-None-Match": kept.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ],
)
async def test_a_post_from_another_site_with_our_cookie_does_nothing(staff: httpx.AsyncClient, headers: dict[str, str]):
    del staff.headers["Sec-Fetch-Site"]
    assert (await staff.post("/shops/demo/sign-out", headers=headers)).status_code == 403
    assert (await staff.get("/shops/demo/dashboard")).status_code == 200


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://127.0.0.1:8000"}])
async def test_a_post_from_our_own_page_is_done(staff: httpx.AsyncClient, headers: dict[str, str]):
    del staff.headers["Sec-Fetch-Site"]
    assert (await staff.post("/shops/demo/sign-out", headers=headers)).status_code == 200


async def test_behind_a_proxy_our_own_page_is_known_by_the_public_address(demo: TestShop, staff: httpx.AsyncClient):
    app = replace(demo.app, settings=dataclasses.replace(demo.app.settings, public_url=HTTPS))
    async with browser_of(app) as behind:
        behind.cookies.update(staff.cookies)
        del behind.headers["Sec-Fetch-Site"]
        assert (await behind.post("/shops/demo/sign-out", headers={"Origin": HTTPS})).status_code == 200


async def test_a_refused_post_has_all_headers_too(staff: httpx.AsyncClient):
    answer = await staff.post("/shops/demo/sign-out", headers={"Sec-Fetch-Site": "cross-site"})
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-request-id"] in answer.text


async def test_the_widget_may_post_from_anywhere_since_it_sends_no_cookie(browser: httpx.AsyncClient):
    answer = await browser.post("/shops/demo/chat", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 201


async def test_who_holds_a_token_may_post_from_anywhere(staff: httpx.AsyncClient):
    begun = (await staff.post("/shops/demo/chat")).json()
    headers = {"Authorization": f"Bearer {begun['token']}", "Sec-Fetch-Site": "cross-site"}
    said = await staff.post(f"/shops/demo/chat/{begun['conversation']}", json={"text": "hello"}, headers=headers)
    assert said.status_code == 200


@pytest.mark.parametrize("path", ["/shops/de%00mo", "/shops/demo?key=%00", "/shops/demo/dashboard/returns?q=a%00b"])
async def test_an_address_that_no_database_could_hold_names_nothing(staff: httpx.AsyncClient, path: str):
    assert (await staff.get(path)).status_code == 404
