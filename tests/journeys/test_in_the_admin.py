"""The dashboard in the admin of Shopify in a browser: in a frame of another origin, without third-party cookies."""

import dataclasses
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from msgspec.structs import replace
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Route, expect

from connector.services import converse
from connector.services.converse import Heard, Talk
from connector.services.install_app import known_shop
from connector.web.app import build
from tests.adapters.shopify.shops import placed
from tests.connector.services.at_shopify import opened
from tests.connector.web.at_shopify import ADMIN as SAID
from tests.connector.web.at_shopify import at_shopify, session_token
from tests.journeys import fake_admin
from tests.journeys.served import CHROMIUM, chromium
from tests.journeys.test_story import DESKTOP, PHONE, SCREENS
from tests.shops import TestShop
from tests.simulators.certificate import Certificate
from tests.simulators.shopify import SimulatedShop

HOME = "/shops/simulated-jeans"
BLOCKED = "--test-third-party-cookie-phaseout"
NEAR = "--disable-features=LocalNetworkAccessChecks"
"""A page of the internet may not show one of this machine in a frame by itself; the install of these tests is one."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: the package chromium)"),
]


@dataclass(frozen=True)
class Install:
    """An install over https, and the platform that it is an app of."""

    address: str
    demo: TestShop
    platform: SimulatedShop


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    folder = tmp_path_factory.mktemp("install")
    with at_shopify(folder) as (demo, platform), served(demo, Certificate.made(folder)) as address:
        yield Install(address, demo, platform)


@contextmanager
def served(demo: TestShop, certificate: Certificate) -> Iterator[str]:
    """The application on a free port; it knows its own address."""
    config = uvicorn.Config(lambda: None, port=0, log_level="error", ssl_certfile=str(certificate.path))
    socket = config.bind_socket()
    address = f"https://127.0.0.1:{socket.getsockname()[1]}"
    settings = dataclasses.replace(demo.app.settings, public_url=address)
    config.app = build(replace(demo.app, settings=settings, clock=lambda: datetime.now(UTC)))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(BLOCKED, NEAR) as running:
        yield running


@pytest.fixture
def context(browser: Browser, install: Install) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESKTOP, ignore_https_errors=True)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    fake_admin.show_admin(context, app=install.address, said=SAID, token=lambda: session_token(install.platform))
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    yield page
    assert troubles == []


def shown(page: Page, heading: str) -> Frame:
    """The app's frame, once it shows a page with this heading."""
    expect(page.frame_locator("iframe").get_by_role("heading", level=1, name=heading)).to_be_visible()
    frame = page.frames[-1]
    frame.wait_for_load_state()
    return frame


def look(page: Page, frame: Frame, name: str) -> None:
    """Pictures at phone and desktop size, in the light and in the dark; axe searches barriers in the frame."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.wait_for_timeout(150)
            page.screenshot(path=SCREENS / f"admin-{name}-{size['width']}-{scheme}.png")
    page.emulate_media(color_scheme="light")
    frame.evaluate("Promise.all(document.getAnimations().map(one => one.finished)).then(() => null)")
    found = Axe().run(frame)  # type: ignore[arg-type]
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def in_the_shop(install: Install) -> TestShop:
    """The shop that the first visit made."""
    found = known_shop(install.demo.app, SAID["shop"])
    assert found is not None
    return dataclasses.replace(install.demo, shop=found)


def a_shopper_asks_for_a_person(demo: TestShop) -> None:
    begun: Any = converse.start(demo.app, demo.shop, language="en", address="x")
    talk = Talk(str(begun["conversation"]), "x")
    for heard in (Heard(text="Where is my parcel? I am Zoe."), Heard(choices=("human",))):
        converse.say(demo.app, demo.shop, talk=talk, heard=heard)


def forgets_its_token(page: Page) -> None:
    """The address of a page loses its token as soon as the page's script has run."""
    for _ in range(100):
        if "id_token" not in page.frames[-1].evaluate("location.href"):
            return
        page.wait_for_timeout(100)
    pytest.fail(page.frames[-1].url)


def go_through_the_inbox(page: Page) -> None:
    page.get_by_role("link", name="Inbox").click()
    frame = shown(page, "Inbox")
    look(page, frame, "inbox")
    frame.get_by_role("link", name="Where an order is").click()
    frame = shown(page, "Where an order is")
    look(page, frame, "conversation")
    frame.get_by_label("Your answer").fill("It comes tomorrow.")
    frame.get_by_role("button", name="Send").click()
    expect(page.frame_locator("iframe").get_by_text("It comes tomorrow.")).to_be_visible()


