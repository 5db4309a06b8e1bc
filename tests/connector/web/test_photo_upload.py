"""Photos without JavaScript: a form in the page, and what the people of the shop see of them."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from connector.services.follow_return import overview
from tests.connector.services.test_keep_photos import RULE, photo
from tests.connector.web.conftest import browser_of
from tests.connector.web.pages import Page, post, visit
from tests.shops import TestShop, a_shop

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/returns"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path, rules=[RULE]) as shop:
        yield shop


async def asked_for_a_photo(browser: httpx.AsyncClient) -> Page:
    page = await visit(browser, HOME)
    said = "I want to return order 1001, ann@example.com"
    page = await post(browser, HOME, page.form_with("text"), text=said)
    page = await post(browser, HOME, page.forms[1], choice=["item:l1"])
    for choice in ("quantity:1", "reason:damaged"):
        page = await post(browser, HOME, page.form_with(choice), choice=choice)
    return page


async def sent(browser: httpx.AsyncClient, page: Page, *photos: bytes) -> Page:
    form = page.form_with("photo")
    files = [("photo", (f"{n}.jpg", one, "image/jpeg")) for n, one in enumerate(photos)]
    once = {"once": form.fields["once"]}
    return Page(await browser.post(form.action, data=once, files=files or {"photo": ("", b"")}, follow_redirects=True))


async def finished(browser: httpx.AsyncClient, page: Page) -> Page:
    for choice in ("resolution:refund", "method:mail", "confirm:yes"):
        page = await post(browser, HOME, page.form_with(choice), choice=choice)
    return page


async def test_photos_are_a_form_and_are_seen_with_the_return(demo: TestShop, staff: httpx.AsyncClient):
    page = await asked_for_a_photo(staff)
    assert page.barriers() == []
    page = await sent(staff, page, photo(), photo())
    assert "📷 × 2" in page.text
    page = await finished(staff, page)
    assert page.barriers() == []
    (found,) = overview(demo.app, demo.shop).latest
    for place in (f"/shops/demo/dashboard/returns/{found.id}", f"/shops/demo/counter/{found.id}"):
        page = await visit(staff, place)
        assert page.barriers() == []
        shown = [image["src"] for tag, image in page.tags if tag == "img" and "/photos/" in image["src"]]
        assert len(shown) == 2
    answer = await staff.get(shown[0])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["cache-control"] == "no-store"
    async with browser_of(demo.app) as nobody:
        assert (await nobody.get(shown[0])).status_code == 401
        assert (await nobody.get(HOME)).text.count("photos/") == 0


@pytest.mark.parametrize("photos", [(), (b"no photo",), (b"\xff\xd8\xff junk",)])
async def test_what_is_no_photo_is_said_and_the_question_stays(browser: httpx.AsyncClient, photos: tuple[bytes, ...]):
    page = await sent(browser, await asked_for_a_photo(browser), *photos)
    assert page.answer.status_code == 422
    assert "That photo could not be read." in page.text
    assert page.barriers() == []
    assert "photo" in page.form_with("photo").fields


async def test_who_has_no_conversation_shows_nothing(browser: httpx.AsyncClient):
    answer = await browser.post(f"{HOME}/photos", files={"photo": ("a.jpg", photo())}, data={"once": "x"})
    assert (answer.status_code, answer.headers["location"]) == (303, HOME)


async def test_the_page_speaks_the_language_of_the_browser(browser: httpx.AsyncClient):
    answer = await browser.get(HOME, headers={"Accept": "text/html", "Accept-Language": "fr-CH, fr;q=0.9, en;q=0.8"})
    assert '<html lang="fr">' in answer.text
    assert "Retourner un article" in answer.text
