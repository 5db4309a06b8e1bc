"""What a shopper writes where a rule asks for it stands with the return, for staff, and goes when the person does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.services.follow_return import view
from tests.connector.services.talking import Shopper, finished
from tests.shops import TestShop, a_shop

RULE = {
    "id": "tell",
    "when": {"field": "item.reason", "op": "in", "value": ["defective", "damaged"]},
    "then": {"evidence": ["note"]},
}
WORDS = "Two seams are open, and 3 buttons came off."


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path, rules=[RULE]) as shop:
        yield shop


def asked_for_a_note(demo: TestShop, reason: str = "damaged") -> Shopper:
    ann = Shopper(demo)
    ann.says("I want to return something from order #1001, ann@example.com")
    for choice in ("item:l1", "quantity:1", f"reason:{reason}"):
        ann.picks(choice)
    return ann


def note_of(demo: TestShop, rma: str) -> str:
    return view(demo.app, demo.shop, return_id=rma).found.groups[0].note


def test_a_note_is_asked_for_where_a_rule_says_so_and_stands_with_the_return(demo: TestShop):
    ann = asked_for_a_note(demo)
    assert ann.asked == "note"
    ann.says(WORDS)
    assert ann.asked == "resolution"
    assert note_of(demo, finished(ann)) == WORDS


def test_a_card_number_is_no_note(demo: TestShop):
    ann = asked_for_a_note(demo)
    ann.says("My card is 4111 1111 1111 1111")
    assert ann.asked == "note"
    ann.says(WORDS)
    assert note_of(demo, finished(ann)) == WORDS


def test_no_note_is_asked_for_where_no_rule_does(demo: TestShop):
    assert asked_for_a_note(demo, "style").asked == "resolution"


@pytest.mark.parametrize("words", ["I have nothing to add", "no"])
def test_who_has_nothing_to_add_goes_on_without(demo: TestShop, words: str):
    ann = asked_for_a_note(demo)
    ann.says(words)
    assert ann.asked == "resolution"
    assert note_of(demo, finished(ann)) == ""
