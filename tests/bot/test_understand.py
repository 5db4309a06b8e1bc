"""What a text means by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lexicon import INTENTS
from bot.understand import understand


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I'd like to send these shoes back", "start_return"),
        ("can we swap that for a larger size", "start_exchange"),
        ("did you get my return yet? what is the status of my return", "return_status"),
        ("how many days are there to send something back", "check_policy"),
        ("the lamp stopped working", "report_defect"),
        ("this is not what I ordered", "wrong_item"),
        ("the trousers are too tight", "size_fit"),
        ("I changed my mind", "changed_mind"),
        ("where's my order?", "order_status"),
        ("can I get a voucher", "store_credit"),
        ("what is the return address", "where_to_return"),
        ("I cannot print the label", "label_problem"),
        ("please cancel my return, I keep it", "cancel_return"),
        ("cancel my order please", "cancel_order"),
        ("let me talk to someone", "talk_to_human"),
        ("good morning", "greeting"),
        ("thank you!", "thanks_bye"),
        ("yep", "affirm"),
        ("nope", "deny"),
        ("is this product recalled", "recall_question"),
        ("#1001", "inform"),
        ("ann@example.com", "inform"),
        ("do you sell umbrellas", "out_of_scope"),
    ],
)
def test_every_intent_can_be_meant(text: str, intent: str):
    assert understand(text).intent == intent


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
        ("I want to return it", None),
    ],
)
def test_a_reason_is_read(text: str, reason: str | None):
    assert understand(text).reason == reason


def test_a_typing_mistake_is_mended_in_long_words_only():
    assert understand("I want to retunr it").intent == "start_return"
    assert understand("exchnage please").intent == "start_exchange"
    assert understand("hu").intent == "out_of_scope"


def test_a_negation_takes_back_what_follows_in_its_clause():
    assert understand("I don't want to return it").intent != "start_return"
    assert understand("no, I want to return it").intent == "start_return"


def test_small_words_are_meant_only_when_nothing_else_is():
    reading = understand("hello, yes, I want to return this, thanks")
    assert reading.intent == "start_return"
    assert {"affirm"} <= set(reading.alternatives)


def test_several_readings_are_told():
    reading = understand("it arrived damaged, I want to return it, where is my label")
    assert {"report_defect", "start_return", "label_problem"} == {reading.intent, *reading.alternatives}


def test_what_is_about_as_likely_is_close():
    assert understand("cancel").close == ("cancel_order",)
    assert understand("cancel my order").close == ()


def test_the_answer_has_the_contracts_form():
    assert understand("return order #1001, too small", "de").document() == {
        "intent": "size_fit",
        "alternatives": ["start_return"],
        "confidence": 0.9,
        "lang": "en",
        "reason": "size_too_small",
        "slots": {"order_number": "1001"},
    }


@given(st.text())
def test_any_text_is_understood_somehow(text: str):
    reading = understand(text)
    assert reading.intent in INTENTS
    assert 0 <= reading.confidence <= 1
