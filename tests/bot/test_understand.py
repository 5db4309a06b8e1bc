"""What a text means by itself."""

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lexicon import INTENTS, LANGUAGES
from bot.understand import understand

SENTENCES = tomllib.loads((Path(__file__).with_name("sentences.toml")).read_text(encoding="utf-8"))
LABELLED = [
    (language, intents, text)
    for language, table in SENTENCES.items()
    for intents, texts in table.items()
    for text in texts
]


@pytest.mark.parametrize(("language", "intents", "text"), LABELLED, ids=lambda value: str(value)[:60])
def test_a_sentence_is_understood(language: str, intents: str, text: str):
    assert understand(text, language).intent in intents.split(" + ")


def test_the_sentences_have_every_language_and_every_intent():
    assert set(SENTENCES) == set(LANGUAGES)
    assert all(set(INTENTS) <= set(table) for table in SENTENCES.values())
    assert len(LABELLED) >= 900


@pytest.mark.parametrize(("language", "intents", "text"), LABELLED[::5], ids=lambda value: str(value)[:60])
def test_a_sentence_is_mostly_read_in_its_language_unasked(language: str, intents: str, text: str):
    if len(text) >= 25:
        assert understand(text).lang == language


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("it is too small", "size_too_small"),
        ("they were too loose", "size_too_large"),
        ("it arrived broken", "damaged"),
        ("it's broken", "defective"),
        ("the colour is different", "color"),
        ("two parts are missing", "missing_parts"),
        ("it arrived late", "late"),
        ("Die Hose ist zu eng", "size_too_small"),
        ("il vaso è arrivato rotto", "damaged"),
        ("サイズが小さすぎました", "size_too_small"),
        ("拉链坏了", "defective"),
        ("I want to return it", None),
        ("it is not broken", None),
    ],
)
def test_a_reason_is_read(text: str, reason: str | None):
    assert understand(text).reason == reason


@pytest.mark.parametrize(
    ("text", "color"),
    [("the blue one", "blue"), ("not the red, the gray one", "grey"), ("die rote", "red"), ("青いのがいい", "blue")],
)
def test_a_colour_is_read(text: str, color: str):
    assert understand(text).slots.color == color


def test_a_typing_mistake_is_mended_in_long_words_only():
    assert understand("I want to retunr it").intent == "start_return"
    assert understand("exchnage please").intent == "start_exchange"
    assert understand("hu").intent == "out_of_scope"


def test_words_run_together_are_taken_apart():
    assert understand("what is your returnpolicy").intent == "check_policy"


def test_compounds_are_read():
    assert understand("Wo ist die Paketsendungsverfolgung?", "de").intent == "order_status"
    assert understand("Retourenlabel fehlt", "de").intent == "label_problem"


def test_accents_case_and_stretched_letters_do_not_matter():
    assert understand("QUIERO UNA DEVOLUCION", "es").intent == "start_return"
    assert understand("Ich moechte das zurueckschicken", "de").intent == "start_return"
    assert understand("thaaaanks").intent == "thanks_bye"


def test_a_negation_takes_back_what_follows_in_its_clause():
    assert understand("I never said return").intent != "start_return"
    assert understand("no, I want to return it").intent == "start_return"
    assert understand("返品しません").intent == "cancel_return"


def test_small_words_are_meant_only_when_nothing_else_is():
    reading = understand("hello, yes, I want to return this, thanks")
    assert reading.intent == "start_return"
    assert {"affirm"} <= set(reading.alternatives)
    assert understand("hello, do you sell umbrellas").intent == "out_of_scope"


def test_several_readings_are_told():
    reading = understand("it arrived damaged, I want to return it, where is my label")
    assert {"report_defect", "start_return", "label_problem"} <= {reading.intent, *reading.alternatives}


def test_what_is_only_hinted_at_is_offered_and_not_acted_on():
    reading = understand("the parcel of my neighbour")
    assert (reading.intent, reading.alternatives) == ("out_of_scope", ("order_status",))


def test_what_is_about_as_likely_is_close():
    assert understand("cancel").close == ("cancel_return",)
    assert understand("cancel my order").close == ()
    assert understand("stornieren", "de").close == ("cancel_return",)


def test_an_order_asked_about_beside_a_refund_is_about_the_refund():
    assert understand("my parcel has not arrived, I want a refund").intent == "start_return"


def test_what_stands_after_a_correction_counts_first():
    assert understand("order 1001, sorry, order 2002").slots.order_number == "2002"
    assert understand("the red one, I mean the blue one").slots.color == "blue"
    reading = understand("I want to return it, no wait, I want to exchange it")
    assert (reading.intent, reading.alternatives[0]) == ("start_exchange", "start_return")
    assert understand("where is my order? sorry for asking").intent == "order_status"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wo ist mein Paket?", "de"),
        ("Where is my parcel?", "en"),
        ("où est mon colis ?", "fr"),
        ("¿dónde está mi pedido?", "es"),
        ("dov'è il mio pacco?", "it"),
        ("waar is mijn pakket?", "nl"),
        ("onde está minha encomenda?", "pt"),
        ("gdzie jest moja paczka?", "pl"),
        ("荷物はどこですか", "ja"),
        ("我的包裹在哪里", "zh"),
        ("택배 어디예요", "ko"),
    ],
)
def test_the_language_is_found(text: str, language: str):
    assert understand(text).lang == language
    assert understand(text, "en").lang == language
    assert understand(text).intent == "order_status"


def test_two_languages_in_one_text_are_both_read():
    reading = understand("hallo, ich möchte meine Bestellung zurückschicken because it is broken", "de")
    assert {"start_return", "report_defect"} <= {reading.intent, *reading.alternatives}


def test_the_answer_has_the_contracts_form():
    assert understand("return order #1001, too small").document() == {
        "intent": "size_fit",
        "alternatives": ["start_return"],
        "confidence": 1.0,
        "lang": "en",
        "reason": "size_too_small",
        "slots": {"order_number": "1001"},
    }


STRANGE = [
    "\x00",
    "\u202eabc\u202c",
    "🎉" * 700,
    "ﷺ" * 300,
    "a" * 2000,
    "返" * 2000,
    "\u200d",
    "ı̇" * 500,
    "return " * 300,
]


@pytest.mark.parametrize("text", STRANGE, ids=ascii)
def test_strange_texts_are_read_in_time(text: str):
    understand(text)
    started = time.thread_time()
    understand(text)
    assert time.thread_time() - started < 0.1


@given(st.text(), st.sampled_from([*LANGUAGES, "tlh", None]))
def test_any_text_is_understood_somehow(text: str, language: str | None):
    reading = understand(text, language)
    assert reading.intent in INTENTS
    assert 0 <= reading.confidence <= 1
