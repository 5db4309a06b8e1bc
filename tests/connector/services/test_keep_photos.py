"""Photos of what comes back: asked for by a rule, kept without anything but their pixels, seen with the return."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from connector.jobs.catalogue import CATALOGUE
from connector.services import converse, keep_photos
from connector.services.converse import Heard
from connector.services.errors import InvalidInput, NotFound
from connector.services.keep_photos import LONGEST_SIDE, MOST_AT_ONCE, MOST_IN_A_CONVERSATION, redrawn
from connector.storage import photo_store
from tests.connector.services.talking import Shopper, finished
from tests.shops import TestShop, a_shop

RULE = {
    "id": "look",
    "when": {"field": "item.reason", "op": "in", "value": ["defective", "damaged"]},
    "then": {"evidence": ["photo"]},
}
GPS, MAKE, TURNED = 0x8825, 0x010F, 0x0112


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path, rules=[RULE]) as shop:
        yield shop


def photo(size: tuple[int, int] = (40, 30), form: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, form, **more)
    return out.getvalue()


def telling_photo() -> bytes:
    """As a telephone makes it: lying on its side, with where it was taken and by what."""
    said = Image.Exif()
    said[MAKE], said[TURNED] = "Telephone", 6
    said.get_ifd(GPS).update({1: "N", 2: (52.0, 31.0, 12.0)})
    return photo(exif=said)


def asked_for_a_photo(demo: TestShop, reason: str = "damaged") -> Shopper:
    ann = Shopper(demo)
    ann.says("I want to return something from order #1001, ann@example.com")
    for choice in ("item:l1", "quantity:1", f"reason:{reason}"):
        ann.picks(choice)
    return ann


def shows(ann: Shopper, *photos: bytes, id_: str | None = None) -> Any:
    heard = Heard(photos=photos, id=id_)
    ann.turn = converse.say(ann.demo.app, ann.demo.shop, talk=ann.talk, heard=heard)
    return ann.turn


def test_a_photo_is_asked_for_where_a_rule_says_so_and_stands_with_the_return(demo: TestShop):
    ann = asked_for_a_photo(demo)
    assert (ann.asked, ann.turn["ask"]["for"], ann.choices) == ("evidence", "l1", ["evidence:none", "back", "human"])
    shows(ann, photo(), photo(form="PNG"))
    assert (ann.keys[0], ann.asked) == ("photo_kept", "resolution")
    rma = finished(ann)
    shown = keep_photos.of_return(demo.app, demo.shop, return_id=rma)
    assert [(one.line_id, one.width, one.height) for one in shown] == [("l1", 40, 30)] * 2
    body = keep_photos.picture(demo.app, demo.shop, return_id=rma, photo_id=shown[0].id)
    assert Image.open(io.BytesIO(body)).format == "JPEG"
    with pytest.raises(NotFound):
        keep_photos.picture(demo.app, demo.shop, return_id="RMA-OTHER", photo_id=shown[0].id)


def test_no_photo_is_asked_for_where_no_rule_does(demo: TestShop):
    assert asked_for_a_photo(demo, "style").asked == "resolution"


@pytest.mark.parametrize("words", ["I have no photo", "1", "no"])
def test_who_has_no_photo_goes_on_without(demo: TestShop, words: str):
    ann = asked_for_a_photo(demo)
    ann.says(words)
    assert ann.asked == "resolution"
    assert keep_photos.of_return(demo.app, demo.shop, return_id=finished(ann)) == ()


def test_a_photo_that_nobody_asked_for_is_not_kept_and_that_is_said(demo: TestShop):
    ann = asked_for_a_photo(demo, "style")
    shows(ann, photo())
    assert (ann.keys[0], ann.asked) == ("photo_not_asked", "resolution")
    with demo.app.database.read(demo.shop) as unit:
        assert photo_store.count(unit, ann.talk.conversation_id) == 0


def test_the_same_photo_sent_twice_is_kept_once(demo: TestShop):
    ann = asked_for_a_photo(demo)
    assert shows(ann, photo(), id_="once") == shows(ann, photo(), id_="once")
    with demo.app.database.read(demo.shop) as unit:
        assert photo_store.count(unit, ann.talk.conversation_id) == 1


def test_the_transcript_says_how_many_photos_and_shows_none(demo: TestShop):
    ann = asked_for_a_photo(demo)
    shows(ann, photo())
    turns: Any = converse.transcript(demo.app, demo.shop, conversation_id=ann.talk.conversation_id)["turns"]
    assert {"n": turns[-2]["n"], "from": "shopper", "photos": 1} == turns[-2]


def test_a_photo_keeps_nothing_but_what_it_shows_and_stands_upright():
    given = telling_photo()
    assert b"Telephone" in given
    (kept,) = redrawn([given])
    drawn = Image.open(io.BytesIO(kept.body))
    assert (kept.width, kept.height) == drawn.size == (30, 40)
    assert (dict(drawn.getexif()), drawn.info.get("exif"), b"Telephone" in kept.body) == ({}, None, False)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_large_photo_is_made_smaller(form: str):
    (kept,) = redrawn([photo((3000, 1500), form)])
    assert (kept.width, kept.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(40),
        photo(form="GIF"),
        photo(form="TIFF"),
        photo()[:200],
        b"\xff\xd8\xff" + bytes(2000),
        b"RIFF" + bytes(400),
        photo(form="PNG")[:60],
        bytes(9_000_000),
    ],
)
def test_what_is_no_photo_is_refused(given: bytes):
    with pytest.raises(InvalidInput):
        redrawn([given])


def test_a_small_file_that_unfolds_into_a_huge_picture_is_not_unfolded():
    with pytest.raises(InvalidInput):
        redrawn([photo((20_000, 4_000), "PNG")])


def test_there_are_so_many_photos_and_no_more(demo: TestShop):
    ann = asked_for_a_photo(demo)
    for _ in range(MOST_IN_A_CONVERSATION // MOST_AT_ONCE):
        shows(ann, *[photo()] * MOST_AT_ONCE)
        ann.picks("back")
    with pytest.raises(InvalidInput):
        shows(ann, photo())
    with pytest.raises(InvalidInput):
        redrawn([photo()] * (MOST_AT_ONCE + 1))


def test_photos_are_forgotten_a_year_after_they_came(demo: TestShop):
    ann = asked_for_a_photo(demo)
    shows(ann, photo())
    rma = finished(ann)
    demo.clock.move(days=366)
    CATALOGUE["forget_old"](demo.app, demo.shop, step=lambda _, act: act(), payload={})
    assert keep_photos.of_return(demo.app, demo.shop, return_id=rma) == ()
