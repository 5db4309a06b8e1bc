"""Without a network on a device that people share: it locks, no PIN opens it, and what is practised never counts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from connector.services import shared_devices, sign_in
from tests import counters
from tests.journeys.counter_served import Counter, counter_served
from tests.journeys.offline_device import TABLET, ready, scan, take_in, without_network
from tests.journeys.served import CHROMIUM, chromium
from tests.journeys.test_story import look

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: the package chromium)"),
]

LEFT_ALONE = """async (name) => {
  const answered = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const database = await answered(indexedDB.open(name));
  const keys = database.transaction("keys", "readwrite").objectStore("keys");
  const held = await answered(keys.get("open"));
  await answered(keys.put({ ...held, touched: Date.now() - 6 * 60000 }, "open"));
}"""
"""As if nobody had touched the device for longer than its location allows."""
HOLDS_KEY = """async (name) => {
  const answered = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const database = await answered(indexedDB.open(name));
  return Boolean(await answered(database.transaction("keys").objectStore("keys").get("open")));
}"""


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with counter_served(tmp_path_factory.mktemp("shifts")) as running:
        yield running


@pytest.fixture(scope="module")
def at(counter: Counter) -> counters.Counter:
    return counters.counter(counter.demo)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@contextmanager
def till(browser: Browser, counter: Counter, at: counters.Counter) -> Iterator[Page]:
    """The shared device, with Lee at it."""
    context = browser.new_context(viewport=TABLET)  # type: ignore[arg-type]
    context.add_cookies([{"name": "backhaul_device", "value": at.token, "url": f"{counter.home}/"}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: counter.troubles.append(str(error)))
    page.goto(f"{counter.home}/shift")
    begin(page)
    yield page
    context.close()
    assert counter.troubles == []


def begin(page: Page) -> None:
    page.get_by_text("Lee", exact=True).click()
    page.get_by_label("PIN").fill(counters.PIN)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile("/counter"))
    ready(page)


def holds_key(page: Page, counter: Counter) -> bool:
    return bool(page.evaluate(HOLDS_KEY, "backhaul /shops/demo"))


def test_a_device_that_was_locked_without_the_network_stays_locked_until_a_pin_is_typed(
    browser: Browser, counter: Counter, at: counters.Counter
):
    found = counter.returned("locked")
    with till(browser, counter, at) as page:
        without_network(page, counter)
        expect(page.get_by_text("What you do here is done as Lee.")).to_be_visible()
        take_in(page, found.id)
        page.get_by_role("button", name="Lock this device").click()
        expect(page.get_by_text("Without the network nobody can open it")).to_be_visible()
        expect(page.get_by_role("heading", name="Pending slip")).to_have_count(0)
        expect(page.locator("[data-entry]")).to_have_count(0)
        look(page, "counter-alone-locked-shared")
        page.context.set_offline(False)
        page.goto(f"{counter.home}/counter/alone")
        page.get_by_role("link", name="Type your PIN").wait_for()
        page.wait_for_timeout(1000)
        assert not holds_key(page, counter)
        assert counter.receipts(found) == 0
        page.get_by_role("link", name="Type your PIN").click()
        page.get_by_role("heading", name="Who works here?").wait_for()
        begin(page)
        page.goto(f"{counter.home}/counter/alone")
        expect(page.locator("[data-entry=taken]")).to_have_count(1, timeout=30_000)
    assert counter.receipts(found) == 1


def test_a_device_that_nobody_touches_without_the_network_locks_itself(
    browser: Browser, counter: Counter, at: counters.Counter
):
    found = counter.returned("idle")
    with till(browser, counter, at) as page:
        without_network(page, counter)
        scan(page, found.id)
        page.get_by_role("heading", name=found.id).wait_for()
        page.evaluate(LEFT_ALONE, "backhaul /shops/demo")
        expect(page.get_by_text("This device is locked.")).to_be_visible()
        expect(page.get_by_role("heading", name=found.id)).to_have_count(0)
        assert not holds_key(page, counter)
        page.reload()
        ready(page)
        expect(page.get_by_text("This device is locked.")).to_be_visible()


def test_the_lock_of_a_page_takes_the_key_along_when_the_network_has_gone(
    browser: Browser, counter: Counter, at: counters.Counter
):
    with till(browser, counter, at) as page:
        assert holds_key(page, counter)
        page.context.set_offline(True)
        page.get_by_role("button", name="Lock", exact=True).click()
        expect(page.get_by_text("Without the network nobody can open it")).to_be_visible()
        assert not holds_key(page, counter)


def test_what_is_practised_without_the_network_is_marked_and_never_taken(
    browser: Browser, counter: Counter, at: counters.Counter
):
    real, practised = counter.returned("real"), counter.returned("practised")
    owner = sign_in.owner_of(counter.demo.app, counter.demo.shop)
    with till(browser, counter, at) as page:
        without_network(page, counter)
        take_in(page, real.id)
        shared_devices.train(counter.demo.app, counter.demo.shop, by=owner, device_id=at.device.id)
        page.context.set_offline(False)
        page.get_by_role("button", name="Next return").click()
        expect(page.get_by_text("Nothing that is done here counts")).to_be_visible(timeout=30_000)
        expect(page.locator("[data-entry=here]")).to_have_count(1)
        without_network(page, counter)
        expect(page.get_by_text("Nothing that is done here counts")).to_be_visible()
        for _ in range(2):
            practise(page, practised.id)
        page.context.set_offline(False)
        page.get_by_role("button", name="Next return").click()
        expect(page.locator("[data-entry=tried]")).to_have_count(2, timeout=30_000)
        expect(page.get_by_text("Outside of a training: Taken.").first).to_be_visible()
        look(page, "counter-alone-training")
        assert (counter.receipts(real), counter.receipts(practised)) == (0, 0)
        shared_devices.work_again(counter.demo.app, counter.demo.shop, by=owner, device_id=at.device.id)
        page.goto(f"{counter.home}/counter")
        ready(page)
        page.goto(f"{counter.home}/counter/alone")
        expect(page.locator("[data-entry=taken]")).to_have_count(1, timeout=30_000)
    counter.work()
    assert (counter.receipts(real), counter.receipts(practised)) == (1, 0)
    assert (counter.refunds(real), counter.refunds(practised)) == (1, 0)


def practise(page: Page, rma: str) -> None:
    scan(page, rma)
    page.get_by_role("heading", name=rma).wait_for()
    page.get_by_role("radio", name="A Like new").check()
    page.get_by_role("button", name="Take in and hand out a slip").click()
    page.get_by_role("heading", name="Training slip").wait_for()
    expect(page.get_by_text("It is no receipt: nothing was taken in.")).to_be_visible()
