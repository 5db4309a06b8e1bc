"""Pages of the origins that a shop allows may talk to its assistant, and no others."""

import httpx
import pytest

from connector.services.shop_settings import allow_origin
from domain.events import Actor
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

SHOP, ALLOWED = "/shops/demo/chat", "https://shop.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


@pytest.fixture
def open_demo(demo: TestShop) -> TestShop:
    allow_origin(demo.app, demo.shop, origin=ALLOWED, actor=Actor(kind="staff", name="Owner"))
    return demo


@pytest.mark.usefixtures("open_demo")
async def test_an_allowed_page_talks_and_reads_refusals_too(browser: httpx.AsyncClient):
    asked = await browser.options(SHOP, headers={"Origin": ALLOWED, **PREFLIGHT})
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-origin"] == ALLOWED
    assert "Authorization" in asked.headers["access-control-allow-headers"]
    headers = {"Origin": ALLOWED, "Sec-Fetch-Site": "cross-site"}
    begun = await browser.post(SHOP, headers=headers)
    refused = await browser.post(f"{SHOP}/c_nothing", json={"text": "hello"}, headers=headers)
    assert (begun.status_code, refused.status_code) == (201, 404)
    for answer in (begun, refused):
        assert answer.headers["access-control-allow-origin"] == ALLOWED
        assert "Origin" in answer.headers["vary"]
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.usefixtures("open_demo")
@pytest.mark.parametrize("origin", ["https://evil.example", "http://shop.example", "https://shop.example:444", "null"])
async def test_no_other_page_may(browser: httpx.AsyncClient, origin: str):
    for answer in (
        await browser.options(SHOP, headers={"Origin": origin, **PREFLIGHT}),
        await browser.post(SHOP, headers={"Origin": origin}),
    ):
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.usefixtures("open_demo")
async def test_an_allowed_page_may_talk_and_nothing_else(browser: httpx.AsyncClient):
    for path in ("/shops/demo/dashboard", "/shops/demo", "/api/v1/quote", "/shops/nobody/chat"):
        asked = await browser.options(path, headers={"Origin": ALLOWED, **PREFLIGHT})
        assert "access-control-allow-origin" not in asked.headers
