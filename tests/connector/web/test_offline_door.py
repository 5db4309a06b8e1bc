"""The door for devices of the counter."""

import base64
import io
from typing import Any

import httpx
import pytest
import segno
import zxingcpp
from PIL import Image

from connector.services import read_picture, shared_devices, sign_in
from connector.services.follow_return import view
from connector.services.settle_conflict import waiting
from tests.connector.services.devices import LOOK, PHONE, PHONES, asks_of_phones, returned
from tests.counters import Counter, begun, counter
from tests.shops import TestShop

pytestmark = pytest.mark.anyio

HOME = "/shops/demo/counter/sent"
RECEIVE: dict[str, Any] = {
    "id": "command-1",
    "device": "device-1",
    "act": "receive",
    "made_at": "2026-11-20T12:00:00Z",
    "made_by": "Sam",
    "seen": {"1": {"quantity": 1, "reception": "awaiting", "acceptance": "accepted"}},
    "inspections": [{"group_id": "1", "outcome": "received", "grade": "A", "quantity": 1}],
}


def picture(kind: str = "PNG", *, size: tuple[int, int] = (40, 30), **how: Any) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "green").save(drawn, format=kind, **how)
    return drawn.getvalue()


def code(text: str) -> bytes:
    drawn = io.BytesIO()
    segno.make(text).save(drawn, kind="png", scale=6)
    return drawn.getvalue()


def bars(text: str, kind: str) -> bytes:
    """A label as shelves and goods have it."""
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    drawn = io.BytesIO()
    Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=3, add_quiet_zones=True)).save(drawn, format="PNG")
    return drawn.getvalue()


async def test_a_command_is_taken_and_says_so_again(demo: TestShop, staff: httpx.AsyncClient):
    found = returned(demo, "o7")
    for _ in range(2):
        answer = await staff.post(f"{HOME}/commands", json={**RECEIVE, "return_id": found.id})
        assert answer.json() == {"id": "command-1", "state": "taken", "verdict": "taken", "words": "Taken."}


@pytest.mark.parametrize(
    "changes",
    [
        {"inspections": [{"group_id": "1", "outcome": "received", "quantity": 1}]},
        {"inspections": [{"group_id": "1", "outcome": "rejected", "quantity": 1}]},
        {"inspections": [{"group_id": "1", "outcome": "eaten", "quantity": 1}]},
        {"id": "short"},
        {"act": "refund"},
        {"made_at": "2026-11-20T12:00:00"},
        {"amount": "20.00"},
        {"return_id": ""},
        {"words": "a\0b"},
        {"inspections": [{**RECEIVE["inspections"][0], "answers": {"on": "perhaps"}}]},
        {"inspections": [{**RECEIVE["inspections"][0], "findings": []}]},
        {"act": "photo"},
        {"act": "photo", "picture": "!"},
        {"act": "photo", "picture": base64.b64encode(b"GIF89a").decode()},
    ],
)
async def test_what_cannot_be_read_is_refused_and_nothing_is_kept(
    demo: TestShop, staff: httpx.AsyncClient, changes: dict[str, Any]
):
    found = returned(demo, "o7")
    answer = await staff.post(f"{HOME}/commands", json={**RECEIVE, "return_id": found.id, **changes})
    assert answer.status_code == 422
    assert waiting(demo.app, demo.shop) == ()


async def test_a_photo_is_kept_small_and_without_what_the_camera_wrote(demo: TestShop, staff: httpx.AsyncClient):
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    taken = picture("JPEG", size=(3000, 1500), exif=exif)
    said = {**RECEIVE, "act": "photo", "return_id": "nothing", "picture": base64.b64encode(taken).decode()}
    assert (await staff.post(f"{HOME}/commands", json=said)).json()["state"] == "waiting"
    answer = await staff.get(f"{HOME}/commands/command-1/photo")
    assert answer.headers["content-type"] == "image/jpeg"
    assert b"Secret" not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size == (1600, 800)


async def test_look_ups_say_no_more_than_a_device_needs(demo: TestShop, staff: httpx.AsyncClient):
    found = returned(demo, "o7")
    first = (await staff.get(f"{HOME}/returns")).json()
    assert [one["id"] for one in first["returns"]] == [found.id]
    assert {one["number"] for one in first["orders"]} == {"#1001", "#o7"}
    assert first["returns"][0]["groups"][0]["sku"] == "TEE-M"
    for private in ("ann@example.com", "Ann", "10001", "19.80", "44.60"):
        assert private not in str(first)
    assert not first["more"]


