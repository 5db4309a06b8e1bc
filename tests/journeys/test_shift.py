"""A shared device in a browser: it is set up, shifts change by PIN, a manager approves; every page is looked at."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.served import CHROMIUM, Served, chromium, served
from tests.journeys.test_story import DESKTOP, PHONE, SCREENS

TABLET = {"width": 820, "height": 1180}
OWNERS_PIN, LEES_PIN = "9137", "2580"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: the package chromium)"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[tuple[Served, str]]:
    """The demo with its two locations, a PIN for the owner and one that was lent to Lee."""
    with served(tmp_path_factory.mktemp("counters")) as running:
        page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
        page.goto(running.dashboard)
        home = page.url.removesuffix("/dashboard")
        prepared(page, home)
        page.context.close()
        yield running, home


def look_at(page: Page, name: str) -> None:
    """A picture of the page as large as the device is; axe searches barriers."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def prepared(page: Page, home: str) -> None:
    """What an owner does once, in the office."""
    page.goto(f"{home}/dashboard/account")
    page.get_by_label("Your PIN (4 to 8 digits)").fill(OWNERS_PIN)
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("Your PIN is set.")).to_be_visible()
    page.goto(f"{home}/dashboard/locations")
    for name in ("Main street", "Warehouse"):
        place = page.locator("section", has=page.get_by_role("heading", name=name))
        place.get_by_text("Change what holds here").click()
        place.get_by_label("Most that staff give back at once").fill("1.00")
        place.get_by_role("button", name="Save").click()
    look_at(page, "locations")


def lent_pin(page: Page, home: str, name: str) -> str:
    """Somebody new, with a PIN that was lent to them."""
    page.goto(f"{home}/dashboard/people")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add").click()
    person = page.locator("li.person", has=page.get_by_text(name, exact=True))
    person.get_by_role("button", name="Give a PIN").click()
    return page.locator(".link-to-hand-over").inner_text()


@pytest.mark.parametrize(
    ("size", "name", "scheme"),
    [(TABLET, "tablet", "light"), (PHONE, "phone", "dark")],
    ids=["tablet", "phone"],
)
def test_a_shift_changes_and_a_manager_approves(
    browser: Browser, shop: tuple[Served, str], size: dict[str, int], name: str, scheme: str
):
    running, home = shop
    page = browser.new_context(viewport=size, color_scheme=scheme).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(20_000)
    page.goto(running.dashboard)
    lent, lee = lent_pin(page, home, f"Lee on the {name}"), f"Lee on the {name}"
    page.goto(f"{home}/counter/device")
    page.get_by_label("What the device is called").fill(f"The {name}")
    look_at(page, f"counter-device-{name}")
    page.get_by_role("button", name="Set it up").click()

    page.get_by_text(lee).click()
    page.get_by_label("PIN").fill(lent)
    look_at(page, f"shift-{name}")
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("The PIN that you were given").fill(lent)
    page.get_by_label("Your new PIN").fill(LEES_PIN)
    look_at(page, f"shift-new-pin-{name}")
    page.get_by_role("button", name="Save and begin").click()
    expect(page.get_by_role("heading", name="What came back?")).to_be_visible()
    look_at(page, f"counter-on-{name}")

    take_in_a_refund(page)
    page.get_by_label("Who approves").select_option(label="Owner")
    page.get_by_label("Their PIN").fill("0000")
    page.get_by_label("Why").fill("A regular, and the parcel was late")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("That PIN is not right.")).to_be_visible()
    look_at(page, f"approval-{name}")
    page.get_by_label("Their PIN").fill(OWNERS_PIN)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="What is given")).to_be_visible()

    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_role("heading", name="Who works here?")).to_be_visible()
    page.goto(f"{home}/counter/back-room")
    expect(page.get_by_role("heading", name="Who works here?")).to_be_visible()
    page.get_by_text("Owner").click()
    page.get_by_label("PIN").fill(OWNERS_PIN)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Back room, Main street")).to_be_visible()
    look_at(page, f"back-room-{name}")
    send_on(page, home, name)
    look_at_the_figures(page, home, name)
    practise(page, home, name)
    leave_it_alone(page, home)
    page.context.close()


def take_in_a_refund(page: Page) -> None:
    """Take in the first return that is expected for which money is given: a swap needs no approval."""
    for n in range(page.locator(".list .entry a").count()):
        take_in(page, n)
        if page.get_by_text("A manager must approve this").count():
            return
        page.go_back()
        page.go_back()
    pytest.fail("the demo expects no refund")


def take_in(page: Page, n: int = 0) -> None:
    """Grade all that came of a return that is expected, and see what is paid."""
    page.locator(".list .entry a").nth(n).click()
    for group in page.locator(".unit").all():
        group.get_by_text("Arrived", exact=True).click()
        group.get_by_text("Like new").click()
        for yes in group.get_by_text("Yes", exact=True).all():
            yes.click()
        say_why_without_a_photo(group)
    page.get_by_role("button", name="See what is paid").click()
    expect(page.get_by_role("heading", name="What arrived")).to_be_visible()


def say_why_without_a_photo(group: Locator) -> None:
    """Some goods are to be photographed; the note may say why they were not."""
    if group.get_by_text("at least one").count():
        group.locator("summary").filter(has_text="Note").click()
        group.locator("input[name^=note-]").fill("No camera at this till")


def send_on(page: Page, home: str, name: str) -> None:
    """Labels for what lies there, and a batch to the warehouse that arrives without one unit."""
    page.locator("input[name=unit]").first.check()
    page.get_by_role("button", name="Labels").first.click()
    look_at(page, f"labels-{name}")
    page.goto(f"{home}/counter/transfers")
    page.get_by_label("To").select_option(label="Warehouse")
    page.get_by_role("button", name="Open").click()
    page.get_by_text("Or pick from what lies").click()
    page.locator("input[name=unit]").first.check()
    page.get_by_role("button", name="Pack").click()
    look_at(page, f"transfer-{name}")
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_role("heading", name="Did not arrive")).to_be_visible()
    look_at(page, f"transfer-different-{name}")
    page.locator("input[name=unit]").first.check()
    page.get_by_role("button", name="turned up").click()
    expect(page.locator(".badge", has_text="Arrived")).to_be_visible()


def look_at_the_figures(page: Page, home: str, name: str) -> None:
    for place in ("counters", "cash-up"):
        page.goto(f"{home}/dashboard/{place}")
        look_at(page, f"{place}-{name}")


def practise(page: Page, home: str, name: str) -> None:
    """The same in training: it works, and the return is expected as before."""
    page.goto(f"{home}/counter/device")
    device = page.locator("li.person", has=page.get_by_text(f"The {name}"))
    device.get_by_role("button", name="Train on it").click()
    page.goto(f"{home}/counter")
    expected = page.locator(".list .entry a").first.inner_text()
    take_in(page)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="That worked. Nothing was kept.")).to_be_visible()
    look_at(page, f"training-{name}")
    page.goto(f"{home}/counter")
    expect(page.locator(".list .entry a").first).to_have_text(expected)


def leave_it_alone(page: Page, home: str) -> None:
    """Nobody touches the device for as long as its location says: what stands on the screen goes away."""
    page.clock.install()
    page.goto(f"{home}/counter")
    page.clock.fast_forward(4 * 60_000)
    expect(page.get_by_role("heading", name="What came back?")).to_be_visible()
    page.clock.fast_forward(2 * 60_000)
    expect(page.get_by_role("heading", name="Who works here?")).to_be_visible()
