"""A device of a counter in a browser, with the network and without."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from tests.journeys.counter_served import Counter
from tests.journeys.test_story import look

TABLET = {"width": 820, "height": 1180}
READY = "html[data-device-ready]"


@contextmanager
def device(browser: Browser, counter: Counter, *, size: dict[str, int] = TABLET, **also: object) -> Iterator[Page]:
    """A device of the shop, signed in, whose worker is ready."""
    context = browser.new_context(viewport=size, **also)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: counter.troubles.append(str(error)))
    page.goto(counter.link())
    ready(page)
    yield page
    context.close()
    assert counter.troubles == []


def ready(page: Page) -> None:
    """Wait until the device has its key, its look-ups and its worker."""
    page.locator(READY).wait_for(state="attached")
    page.evaluate("navigator.serviceWorker.ready")


def scan(page: Page, text: str) -> None:
    """A hand scanner: the keys of a text and Enter, ten milliseconds apart by the keyboard's clock, on any machine."""
    keyboard = page.context.new_cdp_session(page)
    begun = page.evaluate("(performance.timeOrigin + performance.now()) / 1000")
    for n, sign in enumerate((*text, "\r")):
        key = (
            {"key": sign, "text": sign} if sign != "\r" else {"key": "Enter", "text": sign, "windowsVirtualKeyCode": 13}
        )
        for act, after in (("keyDown", 0.0), ("keyUp", 0.005)):
            said = {"type": act, "timestamp": begun + n / 100 + after, **key}
            keyboard.send("Input.dispatchKeyEvent", said if act == "keyDown" else {**said, "text": ""})
    keyboard.detach()


def take_in(page: Page, rma: str, *, grade: str = "A") -> None:
    """Without a network: scan a return, grade it, hand out the slip."""
    scan(page, rma)
    page.get_by_role("heading", name=rma).wait_for()
    look(page, "counter-alone-grade")
    page.get_by_role("radio", name=re.compile(f"^{grade} ")).first.check()
    page.get_by_role("button", name="Take in and hand out a slip").click()
    page.get_by_role("heading", name="Pending slip").wait_for()
    expect(page.get_by_text("Nothing has been paid yet.")).to_be_visible()


def without_network(page: Page, counter: Counter) -> None:
    """The network goes, and somebody opens the counter."""
    page.context.set_offline(True)
    page.goto(f"{counter.home}/counter")
    ready(page)