async def test_look_ups_carry_what_goods_are_found_by_and_what_is_asked_of_them(
    demo: TestShop, staff: httpx.AsyncClient
):
    asks_of_phones(demo)
    returned(demo, "o7", **PHONE)
    told = (await staff.get(f"{HOME}/returns")).json()
    (group,) = told["returns"][0]["groups"]
    assert told["returns"][0]["marks"] == ["number:o7"]
    assert group["marks"] == ["gtin:04006381333931", "serial:sn77", "sku:tee-m"]
    assert group["sold"] == ["sn77"]
    assert group["guide"] == {"questions": PHONES["questions"], "serial": True, "photo": True}
    order = next(one for one in told["orders"] if one["id"] == "o7")
    assert order["marks"] == ["gtin:04006381333931", "number:o7", "serial:sn77", "sku:tee-m"]


async def test_answers_of_a_guided_look_come_with_the_command(demo: TestShop, staff: httpx.AsyncClient):
    asks_of_phones(demo)
    found = returned(demo, "o7", **PHONE)
    (one,) = RECEIVE["inspections"]
    said = {**RECEIVE, "return_id": found.id, "inspections": [{**one, **LOOK, "parts": False}]}
    assert (await staff.post(f"{HOME}/commands", json=said)).json()["state"] == "taken"
    bare = await staff.post(f"{HOME}/commands", json={**RECEIVE, "id": "command-2", "return_id": found.id})
    assert bare.json()["verdict"] == "already_received"


async def test_look_ups_go_on_where_the_last_ones_ended(demo: TestShop, staff: httpx.AsyncClient):
    returned(demo, "o7")
    after = (await staff.get(f"{HOME}/returns")).json()["after"]
    demo.clock.move(minutes=10)
    again = (await staff.get(f"{HOME}/returns", params={"after": after})).json()
    assert again["after"] == after
    later = returned(demo, "o8")
    demo.clock.move(minutes=10)
    news = (await staff.get(f"{HOME}/returns", params={"after": again["after"]})).json()
    assert later.id in [one["id"] for one in news["returns"]]
    assert news["after"] != after


