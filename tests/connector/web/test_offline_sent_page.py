"""What was done without a network and sent later, with both sides in view."""

import httpx
import pytest
from msgspec.structs import replace

from connector.services.settle_conflict import waiting
from tests.connector.services.devices import LOOK, PHONE, Device, asks_of_phones, returned, send
from tests.connector.web.pages import post, visit
from tests.counters import OWNERS_PIN, begun, counter
from tests.shops import TestShop, order

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/counter"


@pytest.fixture
def device(demo: TestShop) -> Device:
    return Device("till-one")


async def test_what_waits_and_what_was_taken_is_listed(demo: TestShop, device: Device, staff: httpx.AsyncClient):
    found = returned(demo, "o7")
    page = await visit(staff, f"{HOME}/sent")
    assert "Nothing waits" in page.text
    send(demo, device.note(found.id, "a scratch"))
    send(demo, device.note("RMA-0000-0000", "a <b>lamp</b>"))
    page = await visit(staff, f"{HOME}/sent")
    assert page.barriers() == []
    assert "There is no return of this number." in page.text
    assert found.id in page.text
    assert "One thing that a device sent waits" in (await visit(staff, HOME)).text


async def test_both_sides_are_shown_and_the_return_that_is_meant_can_be_named(
    demo: TestShop, device: Device, staff: httpx.AsyncClient
):
    found = returned(demo, "o7")
    kept = send(demo, device.note("RMA-0000-0000", "a <b>lamp</b>"))
    here = f"{HOME}/sent/commands/{kept.id}"
    page = await visit(staff, here)
    assert page.barriers() == []
    assert "a &lt;b&gt;lamp&lt;/b&gt;" in page.html
    page = await visit(staff, f"{here}?rma={found.id}")
    assert page.barriers() == []
    page = await post(staff, here, page.form_with("note"), act="note")
    assert "Nothing waits" in page.text
    assert waiting(demo.app, demo.shop) == ()
    assert "Written into the history" in (await visit(staff, here)).text
    assert "lamp" in (await visit(staff, f"/shops/demo/dashboard/returns/{found.id}")).text


async def test_goods_that_came_twice_are_put_aside_with_a_reason(
    demo: TestShop, device: Device, staff: httpx.AsyncClient
):
    found = returned(demo, "o7")
    device.listen(demo)
    first = device.receive(found.id)
    second = replace(first, command=replace(first.command, id="another"))
    send(demo, first)
    send(demo, second)
    here = f"{HOME}/sent/commands/another"
    page = await visit(staff, here)
    assert page.barriers() == []
    assert "It was taken in already" in page.text
    assert "cannot be taken in as the device found it" in page.text
    refused = await post(staff, here, page.form_with("aside"), act="aside", why="")
    assert refused.answer.status_code == 422
    page = await post(staff, here, page.form_with("aside"), act="aside", why="one and the same parcel")
    assert "one and the same parcel" in page.text
    again = await staff.post(here, data={"once": "x", "act": "aside", "why": "again"})
    assert again.status_code == 409


async def test_amounts_that_differ_are_shown_before_they_are_paid(
    demo: TestShop, device: Device, staff: httpx.AsyncClient
):
    found = returned(demo, "o7")
    device.listen(demo)
    gone = {"id": "r1", "at": "2026-11-20T10:00:00Z", "amount": "30.00", "shipping": "0.00", "lines": []}
    demo.save_order(order(id="o7", number="#o7", refunds=[gone]))
    kept = send(demo, device.receive(found.id))
    here = f"{HOME}/sent/commands/{kept.id}"
    page = await visit(staff, here)
    assert page.barriers() == []
    assert "$14.60" in page.text
    more = {**gone, "id": "r2", "amount": "5.00"}
    demo.save_order(order(id="o7", number="#o7", refunds=[gone, more]))
    moved = await post(staff, here, page.form_with("take"), act="take")
    assert moved.answer.status_code == 409
    assert "The amounts have changed" in moved.text
    page = await post(staff, here, moved.form_with("take"), act="take")
    assert "Taken in as the device found it." in page.text


async def test_another_serial_number_is_shown_with_the_answers_and_a_manager_takes_it_in(
    demo: TestShop, device: Device, staff: httpx.AsyncClient
):
    asks_of_phones(demo)
    found = returned(demo, "o7", **PHONE)
    device.listen(demo)
    kept = send(
        demo, device.receive(found.id, grade="D", look={"answers": {"on": "no", "clean": "yes"}, "serial": "X1"})
    )
    here = f"{HOME}/sent/commands/{kept.id}"
    page = await visit(staff, here)
    assert page.barriers() == []
    assert "Does it switch on? No" in page.text
    assert "Serial or lot number X1" in page.text
    page = await post(staff, here, page.form_with("take"), act="take")
    assert "Taken in as the device found it." in page.text


async def test_who_is_no_manager_is_asked_for_one(demo: TestShop, device: Device, browser: httpx.AsyncClient):
    at = counter(demo)
    asks_of_phones(demo)
    found = returned(demo, "o7", **PHONE)
    device.listen(demo)
    kept = send(demo, device.receive(found.id, look={**LOOK, "serial": "X1"}))
    browser.cookies.set("backhaul_device", at.token)
    browser.cookies.set("backhaul_session", begun(demo, at, at.lee))
    here = f"{HOME}/sent/commands/{kept.id}"
    page = await visit(browser, here)
    assert page.barriers() == []
    alone = await post(browser, here, page.form_with("take"), act="take")
    assert alone.answer.status_code == 403
    agreed = {"approver": str(at.kim.id), "approver_pin": OWNERS_PIN, "approval_reason": "the sticker was changed"}
    page = await post(browser, here, alone.form_with("take"), act="take", **agreed)
    assert "Taken in as the device found it." in page.text
