"""What devices sent, with both sides in view; and what makes the counter an app that can be installed."""

import json
import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

import connector.web
from connector.services.settle_conflict import waiting
from connector.web.device_page import SHELL
from tests.connector.services.devices import Device, returned, send
from tests.connector.web.pages import post, visit
from tests.shops import TestShop, order

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/counter"
STATIC = Path(connector.web.__file__).parent / "static"


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


async def test_the_page_without_a_network_names_nobody(staff: httpx.AsyncClient, browser: httpx.AsyncClient):
    page = await visit(browser, f"{HOME}/alone")
    assert page.barriers() == []
    assert "Owner" not in page.html
    assert "needs JavaScript" in page.text


async def test_the_manifest_says_what_can_be_installed(browser: httpx.AsyncClient):
    answer = await browser.get(f"{HOME}/manifest.json")
    assert answer.headers["content-type"] == "application/manifest+json"
    said = answer.json()
    assert (said["start_url"], said["scope"], said["display"]) == (HOME, HOME, "standalone")
    for icon in said["icons"]:
        assert (await browser.get(icon["src"])).status_code == 200


async def test_the_worker_may_keep_the_counter_and_nothing_else(browser: httpx.AsyncClient):
    answer = await browser.get(f"{HOME}/worker.js")
    assert answer.headers["service-worker-allowed"] == HOME
    assert answer.headers["content-type"].startswith("text/javascript")
    shell = json.loads(re.match(r"const SHELL = (.*);", answer.text)[1])  # type: ignore[index]
    assert shell["home"] == HOME
    for path in (shell["alone"], *shell["files"]):
        assert (await browser.get(path)).status_code == 200


def test_all_that_the_page_without_a_network_is_made_of_is_kept():
    wanted = {"counter/alone.js"}
    while found := {name for one in wanted for name in imported(one)} - wanted:
        wanted |= found
    assert wanted <= set(SHELL)


def imported(name: str) -> set[str]:
    words = (STATIC / name).read_text(encoding="utf-8")
    folder = STATIC / name
    paths = re.findall(r'from "(\.[^"]+)"', words)
    return {str((folder.parent / path).resolve().relative_to(STATIC.resolve())) for path in paths}