def change_the_settings(page: Page) -> None:
    page.get_by_role("link", name="Settings").click()
    frame = shown(page, "Settings")
    look(page, frame, "settings")
    frame.get_by_label("How shoppers reach you").fill("help@jeans.example")
    region = frame.get_by_role("region", name="What the assistant says of the shop")
    with frame.expect_navigation():
        region.get_by_role("button", name="Save").click()
    expect(page.frame_locator("iframe").get_by_label("How shoppers reach you")).to_have_value("help@jeans.example")


def find_and_cancel(page: Page, rma: str) -> None:
    page.get_by_role("link", name="Returns").click()
    frame = shown(page, "All returns")
    look(page, frame, "returns")
    frame.get_by_label("Return or order number").fill(rma)
    with frame.expect_navigation():
        frame.get_by_role("button", name="Show").click()
    expect(page.frame_locator("iframe").get_by_label("Return or order number")).to_have_value(rma)
    page.frames[-1].get_by_role("link", name=rma).click()
    frame = shown(page, rma)
    look(page, frame, "return")
    frame.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.frame_locator("iframe").get_by_text("This return was cancelled.").first).to_be_visible()


def test_a_merchant_works_in_the_admin_from_the_first_visit_on(install: Install, page: Page, context: BrowserContext):
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.is_navigation_request() else None)
    page.goto(fake_admin.ADMIN)
    frame = shown(page, "Welcome to Backhaul")
    assert_cookies_of_others_are_blocked(frame)
    assert [cookie for cookie in context.cookies(install.address) if not cookie.get("partitionKey")] == []
    look(page, frame, "first-steps")
    context.clear_cookies()

    frame.get_by_role("button", name="Done, show me the dashboard").click()
    look(page, shown(page, "Simulated Jeans"), "dashboard")
    demo = in_the_shop(install)
    a_shopper_asks_for_a_person(demo)
    found = opened(demo, placed(install.platform))
    go_through_the_inbox(page)
    change_the_settings(page)
    find_and_cancel(page, found.id)
    brought = [url for url in asked if url.startswith(f"{install.address}/shops/")]
    assert len(brought) >= 12
    assert [url for url in brought if "id_token=" not in url] == []

    forgets_its_token(page)
    page.frames[-1].evaluate("location.reload()")
    expect(page.frame_locator("iframe").get_by_text("This return was cancelled.").first).to_be_visible()
    assert any("/shopify/patch-id-token" in url for url in asked[-3:]), "a reload fetches a token of its own"
    assert context.cookies(install.address) == [], "all this was done without a cookie"


def test_a_click_the_moment_a_page_is_seen_is_not_lost(page: Page, context: BrowserContext, install: Install):
    """A script that comes late holds the page back; were the page shown before it, the click would go nowhere."""
    page.goto(fake_admin.ADMIN)
    page.frame_locator("iframe").get_by_role("heading", level=1).first.wait_for()
    context.route(f"{install.address}/static/embedded.js", come_late)
    page.get_by_role("link", name="Inbox").click()
    expect(page.frame_locator("iframe").get_by_role("heading", level=1, name="Inbox")).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    expect(page.frame_locator("iframe").get_by_role("heading", level=1, name="Settings")).to_be_visible()


def come_late(route: Route) -> None:
    route.request.frame.wait_for_timeout(1000)
    route.continue_()


def test_nobody_else_shows_it_in_a_frame(page: Page, context: BrowserContext):
    refused: list[str] = []
    strange = context.new_page()
    strange.on("console", lambda said: refused.append(said.text))
    strange.goto("https://evil.example/")
    strange.wait_for_timeout(1500)
    assert any("frame-ancestors" in text or "refused" in text.lower() for text in refused), refused
    assert not strange.frames[-1].url.startswith("https://127.0.0.1")


def assert_cookies_of_others_are_blocked(frame: Frame) -> None:
    """Else this journey would show nothing: an ordinary cookie of the frame's site is not kept."""
    kept = frame.evaluate("document.cookie = 'probe=1; SameSite=None; Secure; Path=/'; document.cookie")
    assert "probe" not in kept
