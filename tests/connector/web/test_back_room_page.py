"""The back room, its labels and the batches between locations, as pages."""

import dataclasses
import re

import httpx
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from connector.services import back_room
from connector.web.label_drawings import code_128, qr
from tests.connector.services.test_approve_at_counter import take_in
from tests.connector.services.test_story import opened
from tests.connector.web.pages import Page, post, visit
from tests.counters import acting, counter, location
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/counter"


@pytest.fixture
def units(demo: TestShop) -> list[str]:
    """Two units that Lee took in at the main street; there is a warehouse, too."""
    at = counter(demo)
    location(demo, name="Warehouse")
    take_in(demo, opened(demo, quantity=2), acting(demo, at, at.lee))
    return [one.id for one in back_room.look(demo.app, demo.shop, location_id=None).piles[0].goods]


async def test_what_lies_here_is_listed_and_done_with(staff: httpx.AsyncClient, units: list[str]):
    page = await visit(staff, f"{HOME}/back-room")
    assert page.barriers() == []
    assert "Back room, Main street" in page.text
    assert all(one in page.text for one in units)
    page = await step(staff, page, "done", unit=units[0])
    assert units[0] not in page.text
    assert units[1] in page.text
    assert "Nothing lies here" in (await visit(staff, f"{HOME}/back-room?location=2")).text
    assert units[1] in (await visit(staff, f"{HOME}/back-room?location=all")).text


async def test_units_are_sent_elsewhere_for_a_reason(demo: TestShop, staff: httpx.AsyncClient, units: list[str]):
    page = await visit(staff, f"{HOME}/back-room")
    assert all(f'value="{place}"' in page.html for place in ("outlet", "quarantine", "donate"))
    form = dataclasses.replace(page.form_with("place"), action=f"{HOME}/back-room/place")
    page = await post(staff, "", form, unit=units[0], place="outlet", why="")
    assert page.answer.status_code == 422
    assert "Say why: it stands in the history." in page.text
    assert page.barriers() == []
    page = await post(staff, f"{HOME}/back-room/place", page.form_with("place"), place="outlet", why="a scratch")
    assert page.barriers() == []
    assert "Outlet" in page.text
    pile = {one.id: one.disposition for one in back_room.chosen(demo.app, demo.shop, ids=units)}
    assert pile == {units[0]: "outlet", units[1]: "shelf"}


async def test_an_empty_back_room_says_so_without_any_location(staff: httpx.AsyncClient):
    page = await visit(staff, f"{HOME}/back-room")
    assert page.barriers() == []
    assert "Nothing lies here" in page.text


async def test_labels_are_printed_for_units_of_the_shop(staff: httpx.AsyncClient, units: list[str]):
    page = await visit(staff, f"{HOME}/back-room/labels?unit={units[0]}&unit={units[1]}&unit=U-NONE")
    assert page.barriers() == []
    assert page.html.count('class="bars-128"') == 2
    assert (await staff.get(f"{HOME}/back-room/labels?unit=U-NONE")).status_code == 404


def drawn(svg: str, scale: int = 4) -> Image.Image:
    """What a scanner sees of a drawing that is made of boxes."""
    width, height = (int(one) for one in re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())  # type: ignore[union-attr]
    image = Image.new("L", (width * scale, height * scale), 255)
    boxes = re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z", svg.split('fill="#000"')[1])
    for x, y, w, h in ((int(one) * scale for one in box) for box in boxes):
        ImageDraw.Draw(image).rectangle((x, y, x + w - 1, y + h - 1), fill=0)
    return image


def test_both_drawings_are_read_as_what_they_say():
    for draw, text in ((code_128, "U-AB12-CD34"), (qr, "RMA-AB12-CD34")):
        found = zxingcpp.read_barcodes(drawn(str(draw(text))))
        assert [one.text for one in found] == [text]


async def step(staff: httpx.AsyncClient, page: Page, name: str, **fields: str | list[str]) -> Page:
    form = next(form for form in page.forms if form.action.endswith(f"/{name}"))
    form.fields.pop("unit", None)
    page = await post(staff, "", form, **fields)
    assert page.barriers() == []
    return page


async def test_a_batch_is_packed_by_scanning_sent_and_taken_in_with_a_difference(
    staff: httpx.AsyncClient, units: list[str]
):
    page = await visit(staff, f"{HOME}/transfers")
    assert page.barriers() == []
    page = await post(staff, "", page.forms[-2], origin="1", destination="2")
    assert page.barriers() == []
    wrong = await step(staff, page, "pack", codes="U-NONE")
    assert wrong.answer.status_code == 422
    page = await step(staff, page, "pack", codes=f"{units[0].lower()} {units[1]}")
    assert "In the batch: 2" in page.text
    page = await step(staff, page, "unpack", unit=units[1])
    page = await step(staff, page, "pack", unit=units[1])
    page = await step(staff, page, "ship", why="DHL 1")
    assert "On its way" in page.text
    page = await step(staff, page, "receive", codes=units[0])
    assert "Something is missing" in page.text
    refused = await step(staff, page, "find", unit=units[0])
    assert refused.answer.status_code == 422
    form = next(form for form in page.forms if form.action.endswith("/find"))
    form.action = form.action.replace("/find", "/give-up")
    page = await post(staff, "", form, unit=units[1], why="lost on the road")
    assert "Arrived" in page.text
    assert "lost on the road" in page.text
    listed = await visit(staff, f"{HOME}/transfers")
    assert "Main street → Warehouse" in listed.text


async def test_what_is_no_step_is_not_found(staff: httpx.AsyncClient, units: list[str]):
    page = await visit(staff, f"{HOME}/transfers")
    page = await post(staff, "", page.forms[-2], origin="1", destination="2")
    assert (await staff.post(f"{page.answer.url.path}/burn", data={"once": "x"})).status_code == 422
    assert (await staff.get(f"{HOME}/transfers/TRF-NONE")).status_code == 404


async def test_a_batch_goes_somewhere_else(staff: httpx.AsyncClient, units: list[str]):
    page = await visit(staff, f"{HOME}/transfers")
    page = await post(staff, "", page.forms[-2], origin="1", destination="1")
    assert page.answer.status_code == 422
