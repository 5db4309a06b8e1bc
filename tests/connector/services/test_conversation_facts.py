"""What the assistant knows is written as the shopper's language writes it."""

from pathlib import Path

import pytest

from bot.conversation import Conversation
from bot.knowledge import Facts
from bot.voice import SPOKEN
from connector.services.conversation_facts import facts
from connector.services.offer_lines import variants_once
from tests.connector.services.talking import Shopper
from tests.shops import TestShop, a_shop

WIDE = "\u00a0"
"""A space at which no line ends."""
PERCENTS = {
    "en": "12.5%",
    "de": f"12,5{WIDE}%",
    "fr": f"12,5{WIDE}%",
    "es": f"12,5{WIDE}%",
    "it": "12,5%",
    "nl": "12,5%",
    "pt": "12,5%",
    "pl": "12,5%",
    "ja": "12.5%",
    "zh": "12.5%",
    "ko": "12.5%",
}


def facts_in(demo: TestShop, language: str) -> Facts:
    return facts(demo.app, demo.shop, Conversation(language=language), variants=variants_once(demo.app, demo.shop))


@pytest.mark.parametrize("language", SPOKEN)
def test_a_percent_is_shown_as_the_language_writes_it(tmp_path: Path, language: str):
    with a_shop(tmp_path, store_credit_bonus_percent="12.5", restocking_percent="12.5") as demo:
        ann = Shopper(demo, language=language)
        ann.picks("menu:check_policy")
        texts = {message["key"]: message["text"] for message in ann.turn["messages"]}
        ann.says("#1001 ann@example.com")
        for choice in ("menu:start_return", "item:l1", "quantity:1", "reason:style"):
            ann.picks(choice)
        details = {choice["id"]: choice["detail"] for choice in ann.turn["ask"]["choices"]}
    shown = (texts["policy_bonus"], texts["fee_restocking"], details["resolution:store_credit"])
    assert [text.count(PERCENTS[language]) for text in shown] == [1, 1, 1], shown
    assert [text.count("%") for text in shown] == [1, 1, 1], shown


@pytest.mark.parametrize(("percent", "written"), [("10", "10%"), ("100", "100%"), ("0.125", "0.125%")])
def test_a_percent_keeps_its_decimals_and_gets_no_others(demo: TestShop, percent: str, written: str):
    assert facts_in(demo, "en").percent(percent) == written


def test_where_there_is_no_percent_none_is_told(tmp_path: Path):
    with a_shop(tmp_path, store_credit_bonus_percent="0", restocking_percent="0") as demo:
        ann = Shopper(demo, language="de")
        ann.picks("menu:check_policy")
    assert not {"policy_bonus", "fee_restocking"} & set(ann.keys)


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [
        ("fr", "2026-11-01", "1er novembre 2026"),
        ("fr", "2026-11-11", "11 novembre 2026"),
        ("pt", "2026-11-01", "1º de novembro de 2026"),
        ("pt", "2026-11-10", "10 de novembro de 2026"),
        ("de", "2026-11-01", "1. November 2026"),
        ("en", "2026-11-01", "November 1, 2026"),
    ],
)
def test_the_first_of_a_month_is_written_as_the_language_does(demo: TestShop, language: str, day: str, written: str):
    assert facts_in(demo, language).day(day) == written
