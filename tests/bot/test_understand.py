"""What a text means by itself."""

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lexicon import INTENTS
from bot.understand import understand
from bot.vocabulary import LANGUAGES


def labelled(name: str) -> dict[str, Any]:
    """A file of sentences with what they mean."""
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


SENTENCES, REASONS, CANCELLED = (labelled(f"{name}.toml") for name in ("sentences", "reasons", "cancelled"))
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
    ("language", "reason", "text"),
    [(lang, reason, text) for lang, table in REASONS.items() for reason, texts in table.items() for text in texts],
)
def test_a_reason_is_read_in_any_language_and_a_shoppers_own_mistake_is_no_fault(language: str, reason: str, text: str):
    assert understand(text, language).reason == (None if reason == "none" else reason)


@pytest.mark.parametrize(("language", "text"), [(lang, text) for lang, texts in CANCELLED.items() for text in texts])
def test_what_is_called_off_without_a_name_may_be_an_order_or_a_return(language: str, text: str):
    reading = understand(text, language)
    assert {reading.intent, *reading.close} == {"cancel_order", "cancel_return"}


def test_what_a_shopper_chose_wrongly_is_a_change_of_mind():
    assert understand("I ordered the wrong item").reason == "changed_mind"
    assert understand("I ordered a lamp and got the wrong item").reason == "wrong_item"


def test_what_was_extracted_breaks_no_phrase():
    assert understand("cancel 1003").close == understand("cancel").close
    assert understand("Ich widerrufe 1003", "de").kind == "withdrawal"
    assert understand("yes 1003").words == " | yes 1003 | "


def test_whoever_asks_who_answers_is_not_handed_over():
    reading = understand("are you a bot?")
    assert reading.intent == "out_of_scope"
    assert [found.entry.topic for found in reading.found] == ["out_of_scope"]
    assert understand("I want a human. Are you a bot?").intent == "talk_to_human"


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


def test_a_negation_takes_back_nothing_that_begins_the_next_clause():
    assert understand("du verstehst mich nicht, Mensch bitte", "de").intent == "talk_to_human"


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("我要退貨", "我要退货"),
        ("我的包裹在哪裡", "我的包裹在哪里"),
        ("不需要謝謝", "不需要谢谢"),
        ("請轉人工", "请转人工"),
    ],
)
def test_traditional_signs_are_read_as_the_simplified_ones(traditional: str, simplified: str):
    assert understand(traditional).document() == understand(simplified).document()


def test_small_words_are_meant_only_when_nothing_else_is():
    reading = understand("hello, yes, I want to return this, thanks")
    assert reading.intent == "start_return"
    assert {"affirm"} <= set(reading.alternatives)
    assert understand("hello, do you sell umbrellas").intent == "out_of_scope"


def test_what_is_wished_last_counts_of_keeping_and_returning():
    assert understand("I wanted to keep it, but I want to return it now").intent == "start_return"
    assert understand("ich wollte es behalten, möchte es aber zurückschicken", "de").intent == "start_return"
    assert understand("I wanted to return it, but I am keeping it now").intent == "cancel_return"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I'd like to return the jacket and keep the shirt", "en"),
        ("I want to keep the shirt and send back the jacket", "en"),
        ("Ich möchte die Jacke zurückgeben und das Hemd behalten", "de"),
        ("das Hemd behalte ich, die Jacke schicke ich zurück", "de"),
        ("je garde la chemise mais je renvoie la veste", "fr"),
        ("quiero devolver la chaqueta y quedarme con la camisa", "es"),
        ("tengo la camicia ma rimando la giacca", "it"),
        ("ik wil de jas terugsturen en het overhemd houden", "nl"),
        ("fico com a camisa mas devolvo o casaco", "pt"),
        ("zatrzymuję koszulę, ale odsyłam kurtkę", "pl"),
        ("ジャケットは返品して、シャツは残したい", "ja"),
        ("外套想退，衬衫留下", "zh"),
        ("재킷은 반품하고 셔츠는 그냥 쓸게요", "ko"),
    ],
)
def test_one_thing_is_returned_although_another_is_kept(text: str, language: str):
    assert understand(text, language).intent == "start_return"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I had asked to return it but want to keep it after all", "en"),
        ("please cancel the return of the jacket, I'm keeping it", "en"),
        ("ich wollte die Jacke zurückgeben, behalte sie aber doch", "de"),
        ("je voulais renvoyer la veste mais finalement je la garde", "fr"),
        ("quería devolver la chaqueta pero al final me la quedo", "es"),
        ("volevo restituire la giacca ma alla fine la tengo", "it"),
        ("ik wilde de jas terugsturen maar hou hem toch", "nl"),
        ("queria devolver o casaco mas afinal fico com ele", "pt"),
        ("chciałam zwrócić kurtkę, ale jednak ją zatrzymam", "pl"),
        ("返品するつもりでしたが、やっぱり手元に残します", "ja"),
        ("本来想把外套退了，现在想留下", "zh"),
        ("재킷 반품하려고 했는데 그냥 쓸게요", "ko"),
    ],
)
def test_a_return_is_called_off_where_the_thing_itself_is_kept(text: str, language: str):
    assert understand(text, language).intent == "cancel_return"


def test_who_asks_for_an_exchange_and_says_why_means_it():
    assert understand("it is too tight, do you have it in 42? I want to swap").intent == "start_exchange"
    assert understand("I was sent the wrong colour, please exchange it").intent == "start_exchange"
    assert understand("it is too tight").intent == "size_fit"


def test_what_is_compared_with_than_takes_nothing_back():
    assert understand("can I have a voucher rather than a refund").intent == "store_credit"
    assert understand("Puis-je avoir un avoir plutôt qu'un remboursement ?", "fr").intent == "store_credit"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I asked for a return yesterday. Can it be cancelled?", "en"),
        ("Ich habe gestern eine Retoure angemeldet. Kann ich das stornieren?", "de"),
        ("昨日返品を申請しました。取り消せますか", "ja"),
        ("我昨天申请了退货，能取消吗", "zh"),
        ("어제 반품 신청했어요. 취소할 수 있나요?", "ko"),
    ],
)
def test_a_return_that_is_named_is_cancelled_and_not_the_order(text: str, language: str):
    assert understand(text, language).intent == "cancel_return"


def test_money_wanted_back_leaves_it_the_order_that_is_cancelled():
    assert understand("cancel my order and return my money").intent == "cancel_order"
    assert understand("取消订单退款", "zh").intent == "cancel_order"


def test_a_text_that_is_all_no_tells_nothing_of_an_article():
    assert understand("Incorrecto", "es").intent == "deny"
    assert understand("artículo incorrecto", "es").intent == "wrong_item"


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
