"""The lexicons are whole: every intent, every value known, every language with the same tables."""

import tomllib
from importlib.resources import files

import pytest

from bot.lexicon import INTENTS, LANGUAGES, lexicon, padded, words_of
from bot.questions import REASONS

SPOKEN = set(INTENTS) - {"inform", "out_of_scope"}
"""Intents that need words; the other two are what is left."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lexicon_is_whole(language: str):
    known = lexicon(language)
    assert known.language == language
    assert set(known.intents) == SPOKEN
    assert {phrase.meaning for phrase in known.values["reason"]} <= set(REASONS)
    assert {phrase.meaning for phrase in known.values["resolution"]} == {"refund", "store_credit", "exchange"}
    assert {phrase.meaning for phrase in known.values["method"]} == {"mail", "drop_off", "store"}
    assert set(known.commands.values()) == {"human", "back", "start_over", "done"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_found_in_a_text_that_says_it(language: str):
    document = tomllib.loads((files("bot") / "locales" / f"{language}.toml").read_text(encoding="utf-8"))
    known = lexicon(language)
    for name, table in document["intents"].items():
        for written, phrase in zip(table, known.intents[name], strict=True):
            said = written.replace("*", "xx").replace(" ... ", " some other words ").replace(" & ", " and so ")
            assert phrase.found_in(padded(words_of(f"well {said} there"))), written


def test_a_language_without_a_lexicon_is_read_as_english():
    assert lexicon("tlh").language == "en"


def test_clauses_are_set_apart():
    assert words_of("No, it’s FINE!") == ["no", "|", "it's", "fine", "|"]
