"""Which languages a text may be written in."""

import pytest

from bot.language import languages_of
from bot.spelling import words_of


def languages(text: str, wanted: str | None = None) -> tuple[str, ...]:
    return languages_of(text, words_of(text), wanted=wanted)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("返品したい", "ja"),
        ("退货", "zh"),
        ("반품", "ko"),
        ("können wir das", "de"),
        ("czy można", "pl"),
        ("não sei", "pt"),
    ],
)
def test_script_words_and_letters_tell_a_language(text: str, language: str):
    assert languages(text)[0] == language


def test_the_wanted_language_is_read_where_it_may_be_that():
    assert languages("ok", "it")[0] == "it"
    assert "en" in languages("yes please", "de")
    assert languages("where is my order", "ko") == ("en",)
    assert languages("wo ist denn meine Bestellung", "en")[0] == "de"


def test_nothing_that_is_known_is_english():
    assert languages("Где мой заказ") == ("en",)
    assert languages("", "xx") == ("en",)
