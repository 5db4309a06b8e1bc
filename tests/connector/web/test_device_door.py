"""The door for devices of the counter."""

import base64
import io
from typing import Any

import httpx
import pytest
import segno
import zxingcpp
from PIL import Image

from connector.services import read_picture
from connector.services.settle_conflict import waiting
from tests.connector.services.devices import returned
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
