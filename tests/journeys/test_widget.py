"""The widget on somebody else's storefront: by keyboard, without barriers, through cuts, under a strict policy."""

import io
import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from bot.signs import signs
from bot.voice import SPOKEN, voice
from connector.settings import read_settings
from connector.storage import conversation_store, origin_store, shop_store
from connector.storage.database import Database, Unit
from connector.storage.scope import removed
from connector.storage.tables.people_tables import attempts
from tests.journeys.host_page import HostPage, host_page
from tests.journeys.served import CHROMIUM, Served, chromium, free_port, served

SCREENS = Path(__file__).parents[2] / "build" / "screens"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
RMA = re.compile(r"RMA-[0-9A-Z]{4}-[0-9A-Z]{4}")
LANGUAGES = SPOKEN if os.environ.get("BACKHAUL_TEST_LANGUAGES") else ("de",)
LISTEN = """
  window.broken = [];
  addEventListener("securitypolicyviolation", (event) => broken.push(`${event.violatedDirective} ${event.blockedURI}`));
  window.told = [];
  for (const name of ["ready", "opened", "closed", "return-opened", "handed-over", "answered"])
    document.addEventListener(`backhaul:${name}`, (event) => told.push({name, ...event.detail}));
"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: the package chromium)"),
]


@dataclass
class Shop:
    """A demo that can be killed and started again at its address, and the storefront that embeds its widget."""

    folder: Path
    port: int
    stack: ExitStack = field(default_factory=ExitStack)
    running: Served | None = None
    database: Database | None = None

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def served(self) -> Served:
        assert self.running is not None
        return self.running

    def start(self) -> None:
        self.running = self.stack.enter_context(served(self.folder, port=self.port))

    def kill(self) -> None:
        self.served.process.send_signal(signal.SIGKILL)
        self.served.process.wait()

    def write(self, act: Callable[[Unit], object]) -> None:
        assert self.database is not None
        with self.database.read_install() as connection:
            shop = shop_store.find(connection, "demo")
        assert shop is not None
        self.database.write(shop, act)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("widget")
    shop = Shop(folder, free_port())
    with shop.stack:
        shop.start()
        shop.database = Database(read_settings({"BACKHAUL_FOLDER": str(folder)}).database_url)
        yield shop
        shop.database.close()


@pytest.fixture(scope="module")
def host(shop: Shop) -> Iterator[HostPage]:
    with host_page(shop.home) as host:
        shop.write(lambda unit: origin_store.allow(unit, host.origin))
        yield host


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    context.add_init_script(LISTEN)
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []
    assert page.evaluate("window.broken ?? []") == [], "the host page's policy is never violated"


@pytest.fixture(autouse=True)
def nobody_was_counted(shop: Shop) -> None:
    """All shoppers of these tests come from one address, and it may look up as many orders as it likes."""
    shop.write(lambda unit: unit.connection.execute(removed(unit, attempts)))


def arrive(page: Page, address: str) -> Page:
    page.goto(address)
    page.locator("backhaul-chat[ready]").wait_for(state="attached")
    return page


def opened(page: Page, address: str) -> Locator:
    """The panel, open, greeted."""
    arrive(page, address)
    page.locator("backhaul-chat").get_by_role("button", name="Returns").click()
    said(page, "What can I do for you?")
    return page.get_by_role("dialog")


def said(page: Page, text: str) -> None:
    page.locator("backhaul-chat .said", has_text=text).last.wait_for()


def say(page: Page, text: str, answer: str) -> None:
    page.get_by_role("textbox", name="Your message").fill(text)
    page.keyboard.press("Enter")
    said(page, answer)


def prove(page: Page, shop: Shop, n: int) -> None:
    number, email = shop.served.orders[n]
    say(page, f"{number} {email}", "Which items")


def look(page: Page, name: str, *, sizes: tuple[dict[str, int], ...] = (DESKTOP, PHONE)) -> None:
    """Pictures in the light and in the dark; axe searches barriers in both."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        for size in sizes:
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.screenshot(path=SCREENS / f"widget-{name}-{size['width']}-{scheme}.png")
        barriers(page, f"{name} ({scheme})")
    page.emulate_media(color_scheme="light")


