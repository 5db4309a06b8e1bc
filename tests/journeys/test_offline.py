"""The counter on tills, tablets and phones: scanners, the camera, and going on without a network."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from connector.services.settle_conflict import waiting
from connector.web import offline_page
from domain.returns import Return
from tests.journeys.barcode_video import film_of
from tests.journeys.counter_served import Counter, counter_served
from tests.journeys.offline_device import TABLET, device, ready, scan, take_in
from tests.journeys.served import ARGUMENTS, CHROMIUM
from tests.journeys.test_story import DESKTOP, PHONE, look

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: the package chromium)"),
]


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with counter_served(tmp_path_factory.mktemp("counter")) as running:
        yield running


@pytest.fixture(scope="module")
def camera_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("film") / "code.y4m"


@pytest.fixture(scope="module")
def browser(counter: Counter, camera_film: Path) -> Iterator[Browser]:
    """A browser whose camera shows the code of a return."""
    film_of(counter.returned("scanned").id, camera_film)
    pretended = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={camera_film}")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *pretended])
        yield running
        running.close()


def note_on(page: Page) -> Locator:
    """The field for a note, wherever the form keeps it."""
    page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")
    return page.locator("input[name^=note-]").first


def test_a_hand_scanner_is_heard_wherever_the_focus_is(browser: Browser, counter: Counter):
    found = counter.returned("wedge")
    with device(browser, counter) as page:
        page.get_by_role("link", name="Sent from devices").focus()
        scan(page, found.id)
        page.get_by_role("heading", name=found.id).wait_for()
        note = note_on(page)
        note.press_sequentially("a scratch", delay=120)
        other = counter.returned("wedge too")
        scan(page, other.id)
        page.get_by_role("heading", name=other.id).wait_for()


def test_a_scan_takes_nothing_of_what_was_typed(browser: Browser, counter: Counter):
    found = counter.returned("typed")
    with device(browser, counter) as page:
        page.goto(f"{counter.home}/counter/{found.id}")
        ready(page)
        page.evaluate(
            "() => document.addEventListener('scanned', (event) => {"
            " event.preventDefault(); document.title = event.detail; })"
        )
        note = note_on(page)
        note.press_sequentially("a scratch", delay=90)
        scan(page, "RMA-ZZZZ-ZZZZ")
        expect(page).to_have_title("RMA-ZZZZ-ZZZZ")
        expect(note).to_have_value("a scratch")


def test_what_a_person_types_is_no_scan(browser: Browser, counter: Counter):
    with device(browser, counter) as page:
        page.goto(f"{counter.home}/counter/alone")
        ready(page)
        page.get_by_role("textbox", name="Return, order or receipt number").press_sequentially("SLOWLY-1", delay=160)
        page.evaluate(
            "() => document.addEventListener('keydown', (event) => { document.title = `${event.defaultPrevented}`; })"
        )
        page.keyboard.press("Enter")
        expect(page).to_have_title("false")
        page.get_by_role("heading", name="SLOWLY-1").wait_for()


def test_the_camera_reads_the_code_that_is_held_in_front_of_it(browser: Browser, counter: Counter):
    rma = counter.known["scanned"].id
    with device(browser, counter, permissions=["camera"], size=PHONE) as page:
        page.get_by_role("button", name="Scan with the camera").click()
        page.get_by_role("heading", name=rma).wait_for()


def test_a_camera_that_is_refused_is_explained(browser: Browser, counter: Counter):
    with device(browser, counter, permissions=[]) as page:
        page.evaluate(
            "() => { navigator.mediaDevices.getUserMedia = "
            "() => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
        )
        page.get_by_role("button", name="Scan with the camera").click()
        expect(page.get_by_text("was not allowed to use the camera")).to_be_visible()
        look(page, "counter-camera-refused")
        page.get_by_role("button", name="Close").click()
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_ten_returns_without_a_network_are_sent_once_it_is_back(browser: Browser, counter: Counter):
    several = [counter.returned(f"ten {n}") for n in range(10)]
    with device(browser, counter) as page:
        page.context.set_offline(True)
        page.goto(f"{counter.home}/counter")
        expect(page.get_by_text("There is no network.")).to_be_visible()
        ready(page)
        for n, found in enumerate(several):
            take_in(page, found.id, grade="ABCDE"[n % 5])
            look(page, "counter-alone-slip")
            page.set_viewport_size(TABLET)  # type: ignore[arg-type]
        expect(page.locator("[data-entry=here]")).to_have_count(10)
        assert all(counter.receipts(found) == 0 for found in several)
        page.reload()
        ready(page)
        expect(page.locator("[data-entry=here]")).to_have_count(10)
        assert_locked_at_rest(page, several)
        page.context.set_offline(False)
        expect(page.locator("[data-entry=taken]")).to_have_count(10, timeout=60_000)
        look(page, "counter-alone-back")
    counter.work()
    assert [counter.receipts(found) for found in several] == [1] * 10
    assert [counter.refunds(found) for found in several] == [1] * 10
    assert {one.return_id for one in waiting(counter.demo.app, counter.demo.shop)} & {
        one.id for one in several
    } == set()


KEPT = """async (name) => {
  const answered = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const database = await answered(indexedDB.open(name));
  const all = (store) => answered(database.transaction(store).objectStore(store).getAll());
  const rows = [...await all("queue"), ...await all("kept")];
  const open = (await all("keys")).find((one) => one.key);
  const caught = [];
  for (const one of await caches.keys()) {
    const requests = await (await caches.open(one)).keys();
    caught.push(...requests.map((request) => request.url));
  }
  return {
    texts: rows.map((row) => new TextDecoder("latin1").decode(row.data)),
    fields: rows.map((row) => Object.keys(row).sort()),
    canLeave: open.key.extractable,
    caught,
  };
}"""
"""What a browser keeps of the counter, as somebody finds it who opens its files."""


def assert_locked_at_rest(page: Page, several: list[Return]) -> None:
    """Nothing that the browser keeps names a return in plain letters, and no key in it can be read."""
    kept = page.evaluate(KEPT, f"backhaul {counter_path(page)}")
    assert len(kept["texts"]) == 11
    assert {tuple(one) for one in kept["fields"]} <= {("data", "iv"), ("data", "iv", "n")}
    assert kept["canLeave"] is False
    assert [one for one in several if any(one.id in text for text in kept["texts"])] == []
    assert [one for one in kept["caught"] if "/static/" not in one and not one.endswith("/counter/alone")] == []


def counter_path(page: Page) -> str:
    return "/shops/" + page.url.split("/shops/", 1)[1].split("/", 1)[0]


def test_two_devices_that_took_in_the_same_goods_leave_one_receipt_and_one_thing_to_settle(
    browser: Browser, counter: Counter
):
    found = counter.returned("twice")
    with device(browser, counter) as till, device(browser, counter, size=PHONE) as tablet:
        for page in (till, tablet):
            page.context.set_offline(True)
            page.goto(f"{counter.home}/counter")
            ready(page)
            take_in(page, found.id)
        for page in (till, tablet):
            page.context.set_offline(False)
            expect(page.locator("[data-entry=here]")).to_have_count(0, timeout=30_000)
        expect(till.locator("[data-entry=taken]")).to_have_count(1)
        expect(tablet.get_by_text("It was taken in already")).to_be_visible()
        look(tablet, "counter-alone-conflict")
        settle(tablet, found.id)
    counter.work()
    assert (counter.receipts(found), counter.refunds(found)) == (1, 1)


def settle(page: Page, rma: str) -> None:
    page.get_by_role("link", name="Sent from all devices").click()
    page.get_by_role("heading", name="Sent from devices").wait_for()
    look(page, "counter-devices")
    page.get_by_role("region", name="To settle").get_by_role("link", name=rma).click()
    page.get_by_role("heading", name="What becomes of it?").wait_for()
    look(page, "counter-device-conflict")
    page.get_by_role("button", name=re.compile("^Write it into the history")).click()
    expect(page.get_by_text(f"Written into the history of {rma}.")).to_be_visible()


def test_a_queue_that_is_copied_to_another_device_is_taken_once(browser: Browser, counter: Counter):
    found = counter.returned("copied")
    with device(browser, counter) as page:
        page.context.set_offline(True)
        page.goto(f"{counter.home}/counter")
        ready(page)
        take_in(page, found.id)
        state = page.context.storage_state(indexed_db=False)
        command = sent_when_back(page)
    context = browser.new_context(storage_state=state)
    answers = [replay(context, counter, command) for _ in range(2)]
    context.close()
    assert [answer["state"] for answer in answers] == ["taken", "taken"]
    assert counter.receipts(found) == 1


def sent_when_back(page: Page) -> str:
    """What the device sends once the network is back."""
    with page.expect_request(lambda request: request.url.endswith("/sent/commands")) as sent:
        page.context.set_offline(False)
    expect(page.locator("[data-entry=taken]")).to_have_count(1, timeout=30_000)
    return str(sent.value.post_data)


def replay(context: BrowserContext, counter: Counter, command: str) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Origin": counter.origin, "Accept": "application/json"}
    answer = context.request.post(f"{counter.home}/counter/sent/commands", data=command, headers=headers)
    assert answer.ok, answer.text()
    return dict(answer.json())


def test_a_photo_and_an_unknown_number_are_kept_and_settled_by_a_person(browser: Browser, counter: Counter):
    with device(browser, counter, size=PHONE) as page:
        page.context.set_offline(True)
        page.goto(f"{counter.home}/counter")
        ready(page)
        scan(page, "RMA-0000-0000")
        page.get_by_role("textbox", name="What was handed in").fill("a green lamp, box torn")
        page.get_by_label("Photo").set_input_files(
            {"name": "lamp.png", "mimeType": "image/png", "buffer": counter.picture}
        )
        look(page, "counter-alone-unknown")
        page.get_by_role("button", name="Keep it and hand out a slip").click()
        page.get_by_role("heading", name="Pending slip").wait_for()
        page.context.set_offline(False)
        expect(page.locator("[data-entry=waiting]")).to_have_count(2, timeout=30_000)
    several = [one for one in waiting(counter.demo.app, counter.demo.shop) if one.return_id == "RMA-0000-0000"]
    assert sorted(one.act for one in several) == ["photo", "receive"]
    assert {one.said["words"] for one in several} == {"", "a green lamp, box torn"}


def test_the_key_leaves_with_sign_out_and_what_waits_is_sent_after_the_next_sign_in(browser: Browser, counter: Counter):
    found = counter.returned("signed out")
    with device(browser, counter) as page:
        page.context.set_offline(True)
        page.goto(f"{counter.home}/counter")
        ready(page)
        take_in(page, found.id)
        page.get_by_role("button", name="Lock this device").click()
        expect(page.get_by_text("This device is locked.")).to_be_visible()
        look(page, "counter-alone-locked")
        page.reload()
        ready(page)
        expect(page.get_by_text("This device is locked.")).to_be_visible()
        expect(page.locator("[data-entry]")).to_have_count(0)
        page.context.set_offline(False)
        page.goto(f"{counter.home}/counter/alone")
        expect(page.get_by_text("What was done here is then sent")).to_be_visible()
        page.goto(counter.link())
        ready(page)
        page.goto(f"{counter.home}/counter/alone")
        expect(page.locator("[data-entry=taken]")).to_have_count(1, timeout=30_000)
        page.goto(f"{counter.home}/counter")
        ready(page)
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="You are signed out").wait_for()
        page.goto(f"{counter.home}/counter/alone")
        expect(page.get_by_text("This device is locked.")).to_be_visible()
    assert counter.receipts(found) == 1


def test_a_new_version_takes_the_place_of_the_one_that_was_kept(
    browser: Browser, counter: Counter, monkeypatch: pytest.MonkeyPatch
):
    with device(browser, counter) as page:
        before = page.evaluate("caches.keys()")
        monkeypatch.setattr(offline_page, "_version", lambda: "another")
        page.reload()
        page.evaluate("navigator.serviceWorker.ready.then((found) => found.update())")
        page.wait_for_function("([old]) => caches.keys().then((now) => now.length === 1 && now[0] !== old)", arg=before)
        assert len(before) == 1
        page.context.set_offline(True)
        page.goto(f"{counter.home}/counter/sent")
        expect(page.get_by_text("There is no network.")).to_be_visible()


def test_the_counter_can_be_installed(browser: Browser, counter: Counter):
    with device(browser, counter, size=DESKTOP) as page:
        look(page, "counter-device")
        session = page.context.new_cdp_session(page)
        found = session.send("Page.getAppManifest")
        assert found["errors"] == []
        wanting = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert [one["errorId"] for one in wanting if one["errorId"] != "in-incognito"] == []
