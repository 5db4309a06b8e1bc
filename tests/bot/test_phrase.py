"""How an entry of a lexicon is written, and what it finds."""

import pytest

from bot.phrase import Phrasing, grams_of
from bot.spelling import spaced, unspaced, words_of

GROUPS = {"back": ("send back", "return*"), "thing": ("it", "shoes")}


def finds(written: str, text: str) -> bool:
    wanted, said = Phrasing(GROUPS, is_spaced=True).phrase(written), spaced(words_of(text))
    found = any(True for _ in wanted.matches(said))
    assert not found or wanted.may_be_in(grams_of(said, is_spaced=True))
    return found


@pytest.mark.parametrize(
    ("written", "found", "missed"),
    [
        ("my order", "where is my order", "my last order"),
        ("return*", "is it returnable", "unreturned"),
        ("*label*", "das Rücklabel fehlt", "lab el"),
        ("send/give back", "give back", "send it back"),
        ("cancel (my) order", "cancel order", "cancel that order"),
        ("<back> <thing>", "returning shoes", "return the shoes"),
        ("want (<thing>) gone", "want gone", "want them gone"),
        ("send ... back", "send the old grey shoes back", "send it. back"),
        ("| right |", "right. thanks", "right shoe"),
        ("money & <thing>", "it is about money", "money only"),
    ],
)
def test_an_entry_finds_what_it_says(written: str, found: str, missed: str):
    assert finds(written, found)
    assert not finds(written, missed)


def test_without_spaces_an_entry_is_found_anywhere_in_its_clause():
    wanted, said = (
        Phrasing({}, is_spaced=False).phrase("返品 ... キャンセル"),
        unspaced(words_of("昨日の返品をキャンセルしたい")),
    )
    assert any(True for _ in wanted.matches(said))
    assert wanted.may_be_in(grams_of(said, is_spaced=False))
    assert not any(True for _ in wanted.matches(unspaced(words_of("返品したい。キャンセル"))))


@pytest.mark.parametrize("missing", ["send my shoes", "give it back", "is that all"])
def test_what_lacks_a_word_of_a_phrase_is_not_looked_through(missing: str):
    wanted = Phrasing(GROUPS, is_spaced=True).phrase("send ... (my) back")
    assert not wanted.may_be_in(grams_of(spaced(words_of(missing)), is_spaced=True))
