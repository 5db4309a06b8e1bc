"""The counter in a browser: every kind of return, its taps counted, every state looked at on a tablet and a phone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.served import CHROMIUM, Served, chromium, served

SCREENS = Path(__file__).parents[2] / "build" / "screens"
PHONE, TABLET = {"width": 390, "height": 844}, {"width": 1024, "height": 768}
MOST_TAPS = 6

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: the package chromium)"),
]


@dataclass
class Hands:
    """Somebody at the counter whose taps and scans are counted."""

    page: Page
    counter: str
    taps: int = 0
    seen: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """A new shopper; the counter's page is open."""
        self.page.goto(self.counter)
        self.taps = 0

    def scan(self, text: str) -> None:
        """A hand scanner types into the field that has the focus, and presses Enter."""
        expect(self.page.get_by_role("textbox", name="Scan or type anything")).to_be_focused()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.taps += 1

    def tap(self, what: Locator) -> None:
        what.first.click()
        self.taps += 1

    def button(self, name: str) -> None:
        self.tap(self.page.get_by_role("button", name=name))

    def grade(self, letter: str) -> None:
        self.tap(self.page.get_by_role("radio", name=re.compile(f"^{letter} ")))

    def look(self, name: str) -> None:
        """Pictures at tablet and phone size, in the light and in the dark; axe searches barriers in each."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        for scheme, size in (("light", TABLET), ("dark", TABLET), ("light", PHONE), ("dark", PHONE)):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.page.wait_for_timeout(100)
            self.page.screenshot(path=SCREENS / f"{name}-{size['width']}-{scheme}.png", full_page=True)
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} is {wide} px too wide"
            if size is TABLET:
                found = Axe().run(self.page)
                assert found.violations_count == 0, f"{name} ({scheme}): {found.generate_report()}"
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(TABLET)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("counter")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(shop: Served, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=TABLET)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(shop.counter)
    yield page
    context.close()


@pytest.fixture
def hands(shop: Served, signed_in: Page) -> Hands:
    found = Hands(signed_in, re.sub(r"/sign-in.*", "/counter", shop.counter))
    found.begin()
    return found


def test_a_whole_return_with_receipt_grade_place_refund_and_restock_takes_at_most_six_taps(hands: Hands, shop: Served):
    number, _ = shop.orders[0]
    hands.look("counter-find")
    hands.scan(number)
    hands.page.get_by_role("heading", name=f"Order {number}").wait_for()
    hands.look("counter-order")
    hands.grade("A")
    hands.look("counter-order-graded")
    hands.button("See what is paid")
    hands.page.get_by_role("button", name="Confirm").wait_for()
    hands.look("counter-order-confirm")
    hands.button("Confirm")
    hands.page.get_by_role("link", name="Receipt").wait_for()
    hands.tap(hands.page.get_by_role("link", name="Receipt"))
    hands.page.get_by_text("Receipt of returned goods").wait_for()
    assert hands.taps <= MOST_TAPS, hands.taps
    hands.look("counter-receipt")
    hands.page.get_by_role("link", name="With how it was worked out").click()
    hands.look("counter-receipt-proof")
    hands.page.get_by_role("link", name="Back").click()
    expect(hands.page.get_by_text("All settled").first).to_be_visible(timeout=20_000)
    expect(hands.page.get_by_text("Back on the shelf").first).to_be_visible()
    hands.look("counter-settled")


def test_what_is_missing_in_the_form_is_said_beside_it(hands: Hands, shop: Served):
    number, _ = shop.orders[1]
    hands.scan(number)
    hands.button("See what is paid")
    expect(hands.page.get_by_role("alert")).to_contain_text("Say of at least one item")
    hands.look("counter-order-problem")


def test_what_cannot_be_found_and_what_names_several_things_is_said(hands: Hands, shop: Served):
    hands.scan("no such thing")
    expect(hands.page.get_by_text("Nothing found for")).to_be_visible()
    hands.look("counter-nothing")
    hands.page.get_by_role("textbox", name="Scan or type anything").fill(shop.orders[1][1])
    hands.page.keyboard.press("Enter")
    hands.look("counter-found")


def test_a_gift_comes_back_for_store_credit_and_says_nothing_of_who_gave_it(hands: Hands, shop: Served):
    number, email = shop.orders[2]
    hands.scan(number)
    hands.page.get_by_text("Make a gift receipt").click()
    hands.page.get_by_role("checkbox").last.check()
    hands.page.get_by_role("button", name="Make it").click()
    heading = hands.page.get_by_role("heading", name=re.compile("^GIFT-"))
    gift = heading.inner_text()
    hands.look("counter-gift-receipt")
    hands.begin()
    hands.scan(gift)
    hands.page.get_by_role("heading", name="Gift receipt").wait_for()
    hands.look("counter-gift")
    hands.grade("B")
    hands.button("See what is paid")
    hands.page.get_by_role("button", name="Confirm").wait_for()
    hands.look("counter-gift-confirm")
    hands.button("Confirm")
    hands.page.get_by_role("link", name="Receipt").click()
    for _ in range(20):
        if hands.page.get_by_text("Store credit code").count():
            break
        hands.page.wait_for_timeout(500)
        hands.page.reload()
    expect(hands.page.get_by_text("Store credit code")).to_be_visible()
    hands.look("counter-gift-credit")
    assert email not in hands.page.content()
    assert number.lstrip("#") not in hands.page.inner_text("main")


def test_goods_without_a_receipt_are_worth_what_was_kept(hands: Hands):
    hands.page.goto(f"{hands.counter}/without-receipt")
    hands.look("counter-without-nothing")
    hands.begin()
    hands.scan("HT01-M")
    hands.tap(hands.page.get_by_role("link", name="Harbour Tee, M"))
    hands.page.get_by_role("heading", name="Without a receipt").wait_for()
    hands.grade("A")
    hands.page.get_by_label("E-mail address of who brings it").fill("nobody@example.com")
    hands.look("counter-without")
    hands.button("See what it is worth")
    hands.page.get_by_role("button", name="Confirm").wait_for()
    hands.look("counter-without-confirm")
    hands.button("Confirm")
    hands.page.get_by_role("link", name="Receipt").wait_for()


def test_several_orders_of_one_visit_are_on_one_receipt(hands: Hands, shop: Served):
    hands.scan(shop.orders[3][0])
    hands.grade("C")
    hands.button("See what is paid")
    hands.button("Confirm")
    first = hands.page.get_by_role("heading", name=re.compile("^RMA-")).inner_text()
    hands.button("Another return of the same person")
    hands.look("counter-visit")
    hands.scan(shop.orders[1][0])
    hands.grade("A")
    hands.button("See what is paid")
    hands.button("Confirm")
    second = hands.page.get_by_role("heading", name=re.compile("^RMA-")).inner_text()
    hands.button("Another return of the same person")
    hands.page.get_by_role("link", name="The receipt so far").click()
    for number in (first, second):
        expect(hands.page.get_by_role("heading", name=number)).to_be_visible()
    hands.look("counter-visit-receipt")
