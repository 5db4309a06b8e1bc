"""Every human text stands in one catalogue, in wordings that say the same with the same names."""

import ast
import string
from pathlib import Path
from typing import get_args, get_type_hints

from bot.buttons import LABELS, label
from bot.knowledge import Why
from bot.questions import CHANGED, CHOICES, MENU, REASONS, worded
from bot.replies import SENTENCES, Message, say
from domain.orders import Line

BOT = Path(__file__).parents[2] / "bot"
MADE_OF_PARTS = ("ask_", "next_", "paid_", "order_", "window_", "timing_", "postage_")
"""Keys that are put together of a part and a word of the contract."""


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_wordings_of_a_sentence_take_the_same_names_and_differ():
    for key, wordings in SENTENCES.items():
        assert len({frozenset(names(wording)) for wording in wordings}) == 1, key
        assert len(set(wordings)) == len(wordings) >= 2, key


def test_every_key_that_is_said_is_in_the_catalogue_and_every_sentence_is_said():
    calls = [node for path in BOT.rglob("*.py") for node in ast.walk(ast.parse(path.read_text())) if is_message(node)]
    said = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    assert said <= set(SENTENCES)
    assert {key for key in set(SENTENCES) - said if not key.startswith(MADE_OF_PARTS)} == set()


def is_message(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message"


def test_every_question_has_words_and_every_choice_a_label():
    assert {f"ask_{slot}" for slot in CHOICES} <= set(SENTENCES)
    fixed = {*MENU, *(f"reason:{reason}" for reason in REASONS), *(f"change:{slot}" for slot in CHANGED)}
    assert fixed <= set(LABELS)


def test_sentences_and_labels_are_looked_up_in_the_shoppers_language():
    catalogue = {"I found order {order}.": "Bestellung {order} gefunden.", "Refund": "Erstattung"}
    assert say(Message("order_found", {"order": "#1"}), catalogue.__getitem__) == "Bestellung #1 gefunden."
    assert label("resolution:refund", catalogue.__getitem__) == "Erstattung"


def test_what_is_put_in_is_never_read_as_a_template():
    assert say(Message("order_found", {"order": "{shop}"}), str) == "I found order {shop}."


def test_each_ground_that_excludes_withdrawal_is_said_in_words():
    grounds = get_args(get_args(get_type_hints(Line)["exempt"])[0])
    assert {f"exempt:{ground}" for ground in grounds} <= set(LABELS)
    why = Why("The right to withdraw does not apply to these goods: {exempt}.", {"exempt": "perishable"})
    assert worded(why, str, day=str) == "The right to withdraw does not apply to these goods: perishable."


def test_a_day_in_a_reason_is_written_as_the_shopper_writes_it():
    why = Why("The time to give this back ended on {last}.", {"last": "2026-11-08"})
    assert worded(why, str, day=lambda day: f"<{day}>") == "The time to give this back ended on <2026-11-08>."
