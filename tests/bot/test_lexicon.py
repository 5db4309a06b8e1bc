"""The lexicons are whole: every intent and every value in every language, every entry such that it can be found."""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from bot.lexicon import INTENT, INTENTS, Lexicon, lexicon
from bot.questions import REASONS
from bot.spelling import normal, words_of
from bot.vocabulary import LANGUAGES

SPOKEN = set(INTENTS) - {"inform"}
"""Intents that need words; a bare number or address has none."""
HIGHEST = 6


def document(language: str) -> dict[str, Any]:
    return tomllib.loads((files("bot") / "locales" / f"{language}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lexicon_is_whole(language: str):
    known, english = lexicon(language), lexicon("en")
    assert known.language == language
    assert topics(known, INTENT) == SPOKEN
    assert topics(known, "reason") == set(REASONS) - {"other"}
    for name in ("resolution", "method", "color", "change", "topic", "kind", "remark", "step"):
        assert topics(known, name) == topics(english, name) != set(), name
    assert set(known.commands.values()) == set(english.commands.values())
    assert set(known.aliases.values()) == set(english.aliases.values())
    assert set(known.numbers.values()) == set(range(1, 11))


def topics(known: Lexicon, name: str) -> set[str]:
    return {entry.topic for entry in known.table.entries if entry.name == name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_lexicons_have_the_same_tables(language: str):
    written, english = document(language), document("en")
    assert list(written) == list(english)
    for table in ("beside", "values", "commands", "intents"):
        assert list(written[table]) == list(english[table]), table


def written_entries(language: str) -> Iterator[tuple[str, str]]:
    for intent, weights in document(language)["intents"].items():
        for weight, several in weights.items():
            assert 1 <= int(weight) <= HIGHEST, f"{intent} {weight}"
            yield from ((intent, written) for written in several)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_is_written_twice_for_an_intent(language: str):
    entries = list(written_entries(language))
    assert sorted({f"{one}" for one in entries if entries.count(one) > 1}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_entry_says_enough(language: str):
    for intent, written in written_entries(language):
        tokens = written.split()
        needed = [token for token in tokens if not token.startswith("(")]
        assert len(needed) > 1 or tokens == needed, f"{intent}: {written} may be a single word"
        assert "..." not in {needed[0], needed[-1]}, f"{intent}: {written} has a gap at an end"


TOKEN = re.compile(r"\.\.\.|[|&]|\(?[^()/ ]+(/[^()/ ]+)*\)?")


@pytest.mark.parametrize("language", LANGUAGES)
def test_choices_and_what_may_be_missing_are_single_words(language: str):
    tokens = {token for _, written in written_entries(language) for token in written.split()}
    assert [one for one in sorted(tokens) if not TOKEN.fullmatch(one) or (one[0] == "(") != (one[-1] == ")")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_found_in_a_text_that_says_it(language: str):
    known, groups = lexicon(language), document(language)["groups"]
    for entry in (one for one in known.table.entries if one.name == INTENT):
        text = known.text(words_of(normal(said(entry.written, groups, known=known))))
        assert any(found.entry is entry for found in known.found(text)), f"{entry.topic}: {entry.written} in {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_size_up_and_a_size_down_are_told_apart(language: str):
    known, groups = lexicon(language), document(language)["groups"]
    for entry in (one for one in known.table.entries if one.name == "step"):
        text = known.text(words_of(normal(said(entry.written, groups, known=known))))
        assert known.value("step", text) == entry.topic, f"{entry.written} in {text}"


def said(written: str, groups: dict[str, list[str]], *, known: Lexicon) -> str:
    """A text that has no more than an entry needs."""
    gap = " other " if known.writing.is_spaced else ""
    return "".join(_word(token, groups, gap=gap) for token in written.split())


def _word(token: str, groups: dict[str, list[str]], *, gap: str) -> str:
    if token in {"...", "&"} or token.startswith("("):
        return gap if token == "..." else " "
    first = token.split("/")[0]
    return f" {groups[first[1:-1]][0] if first.startswith('<') else first} ".replace("*", "").replace("|", ".")


def test_a_language_without_a_lexicon_is_read_as_english():
    assert lexicon("tlh").language == "en"
