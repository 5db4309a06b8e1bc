"""Which languages a text may be written in."""

import pytest

from bot.language import language_kept, languages_of
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


@pytest.mark.parametrize(
    ("text", "so_far", "kept"),
    [
        ("Wo ist denn meine Bestellung?", "en", "de"),
        ("quiero devolver los zapatos", "de", "es"),
        ("返品したいです", "en", "ja"),
        ("반품하고 싶어요", "pl", "ko"),
        ("退货", "en", "zh"),
        ("返品", "ja", "ja"),
        ("where is my order", "zh", "en"),
        ("ok", "de", "de"),
        ("no", "it", "it"),
        ("1001 ann@should-have-been.example", "de", "de"),
        ("hallo, ich will das zurückschicken because it is broken", "de", "de"),
        ("Где мой заказ", "fr", "fr"),
        ("", "nl", "nl"),
    ],
)
def test_a_conversation_stays_in_its_language_until_another_is_clearly_written(text: str, so_far: str, kept: str):
    assert language_kept(text, so_far=so_far, names=()) == kept


def test_a_products_name_is_no_change_of_language():
    text = "The long black one with the hood"
    assert language_kept(text, so_far="de", names=()) == "en"
    assert language_kept(text, so_far="de", names=words_of(text)) == "de"
