"""Without a network: what is scanned is found as with it, and goods are looked at by the shop's own questions."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from connector.services.follow_return import view
from connector.services.settle_conflict import sides, waiting
from domain.returns import Inspection
from domain.scanning import Kind, readings
from tests.connector.services.devices import PHONE, asks_of_phones
from tests.connector.services.test_story import received
from tests.journeys.counter_served import Counter, counter_served
from tests.journeys.offline_device import device, scan, without_network
from tests.journeys.served import CHROMIUM, chromium
from tests.journeys.test_story import look

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: the package chromium)"),
]

TEXTS = [
    "RMA-2A2B-3C3D", " rma 2a2b 3c3d ", "rma2a2b3c3d", "https://shop.example/shops/demo/returns/RMA-2A2B-3C3D?key=abc",
    "]Q3RMA-2A2B-3C3D", "RMA-2A2B-3C3D\r\n", "RMA-IIII-OOOO", "gift-2a2b-3c3d-4e4f", " Ann@Example.com ", "]C1",
    "4006381333931", "4006381333932", "# 1001", "036000291452", "0036000291452", "00036000291452", "73513537",
    "00000000", "]E04006381333931", "\x1d]C1SN 77", "", "   ", "TEE-M", "tee m", "Straße 5", "http://x.example",
    "12-34567 890", "https://x.example/a/b/?c=/d#e", "400638-1333931", "ÀÉÎ-1",
]  # fmt: skip
READINGS = "(texts) => import('/static/counter/offline_scanning.js').then((it) => texts.map((one) => it.readings(one)))"


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with counter_served(tmp_path_factory.mktemp("goods")) as running:
        asks_of_phones(running.demo)
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def test_a_text_is_read_on_the_device_as_the_server_reads_it(browser: Browser, counter: Counter):
    with device(browser, counter) as page:
        read = page.evaluate(READINGS, TEXTS)
    expected = [[f"{one.kind}:{'' if one.kind is Kind.EMAIL else one.key}" for one in readings(text)] for text in TEXTS]
    assert dict(zip(TEXTS, read, strict=True)) == dict(zip(TEXTS, expected, strict=True))


def test_goods_are_found_by_all_that_the_device_was_told(browser: Browser, counter: Counter):
    phone = counter.returned("phone", **PHONE)
    shirts = [counter.returned(f"shirt {n}") for n in range(2)]
    with device(browser, counter) as page:
        without_network(page, counter)
        link = f"{counter.origin}/shops/demo/returns/{phone.id}?key=x"
        for text in (phone.id.lower(), link, phone.order_number, "sn77"):
            find(page, text)
            page.get_by_role("heading", name=phone.id).wait_for()
            page.evaluate("document.querySelector('[data-part=found]').replaceChildren()")
        scan(page, "]E04006381333931")
        page.get_by_role("heading", name="Which one is it?").wait_for()
        expect(page.get_by_role("listitem").first).to_contain_text(phone.id)
        find(page, "TEE-M")
        page.get_by_role("heading", name="Which one is it?").wait_for()
        for one in (phone, *shirts):
            expect(page.get_by_text(f"{one.id}, order")).to_be_visible()
        look(page, "counter-alone-choice")
        find(page, "ann@example.com")
        expect(page.get_by_text("A device is told of no e-mail addresses")).to_be_visible()


def test_the_questions_of_the_shop_are_asked_and_hold_the_grade(browser: Browser, counter: Counter):
    found = counter.returned("asked", **{**PHONE, "serials": ["SN 90"], "barcode": None})
    with device(browser, counter) as page:
        without_network(page, counter)
        scan(page, found.id)
        page.get_by_role("heading", name=found.id).wait_for()
        expect(page.get_by_text("Take a photo of it before it is put away.")).to_be_visible()
        look(page, "counter-alone-asked")
        refused(page, "Answer every question.")
        answer(page, "Does it switch on?", "No")
        answer(page, "Is the glass clean?", "Yes")
        refused(page, "Scan or type the serial number.")
        page.get_by_label("Serial or lot number").fill("SN 91")
        page.get_by_role("radio", name="A Like new").check()
        refused(page, "That is not the one that was sold.")
        page.get_by_label("Serial or lot number").fill("sn90")
        refused(page, "By the answers it is at best D.")
        page.get_by_role("radio", name="D Damaged").check()
        page.get_by_role("button", name="Take in and hand out a slip").click()
        page.get_by_role("heading", name="Pending slip").wait_for()
        page.context.set_offline(False)
        expect(page.locator("[data-entry=taken]")).to_have_count(1, timeout=30_000)
    after = view(counter.demo.app, counter.demo.shop, return_id=found.id).found
    assert after.groups[0].grade == "D"


def test_one_of_two_that_were_missing_is_found_alone(browser: Browser, counter: Counter):
    """It is worth less than what was promised, so a person confirms it."""
    found, demo = counter.returned("two", quantity=2), counter.demo
    received(demo, found, Inspection("1", "missing"), key=f"none {found.id}")
    with device(browser, counter) as page:
        without_network(page, counter)
        scan(page, found.id)
        page.get_by_role("heading", name=found.id).wait_for()
        refused(page, "Say of something that it arrived.")
        second = page.locator("[data-unit='1-2']")
        second.get_by_text("Arrived", exact=True).click()
        second.get_by_role("radio", name="A Like new").check()
        page.get_by_role("button", name="Take in and hand out a slip").click()
        page.get_by_role("heading", name="Pending slip").wait_for()
        page.context.set_offline(False)
        expect(page.locator("[data-entry=waiting]")).to_have_count(1, timeout=30_000)
    (command,) = [one for one in waiting(demo.app, demo.shop) if one.return_id == found.id]
    assert [(one["outcome"], one["quantity"]) for one in command.said["inspections"]] == [
        ("missing", 1),
        ("received", 1),
    ]
    assert sides(demo.app, demo.shop, command_id=command.id).quote is not None


def find(page: Page, text: str) -> None:
    """What a person types, and presses Enter."""
    field = page.get_by_role("textbox", name="Return, order or receipt number")
    field.fill(text)
    field.press("Enter")


def answer(page: Page, question: str, said: str) -> None:
    page.get_by_role("group", name=question).get_by_text(said, exact=True).click()


def refused(page: Page, words: str) -> None:
    page.get_by_role("button", name="Take in and hand out a slip").click()
    expect(page.get_by_role("alert").get_by_text(words)).to_be_visible()
    expect(page.get_by_role("heading", name="Pending slip")).to_have_count(0)