async def test_many_look_ups_come_in_several_answers(
    demo: TestShop, staff: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    after = (await staff.get(f"{HOME}/returns")).json()["after"]
    found = [returned(demo, f"o{n}") for n in range(5)]
    monkeypatch.setattr("connector.services.look_ups.MOST", 2)
    heard: set[str] = set()
    more = True
    while more:
        answer = (await staff.get(f"{HOME}/returns", params={"after": after})).json()
        heard |= {one["id"] for one in answer["returns"]}
        after, more = answer["after"], answer["more"]
    assert heard == {one.id for one in found}


@pytest.mark.parametrize("after", ["x", "e30=", "W10=", "W1tdLFtdXQ=="])
async def test_a_cursor_of_somebody_else_is_refused(staff: httpx.AsyncClient, after: str):
    assert (await staff.get(f"{HOME}/returns", params={"after": after})).status_code == 422


async def test_each_device_has_its_own_key_and_the_same_one_again(staff: httpx.AsyncClient):
    keys = [
        (await staff.get(f"{HOME}/key", params={"device": name})).json()["key"]
        for name in ("device-1", "device-1", "device-2")
    ]
    assert keys[0] == keys[1] != keys[2]
    assert len(base64.b64decode(keys[0])) == 32
    assert (await staff.get(f"{HOME}/key", params={"device": "../x"})).status_code == 422


@pytest.mark.parametrize("path", ["key?device=device-1", "returns", "commands/x/photo"])
async def test_nothing_is_said_to_who_is_not_signed_in(browser: httpx.AsyncClient, path: str):
    answer = await browser.get(f"{HOME}/{path}", headers={"Accept": "application/json"})
    assert answer.status_code == 401


async def test_a_code_in_a_picture_is_read(staff: httpx.AsyncClient):
    answer = await staff.post(f"{HOME}/scan", content=code("RMA-1234-5678"))
    assert answer.json() == {"codes": ["RMA-1234-5678"]}
    assert (await staff.post(f"{HOME}/scan", content=picture())).json() == {"codes": []}


@pytest.mark.parametrize(("text", "kind"), [("TEE-M", "Code128"), ("4006381333931", "EAN13")])
async def test_labels_of_shelves_and_goods_are_read_too(staff: httpx.AsyncClient, text: str, kind: str):
    assert (await staff.post(f"{HOME}/scan", content=bars(text, kind))).json() == {"codes": [text]}


async def test_what_is_no_picture_or_too_large_a_one_is_refused(staff: httpx.AsyncClient):
    for body in (b"", b"GIF89a", b"\xff\xd8\xff\xe0 no", picture()[:60], picture(size=(6000, 5000))):
        assert (await staff.post(f"{HOME}/scan", content=body)).status_code == 422
    assert (await staff.post(f"{HOME}/scan", content=b"x" * 1_500_001)).status_code == 413


async def test_a_picture_that_says_it_is_huge_is_not_unpacked(staff: httpx.AsyncClient):
    """A few bytes of PNG that would be ten gigabytes of pixels."""
    small = bytearray(picture())
    small[16:24] = (50_000).to_bytes(4, "big") * 2
    import zlib

    small[29:33] = zlib.crc32(bytes(small[12:29])).to_bytes(4, "big")
    assert (await staff.post(f"{HOME}/scan", content=bytes(small))).status_code == 422


async def test_somebody_who_sends_too_many_pictures_waits(staff: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(read_picture, "FRAMES_OF_A_PERSON", 2)
    statuses = [(await staff.post(f"{HOME}/scan", content=picture())).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def at_till(demo: TestShop, browser: httpx.AsyncClient) -> Counter:
    """A shared device with Lee at it."""
    at = counter(demo)
    browser.cookies.set("backhaul_device", at.token)
    browser.cookies.set("backhaul_session", begun(demo, at, at.lee))
    return at


def train(demo: TestShop, at: Counter) -> None:
    owner = sign_in.owner_of(demo.app, demo.shop)
    shared_devices.train(demo.app, demo.shop, by=owner, device_id=at.device.id)


def history(demo: TestShop, return_id: str) -> list[str]:
    return [entry.act for entry in view(demo.app, demo.shop, return_id=return_id).found.history]


@pytest.mark.parametrize("is_training_still", [True, False])
async def test_what_was_practised_is_tried_and_never_taken(
    demo: TestShop, browser: httpx.AsyncClient, is_training_still: bool
):
    found, at = returned(demo, "o7"), at_till(demo, browser)
    if is_training_still:
        train(demo, at)
    said = {**RECEIVE, "return_id": found.id, "training": True}
    for _ in range(2):
        answer = (await browser.post(f"{HOME}/commands", json=said)).json()
        assert (answer["state"], answer["verdict"]) == ("tried", "taken")
    assert history(demo, found.id) == ["opened"]
    assert (await browser.get(f"{HOME}/commands/command-1/state")).status_code == 404
    assert demo.jobs.waiting == {}


async def test_real_work_waits_on_the_device_until_the_training_ends(demo: TestShop, browser: httpx.AsyncClient):
    found, at = returned(demo, "o7"), at_till(demo, browser)
    train(demo, at)
    said = {**RECEIVE, "return_id": found.id}
    refused = await browser.post(f"{HOME}/commands", json=said)
    assert refused.status_code == 403
    assert history(demo, found.id) == ["opened"]
    owner = sign_in.owner_of(demo.app, demo.shop)
    shared_devices.work_again(demo.app, demo.shop, by=owner, device_id=at.device.id)
    assert (await browser.post(f"{HOME}/commands", json=said)).json()["state"] == "taken"


async def test_the_key_says_on_what_terms_a_device_goes_on_alone(demo: TestShop, browser: httpx.AsyncClient):
    at = at_till(demo, browser)
    train(demo, at)
    said = (await browser.get(f"{HOME}/key", params={"device": "device-1"})).json()
    told = {name: said[name] for name in ("person", "lasts", "idle", "training", "way")}
    assert told == {"person": "Lee", "lasts": 14 * 3600, "idle": 300, "training": True, "way": "/shops/demo/shift"}


async def test_a_browser_of_ones_own_goes_on_alone_for_a_day(staff: httpx.AsyncClient):
    said = (await staff.get(f"{HOME}/key", params={"device": "device-1"})).json()
    told = {name: said[name] for name in ("lasts", "idle", "training", "way")}
    assert told == {"lasts": 24 * 3600, "idle": None, "training": False, "way": "/shops/demo/sign-in"}
    assert said["session"]
