"""The story in a browser: a shopper swaps a size, staff receive it, everybody sees it; every page is looked at."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.databases import BOTH
from tests.journeys.served import CHROMIUM, Served, chromium, served

SCREENS = Path(__file__).parents[2] / "build" / "screens"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
RMA = re.compile(r"RMA-[0-9A-Z]{4}-[0-9A-Z]{4}")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: the package chromium)"),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(params=BOTH)
def each_shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    """The demo on SQLite, and another on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("shop")
        return
    with served(tmp_path, database_url=request.getfixturevalue("postgresql_url")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(15_000)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert troubles == []


LOOKED_AT: set[str] = set()


def look(page: Page, name: str) -> None:
    """Once for each page: pictures at phone and desktop size, in the light and in the dark; axe searches barriers."""
    if name in LOOKED_AT:
        return
    LOOKED_AT.add(name)
    SCREENS.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.wait_for_timeout(150)
            page.screenshot(path=SCREENS / f"{name}-{size['width']}-{scheme}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name} ({scheme}): {found.generate_report()}"
    page.emulate_media(color_scheme="light")


def say(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Your message")
    field.fill(text)
    field.press("Enter")


def press(page: Page, name: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=name).click()


def open_a_swap(page: Page, shop: Served) -> tuple[str, str]:
    """The return number and its status page, after a talk with the assistant."""
    number, email = shop.orders[0]
    page.goto(shop.storefront)
    look(page, "storefront")
    page.get_by_text("Return something").first.click()
    look(page, "assistant-hello")
    say(page, number)
    say_once_asked(page, "And the e-mail address", email)
    page.get_by_role("dialog").get_by_text("Harbour Tee").first.wait_for()
    look(page, "assistant-items")
    page.get_by_role("dialog").get_by_role("checkbox", name=re.compile("Harbour Tee")).check()
    press(page, "Continue")
    press(page, "1")
    press(page, "Too small")
    look(page, "assistant-resolution")
    press(page, "Another size or colour")
    look(page, "assistant-sizes")
    page.get_by_role("dialog").locator("fieldset").last.get_by_role("button", disabled=False).first.click()
    press(page, "Bring it to a store")
    page.get_by_role("dialog").get_by_role("button", name="Yes, open the return").wait_for()
    look(page, "assistant-summary")
    say(page, "yes")
    link = page.get_by_role("dialog").get_by_role("link").last
    link.wait_for()
    look(page, "assistant-done")
    found = RMA.search(page.get_by_role("dialog").inner_text())
    assert found is not None
    return found[0], str(link.get_attribute("href"))


def say_once_asked(page: Page, question: str, text: str) -> None:
    page.get_by_role("dialog").get_by_text(question).first.wait_for()
    say(page, text)


def receive(page: Page, shop: Served, rma: str) -> None:
    page.goto(shop.counter)
    look(page, "counter")
    page.get_by_role("textbox").fill(rma.lower())
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=rma).wait_for()
    look(page, "counter-grade")
    page.get_by_role("radio", name=re.compile("^A Like new")).check()
    page.get_by_role("button", name="See what is paid").click()
    page.get_by_role("button", name="Confirm").wait_for()
    look(page, "counter-confirm")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Done").first).to_be_visible(timeout=20_000)
    look(page, "counter-done")


def test_a_shopper_swaps_a_size_staff_receive_it_and_everybody_sees_it(each_shop: Served, page: Page):
    rma, status_page = open_a_swap(page, each_shop)
    page.goto(status_page)
    expect(page.get_by_role("heading", name=rma)).to_be_visible()
    look(page, "status-waiting")
    receive(page, each_shop, rma)
    page.goto(status_page)
    expect(page.get_by_text("Done").first).to_be_visible()
    look(page, "status-done")
    page.goto(each_shop.dashboard)
    expect(page.get_by_text(rma).first).to_be_visible()
    look(page, "dashboard")
    page.get_by_role("link", name=re.compile(rma)).first.click()
    page.get_by_role("heading", name=rma).wait_for()
    for who in ("shopper", "Owner", "Backhaul"):
        expect(page.get_by_text(who).first).to_be_visible()
    look(page, "dashboard-return")
    page.goto(each_shop.storefront.replace("/shops/demo", "/shops/demo/dashboard/returns"))
    look(page, "dashboard-returns")


def test_how_a_refund_was_worked_out_is_shown_wherever_it_is_shown(shop: Served, page: Page):
    number, email = shop.orders[2]
    page.goto(shop.storefront)
    page.get_by_text("Return something").first.click()
    say(page, f"{number} {email}")
    page.get_by_role("dialog").get_by_role("checkbox").first.check()
    press(page, "Continue")
    press(page, "I changed my mind")
    page.get_by_role("dialog").get_by_role("button", name="Store credit").wait_for()
    say(page, "money back")
    press(page, "Bring it to a store")
    look_at_the_working(page, "assistant-working")
    panel = page.get_by_role("dialog")
    assert panel.evaluate("panel => panel.scrollHeight <= panel.clientHeight"), "only the conversation scrolls"
    say(page, "yes")
    link = page.get_by_role("dialog").get_by_role("link").last
    link.wait_for()
    page.goto(str(link.get_attribute("href")))
    look_at_the_working(page, "status-working")
    found = RMA.search(page.inner_text("main"))
    assert found is not None
    page.goto(shop.counter)
    page.get_by_role("textbox").fill(found[0])
    page.keyboard.press("Enter")
    page.get_by_role("radio", name=re.compile("^A Like new")).check()
    page.get_by_role("button", name="See what is paid").click()
    look_at_the_working(page, "counter-working")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Done").first).to_be_visible(timeout=20_000)
    page.goto(shop.dashboard)
    page.get_by_role("link", name=re.compile(found[0])).first.click()
    look_at_the_working(page, "dashboard-working")


def look_at_the_working(page: Page, name: str) -> None:
    page.get_by_text("How was this worked out?").first.click()
    expect(page.get_by_role("rowheader", name=re.compile("^Total")).first).to_be_visible()
    look(page, name)


def test_a_page_that_is_not_there_is_plain_and_without_barriers(shop: Served, browser: Browser):
    page = browser.new_page()
    page.goto(shop.storefront.replace("/demo", "/nobody"))
    look(page, "not-found")
    page.goto(shop.storefront.removesuffix("/shops/demo"))
    look(page, "welcome")
    page.close()


def test_the_assistant_works_without_scripts(shop: Served, browser: Browser):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(15_000)
    number, email = shop.orders[1]
    page.goto(shop.storefront)
    page.get_by_text("Return something").first.click()
    for text in (number, email):
        page.get_by_role("textbox").fill(text)
        page.get_by_role("textbox").press("Enter")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Continue").click()
    for name in ("I changed my mind", "Store credit", "Send a parcel"):
        page.get_by_role("button", name=name).click()
    page.screenshot(path=SCREENS / "without-scripts-390-light.png", full_page=True)
    page.get_by_role("button", name="Yes, open the return").click()
    assert RMA.search(page.inner_text("main"))
    context.close()


def test_the_assistant_is_used_by_keyboard_alone(shop: Served, page: Page):
    number, email = shop.orders[3]
    page.goto(shop.storefront)
    page.get_by_text("Return something").first.focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Your message")
    expect(field).to_be_focused()
    page.keyboard.type(f"{number} {email}")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("checkbox").first.wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_text("Return something").first).to_be_focused()


def test_a_reload_finds_the_conversation_again(shop: Served, page: Page):
    page.goto(shop.storefront)
    page.get_by_text("Return something").first.click()
    say(page, "what are the rules?")
    page.get_by_role("dialog").get_by_text("within 30 days").first.wait_for()
    page.reload()
    if not page.get_by_role("dialog").is_visible():
        page.get_by_text("Return something").first.click()
    expect(page.get_by_role("dialog").get_by_text("within 30 days").first).to_be_visible()


def test_the_demo_stops_cleanly_and_finds_its_returns_again(tmp_path: Path):
    with served(tmp_path) as first:
        assert first.stop() == 0
    with served(tmp_path) as second:
        assert second.orders == first.orders
        assert second.stop() == 0
