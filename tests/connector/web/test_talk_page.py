"""The assistant without JavaScript: forms alone open a return."""

import re

import httpx
import pytest

from connector.services.follow_return import overview
from connector.web.talk_page import COOKIE
from tests.connector.web.pages import Page, post, visit
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/returns"
CHOICES = ("quantity:1", "reason:style", "resolution:refund", "method:mail")


async def typed(browser: httpx.AsyncClient, text: str) -> Page:
    page = await visit(browser, HOME)
    return await post(browser, HOME, page.form_with("text"), text=text)


async def chosen(browser: httpx.AsyncClient, page: Page, choice: str) -> Page:
    return await post(browser, HOME, page.form_with(choice), choice=choice)


async def to_summary(browser: httpx.AsyncClient) -> Page:
    page = await typed(browser, "I want to return order 1001, ann@example.com")
    page = await post(browser, HOME, page.forms[1], choice=["item:l1"])
    for choice in CHOICES:
        page = await chosen(browser, page, choice)
    return page


async def test_looking_at_the_page_begins_nothing(browser: httpx.AsyncClient):
    page = await visit(browser, HOME)
    assert page.barriers() == []
    assert COOKIE not in browser.cookies
    assert "Return something" in page.text


async def test_the_whole_conversation_as_forms(demo: TestShop, browser: httpx.AsyncClient):
    page = await to_summary(browser)
    assert page.barriers() == []
    assert "$19.80" in page.text
    page = await chosen(browser, page, "confirm:yes")
    assert page.barriers() == []
    (found,) = overview(demo.app, demo.shop).latest
    assert found.id in page.text
    link = re.search(r'href="([^"]+\?key=[^"]+)"', page.html)
    assert link is not None
    assert (await visit(browser, link[1])).answer.status_code == 200


async def test_a_form_that_is_sent_twice_says_nothing_twice(demo: TestShop, browser: httpx.AsyncClient):
    summary = await to_summary(browser)
    first = await chosen(browser, summary, "confirm:yes")
    again = await chosen(browser, summary, "confirm:yes")
    assert again.text.count("Done. Your return number is") == first.text.count("Done. Your return number is") == 1
    assert len(overview(demo.app, demo.shop).latest) == 1


async def test_the_cookie_is_for_this_page_and_no_script(browser: httpx.AsyncClient):
    page = await visit(browser, HOME)
    answer = await browser.post(HOME, data=page.form_with("text").fields | {"text": "hello"})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert f"path={HOME}" in cookie


async def test_a_cookie_with_a_wrong_token_shows_nobodys_conversation(browser: httpx.AsyncClient):
    await typed(browser, "return order 1001, ann@example.com")
    name = browser.cookies[COOKIE].split(".")[0]
    browser.cookies.clear()
    browser.cookies.set(COOKIE, f"{name}.guess", domain="127.0.0.1", path=HOME)
    assert "ann@example.com" not in (await visit(browser, HOME)).text


async def test_starting_again_forgets_the_conversation(browser: httpx.AsyncClient):
    page = await typed(browser, "hello")
    page = await post(browser, HOME, page.form_with("again"), again="1")
    assert COOKIE not in browser.cookies
    assert "hello" not in page.text


async def test_what_a_shopper_types_stays_text(browser: httpx.AsyncClient):
    page = await typed(browser, "<img src=x onerror=alert(1)>")
    assert page.barriers() == []
    assert "&lt;img src=x onerror=alert(1)&gt;" in page.html


async def test_sending_nothing_is_no_message(browser: httpx.AsyncClient):
    page = await typed(browser, "   ")
    assert COOKIE not in browser.cookies
    assert page.answer.status_code == 200


async def test_a_form_without_its_id_is_refused(browser: httpx.AsyncClient):
    assert (await browser.post(HOME, data={"text": "hello"})).status_code == 400


async def test_what_is_said_in_another_language_than_the_page_says_so(browser: httpx.AsyncClient):
    page = await typed(browser, "Ich möchte etwas zurückgeben")
    assert re.search(r'<html lang="de">', page.html)
    assert re.search(r'<p class="said " lang="de">', page.html)
    assert page.barriers() == []
