"""Every language says everything, with the same names in it and never the same twice in a row."""

import string
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po

from bot.buttons import LABELS
from bot.replies import SENTENCES
from bot.signs import SIGNS
from bot.voice import SPOKEN, spoken, voice
from connector.services.follow_return import NEXT_STEPS, STATUS_WORDS
from domain.refusals import HELD, REFUSED

SAID = {
    *(wording for wordings in SENTENCES.values() for wording in wordings),
    *LABELS.values(),
    *SIGNS.values(),
    *REFUSED.values(),
    *HELD.values(),
    *STATUS_WORDS.values(),
    *NEXT_STEPS.values(),
}
TRANSLATED = SPOKEN[1:]


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def catalogue(language: str) -> dict[str, str]:
    with (files("bot") / "catalogues" / f"{language}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_every_sentence_and_no_other(language: str):
    said = catalogue(language)
    assert SAID - set(said) == set()
    assert set(said) - SAID == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_takes_the_names_of_its_sentence(language: str):
    wrong = {sentence: text for sentence, text in catalogue(language).items() if names(text) != names(sentence)}
    assert wrong == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_wordings_of_a_sentence_differ_in_every_language(language: str):
    say = voice(language)
    same = {key for key, wordings in SENTENCES.items() if len({say(one) for one in wordings}) < len(wordings)}
    assert same == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_percent_brings_its_own_sign(language: str):
    assert {sentence for said in catalogue(language).items() for sentence in said if "%" in sentence} == set()


@pytest.mark.parametrize("day", ["8 novembre 2026", "11 novembre 2026"])
def test_no_italian_article_stands_before_a_day_that_may_begin_with_a_vowel(day: str):
    say = voice("it")
    told = [say(one).format(day=day) for one in SENTENCES["order_since"]]
    told.append(say(REFUSED["window_closed"]).format(last=day))
    assert told == [f"Data: {day}.", f"Giorno: {day}.", f"Il termine per restituirlo era: {day}."]


def test_no_italian_article_stands_before_a_percent_that_may_begin_with_a_vowel():
    before = {text.partition("{percent}")[0].casefold() for text in catalogue("it").values() if "{percent}" in text}
    assert {text for text in before if text.endswith(("il ", "del ", "al ", "l’"))} == set()


def test_english_is_said_as_it_is_written():
    assert voice("en")("Hello!") == "Hello!"


def test_what_a_catalogue_lacks_is_said_in_english():
    assert voice("de")("A sentence of next year.") == "A sentence of next year."


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("de", "de"), ("pt-BR", "pt"), ("zh_Hant", "zh"), ("DE-at", "de"), ("tlh", "en"), ("", "en"), (None, "en")],
)
def test_who_wants_a_language_gets_it_or_english(wanted: str | None, language: str):
    assert spoken(wanted) == language
