"""The shop as its customers see it."""

import httpx
import pytest

from connector.services.install_shop import NewShop, add_shop
from connector.storage import order_store, product_store
from connector.web.pictures import A_DAY
from tests.connector.web.pages import visit
from tests.shops import TestShop, order, policy, product

pytestmark = pytest.mark.anyio


async def test_the_storefront_shows_goods_prices_and_promises(browser: httpx.AsyncClient):
    page = await visit(browser, "/shops/demo")
    assert page.barriers() == []
    for words in ("Tee", "$20.00", "S, M, L", "30 days", "Refund, Store credit, Exchange"):
        assert words in page.text


async def test_a_name_that_is_a_script_is_only_a_name(demo: TestShop, browser: httpx.AsyncClient):
    hostile = product(id="bad", title="<script>alert(1)</script>", image_url="javascript:alert(1)", variants=[])
    demo.app.database.write(demo.shop, lambda unit: product_store.save(unit, hostile))
    page = await visit(browser, "/shops/demo")
    assert page.barriers() == []
    assert "&lt;script&gt;alert(1)" in page.html
    assert "javascript:" not in page.html


async def test_pictures_of_other_sites_are_not_asked_for(demo: TestShop, browser: httpx.AsyncClient):
    for n, url in enumerate(("https://elsewhere.example/tee.png", "//elsewhere.example/tee.png")):
        abroad = product(id=f"p{n}", image_url=url, variants=[])
        demo.app.database.write(demo.shop, lambda unit, abroad=abroad: product_store.save(unit, abroad))
    assert "elsewhere.example" not in (await visit(browser, "/shops/demo")).html


async def test_only_orders_that_are_to_be_tried_are_shown(demo: TestShop, browser: httpx.AsyncClient):
    demo.save_order(order(tags=["vip"]))
    assert "ann@example.com" not in (await visit(browser, "/shops/demo")).html
    demo.save_order(order(tags=["vip", "try:a tee too many"]))
    page = await visit(browser, "/shops/demo")
    assert "a tee too many #1001" in page.text
    assert page.form_with("text").fields["text"].endswith("order #1001, ann@example.com")
    assert page.barriers() == []


async def test_no_shop_but_the_demo_shows_an_order_to_everybody(demo: TestShop, browser: httpx.AsyncClient):
    real = add_shop(demo.app, NewShop(slug="real", name="Real", channel="store", currency="USD", policy=policy()))
    tempting = order(tags=["try:me"])
    demo.app.database.write(real, lambda unit: order_store.save(unit, tempting))
    page = await visit(browser, "/shops/real")
    assert page.answer.status_code == 200
    assert "ann@example.com" not in page.html


async def test_every_way_to_the_assistant_works_without_scripts(browser: httpx.AsyncClient):
    page = await visit(browser, "/shops/demo")
    ways = [found["href"] for tag, found in page.tags if tag == "a" and "data-backhaul-open" in found]
    assert set(ways) == {"/shops/demo/returns"}
    assert len(ways) == 2


async def test_the_welcome_page_leads_to_the_demo_when_there_is_one(browser: httpx.AsyncClient):
    page = await visit(browser, "/")
    assert page.barriers() == []
    hrefs = {found.get("href") for tag, found in page.tags if tag == "a"}
    assert {"/shops/demo", "/shops/demo/counter", "/shops/demo/dashboard"} <= hrefs


async def test_pictures_are_drawn_for_the_demo_and_for_no_other_name(browser: httpx.AsyncClient):
    drawn = await browser.get("/shops/demo/pictures/harbour-tee.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert drawn.headers["cache-control"] == A_DAY
    assert (await browser.get("/shops/demo/pictures/nothing.svg")).status_code == 404


@pytest.mark.parametrize("path", ["/shops/nobody", "/shops/demo/dashboard", "/shops/demo/returns/RMA-0000-0000"])
async def test_errors_are_whole_pages(browser: httpx.AsyncClient, path: str):
    page = await visit(browser, path)
    assert page.answer.status_code in (401, 404)
    assert page.barriers() == []
