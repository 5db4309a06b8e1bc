"""Photos of an inspection without JavaScript: taken in the form, kept over its steps, seen with the return."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from connector.services.errors import NotFound
from connector.services.forget_old import forget_old
from connector.services.inspection_photos import held
from connector.storage.photo_store import of_return
from domain.returns import Return
from tests.connector.services.test_keep_photos import photo
from tests.connector.services.test_story import opened
from tests.connector.web.pages import Form, Page, post, visit
from tests.connector.web.test_counter_orders import HOME, returned
from tests.shops import TestShop, a_shop

pytestmark = pytest.mark.anyio

ORDER = f"{HOME}/orders/o1"
GUIDE = {"product_types": [], "photo": True, "questions": []}


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path, inspections=[GUIDE]) as shop:
        yield shop


async def sent(browser: httpx.AsyncClient, address: str, form: Form, *photos: bytes, **said: str) -> Page:
    """The form as browsers send it: as many parts as it has fields, an empty one for a file that was not chosen."""
    named = {name.replace("_", "-"): value for name, value in said.items()}
    fields = {**form.fields, "step": "check", **named}
    fields.pop("photo-1-1", None)
    files = [("photo-1-1", (f"{n}.jpg", one, "image/jpeg")) for n, one in enumerate(photos)]
    answer = await browser.post(address, data=fields, files=files or {"photo-1-1": ("", b"")}, follow_redirects=True)
    return Page(answer)


async def confirmed(browser: httpx.AsyncClient, page: Page) -> None:
    await post(browser, page.answer.url.path, page.form_with("confirm"), step="confirm")


def only(demo: TestShop) -> Return:
    (found,) = returned(demo)
    return found


async def test_photos_are_kept_over_the_steps_and_seen_with_the_return(demo: TestShop, staff: httpx.AsyncClient):
    page = await sent(staff, ORDER, (await visit(staff, ORDER)).form_with("check"), photo(), photo(), grade_1_1="A")
    assert page.barriers() == []
    assert "2 photos" in page.text
    page = await post(staff, ORDER, page.form_with("change"), step="change")
    assert page.barriers() == []
    kept = [one["src"] for tag, one in page.tags if tag == "img" and "/counter/photos/" in one["src"]]
    assert [(await staff.get(one)).headers["content-type"] for one in kept] == ["image/jpeg"] * 2
    page = await sent(staff, ORDER, page.form_with("check"), photo(), grade_1_1="A")
    assert "3 photos" in page.text
    await confirmed(staff, page)
    found = only(demo)
    for place in (f"/shops/demo/dashboard/returns/{found.id}", f"{HOME}/{found.id}"):
        page = await visit(staff, place)
        assert page.barriers() == []
        shown = {one["src"] for tag, one in page.tags if tag == "img" and "/photos/" in one["src"]}
        assert len(shown) == 3
        assert {(await staff.get(one)).headers["content-type"] for one in shown} == {"image/jpeg"}
        assert "Taken by Owner" in page.text
    assert (await staff.get(kept[0])).status_code == 404
    entry = next(entry for entry in found.history if entry.act == "received")
    assert len(entry.details["photos"]) == 3  # type: ignore[arg-type]


async def test_a_guide_that_asks_for_a_photo_takes_one_or_a_reason(demo: TestShop, staff: httpx.AsyncClient):
    form = (await visit(staff, ORDER)).form_with("check")
    page = await sent(staff, ORDER, form, grade_1_1="A")
    assert page.answer.status_code == 422
    assert "Take a photo of it, or say in the note why there is none." in page.text
    assert page.barriers() == []
    page = await sent(staff, ORDER, page.form_with("check"), grade_1_1="A", note_1_1="the camera is broken")
    await confirmed(staff, page)
    assert only(demo).groups[0].note == "the camera is broken"


async def test_what_is_no_photo_is_said_at_its_field_and_nothing_else_is_lost(demo: TestShop, staff: httpx.AsyncClient):
    found = opened(demo)
    address = f"{HOME}/{found.id}"
    form = (await visit(staff, address)).form_with("check")
    page = await sent(staff, address, form, b"<svg/>", outcome_1_1="received", grade_1_1="B")
    assert page.answer.status_code == 422
    assert "That is no photo that can be read" in page.text
    assert re.search(r'value="B" checked', page.html)
    page = await sent(staff, address, page.form_with("check"), photo(), outcome_1_1="received", grade_1_1="B")
    await confirmed(staff, page)
    with demo.app.database.read(demo.shop) as unit:
        (shown,) = of_return(unit, found.id)
    assert (shown.line_id, shown.taken_by) == ("l1", "Owner")


async def test_photos_of_goods_that_were_not_taken_in_are_gone_after_a_day(demo: TestShop, staff: httpx.AsyncClient):
    page = await sent(staff, ORDER, (await visit(staff, ORDER)).form_with("check"), photo(), grade_1_1="A")
    (kept,) = re.findall(r'name="photos-1-1" value="(p_[^"]+)"', page.html)
    demo.clock.move(days=1, seconds=1)
    forget_old(demo.app, demo.shop, step=lambda _, act: act())
    with pytest.raises(NotFound):
        held(demo.app, demo.shop, photo_id=kept)
