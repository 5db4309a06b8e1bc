"""What was promised of texts that customers wrote, where they are at hand; their folder is named from outside."""

import random
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from bot.understand import Reading, understand
from tests.evaluation import rows

Row = dict[str, Any]


@pytest.fixture(scope="module")
def read() -> list[tuple[Row, Reading]]:
    return [(row, understand(row["text"], row["lang"])) for row in rows("utterances.jsonl")]


def is_right(row: Row, intent: str) -> bool:
    return intent == row["intent"] or intent in row["also"]


def share(values: Iterable[bool]) -> float:
    counted = list(values)
    return sum(counted) / len(counted)


def test_most_texts_are_understood(read: list[tuple[Row, Reading]]):
    assert share(is_right(row, one.intent) for row, one in read) >= 0.88


def test_what_is_outside_is_left_alone(read: list[tuple[Row, Reading]]):
    outside = [(row, one) for row, one in read if row["intent"] == "out_of_scope"]
    assert share(is_right(row, one.intent) for row, one in outside) >= 0.90
    assert share(not is_right(row, one.intent) and one.intent != "out_of_scope" for row, one in read) <= 0.06


def test_what_is_meant_is_offered(read: list[tuple[Row, Reading]]):
    inside = [(row, one) for row, one in read if row["intent"] != "out_of_scope"]
    offered = [(row, (one.intent, *one.alternatives[:2])) for row, one in inside]
    assert share(any(is_right(row, intent) for intent in intents) for row, intents in offered) >= 0.94


@pytest.mark.parametrize("language", ["de", "nl", "ko", "fr", "zh", "pt"])
def test_no_language_is_left_behind(read: list[tuple[Row, Reading]], language: str):
    assert share(is_right(row, one.intent) for row, one in read if row["lang"] == language) >= 0.75


@pytest.mark.parametrize("intent", ["talk_to_human", "cancel_return", "deny"])
def test_what_must_not_be_missed_is_not(read: list[tuple[Row, Reading]], intent: str):
    assert share(is_right(row, one.intent) for row, one in read if row["intent"] == intent) >= 0.95


def test_order_numbers_and_addresses_are_found():
    found = [(row["slots"], understand(row["text"], row["lang"]).slots) for row in rows("slots.jsonl")]
    assert share(one.order_number == slots["order_number"] for slots, one in found if "order_number" in slots) >= 0.97
    assert share(one.order_number is not None for slots, one in found if "order_number" not in slots) <= 0.08
    assert share(one.email == slots["email"] for slots, one in found if "email" in slots) >= 0.99


def typing_mistakes(text: str, chance: random.Random) -> str:
    return " ".join(_mistyped(word, chance) if chance.random() < 0.15 else word for word in text.split(" "))


def _mistyped(word: str, chance: random.Random) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    at = chance.randrange(len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return chance.choice([swapped, word[:at] + word[at + 1 :], word[: at + 1] + word[at:]])


def any_case(text: str, chance: random.Random) -> str:
    return chance.choice([text.upper(), text.lower(), text.title()])


def no_accents(text: str, chance: random.Random) -> str:
    if any(sign >= "\u2e80" for sign in text):
        return text
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if unicodedata.category(sign) != "Mn")


def run_on_words(text: str, chance: random.Random) -> str:
    return "".join("" if sign == " " and chance.random() < 0.15 else sign for sign in text)


@pytest.mark.parametrize("spoil", [typing_mistakes, any_case, no_accents, run_on_words])
def test_careless_typing_costs_little(read: list[tuple[Row, Reading]], spoil: Callable[[str, random.Random], str]):
    chance = random.Random(6)
    spoilt = [(row, understand(spoil(row["text"], chance), row["lang"])) for row, _ in read]
    clean = share(is_right(row, one.intent) for row, one in read)
    assert share(is_right(row, one.intent) for row, one in spoilt) >= clean - 0.08
