"""How a text is spelled."""

import pytest

from bot.spelling import LONGEST, normal, repaired, spaced, unspaced, words_of

KNOWN = {"my", "return", "order", "label"}
MENDABLE = {5: ("label", "order"), 6: ("return",)}


def test_clauses_are_set_apart():
    assert words_of("No, it’s FINE!") == ("no", "|", "it's", "fine", "|")
    assert spaced(words_of("No!")) == " | no | "
    assert unspaced(words_of("はい。そうです!")) == "|はい|そうです|"


def test_case_accents_and_stretched_letters_are_evened_out():
    assert words_of("Ça PLAÎÎÎT zwrócić Größe") == ("ca", "plait", "zwrocic", "grosse")


def test_scripts_are_told_apart_within_a_word():
    assert words_of("QRコードが") == ("qr", "コードが")


def test_what_cannot_be_seen_is_not_read():
    assert normal("re\u200bturn\u202e \x00it") == "return it"
    assert normal("𝓻𝓮𝓽𝓾𝓻𝓷") == "return"
    assert len(normal("ﷺ" * LONGEST)) == LONGEST


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("retrun", ["return"]),
        ("returnn", ["return"]),
        ("myorder", ["my", "order"]),
        ("oder", ["oder"]),
        ("tabel", ["tabel"]),
        ("erturn", ["return"]),
        ("return", ["return"]),
        ("12345", ["12345"]),
    ],
)
def test_a_word_is_mended_where_that_is_sure(word: str, meant: list[str]):
    assert list(repaired(word, known=KNOWN, mendable=MENDABLE)) == meant
