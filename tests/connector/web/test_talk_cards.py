"""The card of a return as it is shown: its stages as of now, and its number as a code."""

from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from bot.signs import SIGNS
from connector.services.label_return import give_label
from connector.web import journey
from connector.web.talk_cards import code_of, shown
from tests.connector.services.talking import Shopper, to_summary
from tests.shops import SAM, TestShop

MODULE = 8


@pytest.fixture
def opened(demo: TestShop) -> Any:
    ann = Shopper(demo, language="de")
    to_summary(ann)
    return ann.picks("confirm:yes")


def test_a_return_is_shown_with_its_stages_in_the_shoppers_language(demo: TestShop, opened: Any):
    card = shown(demo.app, demo.shop, {**opened, "language": "de"})["card"]
    stages = [(one["title"], one["state"]) for one in card["timeline"]]
    assert stages == [
        ("Rücksendung angemeldet", "done"),
        ("Artikel zurücksenden", "now"),
        ("Der Shop rechnet ab", "next"),
    ]
    assert card["timeline"][0]["at"]


def test_its_label_is_on_it_once_there_is_one(demo: TestShop, opened: Any):
    assert shown(demo.app, demo.shop, opened)["card"]["label_at"] is None
    number, label = opened["card"]["return"], "https://labels.example/1.pdf"
    give_label(demo.app, demo.shop, return_id=number, address=label, actor=SAM, key="label")
    assert shown(demo.app, demo.shop, opened)["card"]["label_at"] == label


def test_its_code_is_its_number(opened: Any):
    code = code_of(opened["card"]["return"])
    assert [one.text for one in zxingcpp.read_barcodes(drawn(code))] == [opened["card"]["return"]]


def drawn(code: Any) -> Image.Image:
    """The path as a browser draws it: rows of dark modules, each a line of width one."""
    picture = Image.new("L", (code["size"] * MODULE,) * 2, 255)
    pen = ImageDraw.Draw(picture)
    x = y = 0.0
    for command, values in commands(code["path"]):
        if command in "Mm":
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
        else:
            left, right = x * MODULE, (x + values[0]) * MODULE - 1
            pen.rectangle([left, (y - 0.5) * MODULE, right, (y + 0.5) * MODULE - 1], fill=0)
            x += values[0]
    return picture


def commands(path: str) -> list[tuple[str, list[float]]]:
    found: list[tuple[str, list[float]]] = []
    word = ""
    for sign in path + "M":
        if sign in "Mmh" and word:
            found.append((word[0], [float(one) for one in word[1:].replace("-", " -").split()]))
            word = ""
        word += sign
    return found


def test_what_is_no_return_is_shown_as_it_is(demo: TestShop):
    turn = {"card": {"kind": "summary", "quote": {}}, "language": "en"}
    assert shown(demo.app, demo.shop, turn) == turn
    unknown = {"card": {"kind": "status", "return": "RMA-NONE-NONE", "link": "x"}}
    assert shown(demo.app, demo.shop, unknown) == unknown


def test_every_stage_has_words_in_every_language():
    plans = {words for way in (*journey.SEND.values(), journey.ON_ITS_WAY) for words in way[:1]}
    assert plans <= set(SIGNS.values())
