"""A declaration of withdrawal needs no set form: it begins a return, what only speaks of withdrawing does not."""

import tomllib
from pathlib import Path

import pytest

from bot.conversation import Conversation
from bot.inputs import Said, Started
from bot.understand import understand
from bot.vocabulary import LANGUAGES
from tests.bot.world import World

SENTENCES = tomllib.loads((Path(__file__).with_name("withdrawals.toml")).read_text(encoding="utf-8"))


def those(name: str) -> pytest.MarkDecorator:
    """The sentences of one kind in every language."""
    told = [(language, text) for language, table in SENTENCES.items() for text in table[name]]
    return pytest.mark.parametrize(("language", "text"), told)


def begun_with(text: str, language: str) -> Conversation:
    """A conversation whose first sentence it is."""
    world = World(conversation=Conversation(language=language))
    world.hears(Started())
    world.hears(Said(text))
    return world.conversation


def test_the_sentences_have_every_language():
    assert set(SENTENCES) == set(LANGUAGES)


@those("declared")
def test_who_declares_it_begins_a_withdrawal(language: str, text: str):
    begun = begun_with(text, language)
    assert (begun.flow, begun.value("kind")) == ("start_return", "withdrawal")
    assert understand(text, language).intent == "start_return"


@pytest.mark.parametrize(
    "text", ["ich widerrufe", "je me rétracte", "desisto", "recedo", "Desisto do contrato de 3 de novembro"]
)
def test_it_is_heard_in_another_language_than_the_page_has(text: str):
    assert begun_with(text, "en").value("kind") == "withdrawal"


@those("asked")
def test_who_asks_about_it_is_told_the_rules(language: str, text: str):
    begun = begun_with(text, language)
    assert (begun.flow, begun.value("kind")) == (None, None)
    assert understand(text, language).intent == "check_policy"


@those("denied")
def test_who_does_not_want_it_begins_nothing(language: str, text: str):
    begun = begun_with(text, language)
    assert (begun.flow, begun.value("kind")) == (None, None)


@those("called_off")
def test_who_withdraws_a_return_calls_it_off(language: str, text: str):
    begun = begun_with(text, language)
    assert (begun.flow, begun.value("kind")) == ("cancel_return", None)


@those("order")
def test_who_cancels_an_order_withdraws_from_nothing(language: str, text: str):
    begun = begun_with(text, language)
    assert (begun.flow, begun.value("kind")) == ("cancel_order", None)


@those("other")
def test_who_withdraws_something_else_begins_no_return(language: str, text: str):
    begun = begun_with(text, language)
    assert begun.value("kind") is None
    assert begun.flow != "start_return"