def barriers(page: Page, name: str) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def conversation_of(page: Page) -> tuple[str, str]:
    held = page.evaluate(
        "JSON.parse(localStorage.getItem(Object.keys(localStorage).find((one) => one.startsWith('backhaul'))))"
    )
    return held["conversation"], held["token"]


def turns(page: Page, shop: Shop) -> list[Any]:
    """What the server kept of the conversation."""
    conversation, token = conversation_of(page)
    answer = httpx.get(
        f"{shop.home}/shops/demo/chat/{conversation}", headers={"Authorization": f"Bearer {token}"}, timeout=30
    )
    found: list[Any] = answer.json()["turns"]
    return found


def typed(page: Page, shop: Shop) -> list[str]:
    return [turn["text"] for turn in turns(page, shop) if turn["from"] == "shopper"]


def test_a_return_is_opened_by_keyboard_alone(page: Page, shop: Shop, host: HostPage):
    arrive(page, host.at())
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Return something")).to_be_focused()
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Your message")
    expect(field).to_be_focused()
    said(page, "What can I do for you?")
    number, email = shop.served.orders[0]
    for words, answer in (("1", "order number"), (number, "postcode"), (email, "Which items")):
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        said(page, answer)
        expect(field).to_be_focused()
    group = page.get_by_role("group", name="Which items")
    page.keyboard.press("Shift+Tab")
    while not group.get_by_role("checkbox").first.evaluate("box => box.matches(':focus')"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    while not group.get_by_role("button", name="Continue").evaluate("button => button.matches(':focus')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    said(page, "How many")
    expect(field).to_be_focused()
    for words, answer in (("1", "Why is"), ("5", "What would you like"), ("refund", "send it back"), ("1", "open the")):
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        said(page, answer)
        expect(field).to_be_focused()
    page.keyboard.type("yes")
    page.keyboard.press("Enter")
    said(page, "Your return number is")
    opened_ones = [one for one in page.evaluate("told") if one["name"] == "return-opened"]
    assert [RMA.fullmatch(one["return"]) is not None for one in opened_ones] == [True]
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Return something")).to_be_focused()


def test_no_state_has_barriers_or_breaks_the_policy_of_the_page(page: Page, shop: Shop, host: HostPage):
    arrive(page, host.at())
    look(page, "launcher")
    panel = opened(page, host.at())
    look(page, "hello")
    prove(page, shop, 1)
    look(page, "items", sizes=(PHONE,))
    panel.get_by_role("checkbox").first.check()
    panel.get_by_role("button", name="Continue").click()
    say(page, "it arrived damaged", "add a photo")
    look(page, "photo", sizes=(PHONE,))
    panel.get_by_role("button", name="I have no photo").click()
    said(page, "What would you like")
    look(page, "resolution", sizes=(PHONE,))
    panel.get_by_role("button", name=re.compile("^Refund")).click()
    said(page, "send it back")
    panel.get_by_role("button", name="Bring it to a store").click()
    said(page, "Shall I open")
    panel.get_by_text("How was this worked out?").click()
    look(page, "summary")
    panel.get_by_role("button", name="Yes, open the return").click()
    said(page, "Your return number is")
    look(page, "done")
    panel.get_by_role("button", name="Talk to a person").click()
    said(page, "for the team")
    look(page, "handed-over", sizes=(PHONE,))


@pytest.mark.parametrize("mode", ["inline", "page"])
def test_it_stands_in_a_page_and_as_a_page(page: Page, host: HostPage, mode: str):
    arrive(page, host.at(mode=mode))
    said(page, "What can I do for you?")
    say(page, "what are the rules?", "within 30 days")
    look(page, mode)
    moved = "performance.getEntriesByType('layout-shift').filter((one) => !one.hadRecentInput).length"
    assert page.evaluate(moved) == 0


def test_from_right_to_left_everything_is_mirrored(page: Page, shop: Shop, host: HostPage):
    arrive(page, host.at(dir="rtl", lang="ar"))
    launcher = page.locator("backhaul-chat").get_by_role("button", name="Returns")
    box = launcher.bounding_box()
    assert box is not None and box["x"] < 100
    launcher.click()
    said(page, "What can I do for you?")
    prove(page, shop, 2)
    sides = [
        page.locator(f"backhaul-chat .said{kind}").last.evaluate("one => one.getBoundingClientRect().x")
        for kind in (".mine", ":not(.mine)")
    ]
    assert sides[0] < sides[1]
    look(page, "right-to-left")


def test_what_is_said_without_a_network_waits_and_is_sent_once(
    page: Page, context: BrowserContext, shop: Shop, host: HostPage
):
    opened(page, host.at())
    context.set_offline(True)
    field = page.get_by_role("textbox", name="Your message")
    for words in ("what are the rules?", "thank you"):
        field.fill(words)
        field.press("Enter")
    said(page, "There is no connection")
    barriers(page, "offline")
    context.set_offline(False)
    said(page, "within 30 days")
    said(page, "welcome")
    expect(page.locator("backhaul-chat .note")).to_have_count(0)
    assert typed(page, shop) == ["what are the rules?", "thank you"]


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_happens_twice(page: Page, shop: Shop, host: HostPage):
    opened(page, host.at())
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or len(lost) == 2:
            return route.continue_()
        lost.append(route.fetch().text())
        return route.abort("connectionreset")

    page.route("**/chat/c_*", lose)
    say(page, "what are the rules?", "within 30 days")
    assert len(lost) == 2
    assert typed(page, shop) == ["what are the rules?"]
    assert page.locator("backhaul-chat .mine").count() == 1


def test_a_server_that_is_killed_and_comes_back_is_not_noticed(page: Page, shop: Shop, host: HostPage):
    opened(page, host.at())
    prove(page, shop, 3)
    shop.kill()
    page.get_by_role("textbox", name="Your message").fill("1")
    page.keyboard.press("Enter")
    shop.start()
    page.get_by_role("group", name=re.compile("How many|Why is")).wait_for()
    assert typed(page, shop)[-1] == "1"
    assert len(typed(page, shop)) == 2


def test_a_reload_and_another_tab_go_on_with_the_conversation(page: Page, context: BrowserContext, host: HostPage):
    opened(page, host.at())
    say(page, "what are the rules?", "within 30 days")
    page.reload()
    said(page, "within 30 days")
    other = context.new_page()
    opened(other, host.at())
    said(other, "within 30 days")
    assert conversation_of(other) == conversation_of(page)
    say(other, "where is my order?", "order number")
    page.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    said(page, "order number")


def test_the_answer_of_a_person_appears_and_is_seen_on_the_button(page: Page, shop: Shop, host: HostPage):
    panel = opened(page, host.at())
    panel.get_by_role("button", name="Talk to a person").click()
    said(page, "for the team")
    conversation, _ = conversation_of(page)

    def answer(text: str) -> None:
        document = {"text": text, "name": "Kim"}

        def work(unit: Unit) -> None:
            kept = conversation_store.get(unit, conversation)
            conversation_store.append_turn(unit, kept, author="person", document=document, at=datetime.now(UTC))

        shop.write(work)

    answer("I am looking into it.")
    said(page, "I am looking into it.")
    page.keyboard.press("Escape")
    answer("It is settled.")
    button = page.get_by_role("button", name="Returns, New message")
    button.wait_for()
    button.click()
    said(page, "It is settled.")
    assert page.locator("backhaul-chat .person").count() == 2


def test_a_photo_reaches_the_people_of_the_shop_and_nobody_else(
    page: Page, context: BrowserContext, shop: Shop, host: HostPage
):
    panel = opened(page, host.at())
    prove(page, shop, 1)
    panel.get_by_role("checkbox", disabled=False).first.check()
    panel.get_by_role("button", name="Continue").click()
    page.get_by_role("group", name=re.compile("How many|Why is")).wait_for()
    if panel.get_by_role("group", name="How many").count():
        panel.get_by_role("button", name="1", exact=True).click()
        page.get_by_role("group", name="Why is").wait_for()
    say(page, "it arrived damaged", "add a photo")
    picture = io.BytesIO()
    Image.new("RGB", (3000, 2000), (180, 90, 40)).save(picture, "JPEG")
    file: Any = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    panel.locator("input[type=file]").set_input_files(file)
    said(page, "Photos: 1")
    said(page, "What would you like")
    panel.get_by_role("button", name=re.compile("^Refund")).click()
    said(page, "send it back")
    panel.get_by_role("button", name="Send a parcel").click()
    said(page, "Shall I open")
    say(page, "yes", "Your return number is")
    found = RMA.search(panel.inner_text())
    assert found is not None
    staff = context.new_page()
    staff.goto(shop.served.dashboard)
    for place in (f"dashboard/returns/{found[0]}", f"counter/{found[0]}"):
        staff.goto(f"{shop.home}/shops/demo/{place}")
        shown = staff.get_by_role("img", name=re.compile("^Photo 1"))
        expect(shown).to_have_js_property("naturalWidth", 2048)
    address = str(shown.get_attribute("src"))
    assert httpx.get(f"{shop.home}{address}", timeout=30).status_code in (303, 401)


def test_it_is_used_at_four_hundred_percent(page: Page, host: HostPage):
    page.set_viewport_size({"width": 320, "height": 256})
    opened(page, host.at())
    say(page, "what are the rules?", "within 30 days")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    panel = page.get_by_role("dialog")
    assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    page.screenshot(path=SCREENS / "widget-400-percent.png")
    small = panel.evaluate(
        "panel => [...panel.querySelectorAll('button, input, summary')]"
        ".map((one) => one.getBoundingClientRect())"
        ".filter((box) => box.width && (box.width < 24 || box.height < 24)).length"
    )
    assert small == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fits_a_telephone(browser: Browser, shop: Shop, host: HostPage, language: str):
    words = signs(voice(language))
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    arrive(page, host.at(lang=language))
    page.locator("backhaul-chat").get_by_role("button", name=words["title"]).tap()
    panel = page.get_by_role("dialog")
    panel.locator(".choice").first.wait_for()
    page.screenshot(path=SCREENS / f"widget-language-{language}-hello.png")
    answer(panel, 1)
    panel.locator(".said").nth(3).wait_for()
    number, email = shop.served.orders[1]
    field = page.get_by_role("textbox", name=words["message"])
    field.fill(f"{number} {email}")
    field.press("Enter")
    panel.locator(".choice").first.wait_for()
    has_one = panel.locator(".rma").count() > 0
    page.screenshot(path=SCREENS / f"widget-language-{language}-status.png")
    answer(panel, 0)
    panel.get_by_role("checkbox", disabled=False).first.check()
    panel.get_by_role("button", name=words["continue"]).tap()
    while not panel.get_by_text(words["proof"]).count():
        answer(panel, 0)
        panel.locator(".ask:not([data-answered])").wait_for()
    page.screenshot(path=SCREENS / f"widget-language-{language}-summary.png")
    if not has_one:
        answer(panel, 0)
        panel.locator(".rma").wait_for()
        page.screenshot(path=SCREENS / f"widget-language-{language}-status.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def answer(panel: Locator, n: int) -> None:
    """Pick the n-th of the choices that are open, without those that offer something else."""
    panel.locator(".ask:not([data-answered]) .choices").wait_for()
    panel.locator(".ask").evaluate("ask => ask.dataset.answered = true")
    panel.locator(".choices .choice:enabled:not(.pictured)").nth(n).tap()
