"""Shoppers who only type, in the words of real ones: how many get to what they came for, and how many are misled.

Every turn of a dialogue is typed as it stands, whatever the assistant asked. The order that the shopper names is in the
shop, with the address or postcode that they give. How a dialogue ends:

- right: what was wanted is under way or done, with an item that was wanted where the shop knows which;
- wrong: something else was opened or cancelled, an item is picked that was not wanted, or only another errand begun;
- handed over: a person has it or is offered, and none of these;
- stuck: anything else, and an errand that waits for an order that the shopper did give number and proof of.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.conversation import Conversation, read_conversation
from bot.turn import FLOW_OF
from bot.understand import understand
from connector.services import converse
from connector.services.converse import Heard, Talk
from connector.storage import conversation_store, order_store
from tests.evaluation import document, rows
from tests.journeys.test_shopper_tasks import SHOP, order_of, product_of, save_products
from tests.shops import TestShop, a_shop, line, order

ENOUGH, MOST_WRONG = 0.55, 0.02
WAYS = {"return requested": "start_return", "exchange requested": "start_return", "cancelled": "cancel_order"}
DONE = {"return_opened": "start_return", "return_cancelled": "cancel_return"}
REPLACED = {"refund": "start_return", "replacement": "start_return"}
UNPROVED = frozenset({"check_policy", "where_to_return", "store_credit", "recall_question"})
"""Flows that need no order."""
BY_A_PERSON = frozenset({"not_mine", "outside", "person_can_help", "missed_again"})

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What a shopper types and the flows that are right for it.

    `lines` are those that may be picked, all when empty; `is_provable` when they give an order's number and its proof.
    """

    turns: Sequence[str]
    wanted: frozenset[str]
    lines: frozenset[str] = frozenset()
    is_provable: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What the assistant did in a dialogue."""

    begun: frozenset[str]
    picked: frozenset[str]
    done: frozenset[str]
    by_a_person: bool
    is_proved: bool

    def judged(self, dialogue: Dialogue) -> str:
        astray = dialogue.lines and not self.picked <= dialogue.lines
        if astray or not self.done <= dialogue.wanted:
            return "wrong"
        if self.begun & dialogue.wanted and self._is_far_enough(dialogue):
            return "right"
        if self.by_a_person:
            return "handed over"
        return "wrong" if self.begun and not self.begun & dialogue.wanted else "stuck"

    def _is_far_enough(self, dialogue: Dialogue) -> bool:
        """Whether the items are picked, where they are known; else whether the order is found, where it can be."""
        if dialogue.lines and dialogue.wanted == {"start_return"}:
            return bool(self.picked)
        return self.is_proved or not dialogue.is_provable or self.begun & dialogue.wanted <= UNPROVED


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path) as shop:
        yield shop


def typed(demo: TestShop, dialogue: Dialogue) -> Seen:
    """The dialogue, typed to the end."""
    turn: Any = converse.start(demo.app, demo.shop, language=None, address=str(dialogue.turns))
    talk = Talk(turn["conversation"], str(dialogue.turns))
    begun: set[str] = set()
    done: set[str] = set()
    by_a_person, is_proved, picked = False, False, frozenset[str]()
    for text in dialogue.turns:
        turn = converse.say(demo.app, demo.shop, talk=talk, heard=Heard(text=text))
        kind = (turn["outcome"] or {}).get("kind")
        state = state_of(demo, turn["conversation"])
        begun |= {*state.flows, *([state.topic] if state.topic in set(FLOW_OF.values()) else [])}
        done |= {DONE[kind]} if kind in DONE else set()
        by_a_person = by_a_person or kind == "handed_over" or not BY_A_PERSON.isdisjoint(keys(turn))
        is_proved = is_proved or state.order_id is not None
        picked = frozenset(item["line_id"] for item in turn["draft"]["items"]) or picked
    return Seen(frozenset(begun), picked, frozenset(done), by_a_person, is_proved)


def keys(turn: Document) -> set[str]:
    return {message["key"] for message in turn["messages"]}


def state_of(demo: TestShop, conversation_id: str) -> Conversation:
    with demo.app.database.read(demo.shop) as unit:
        kept = conversation_store.get(unit, conversation_id)
    assert kept is not None
    return read_conversation(kept.document)


def test_most_real_shoppers_get_there_by_typing_and_hardly_any_is_misled(demo: TestShop):
    shop = {name: document(f"shop_{name}.json") for name in SHOP}
    save_products(demo, [product_of(one) for one in shop["products"].values()])
    outcomes: Counter[str] = Counter()
    for n, row in enumerate(rows("dialogues.jsonl")):
        dialogue = prepared(demo, row, shop=shop, n=n)
        seen = typed(demo, dialogue)
        outcomes[seen.judged(dialogue)] += 1
    assert outcomes["right"] >= ENOUGH * outcomes.total(), outcomes
    assert outcomes["wrong"] <= MOST_WRONG * outcomes.total(), outcomes


def prepared(demo: TestShop, row: Document, *, shop: Mapping[str, Document], n: int) -> Dialogue:
    """The dialogue, with the shopper's orders in the shop."""
    turns = row["customer_turns"]
    if "orders" in row:
        return of_known_orders(demo, row, shop=shop)
    wanted = row["accept"] if "accept" in row else [REPLACED[row["agent_outcome"]]]
    flows = frozenset(FLOW_OF.get(intent, intent) for intent in wanted)
    return Dialogue(turns, flows, is_provable=keep_named_order(demo, row, n=n))


def of_known_orders(demo: TestShop, row: Document, *, shop: Mapping[str, Document]) -> Dialogue:
    lines: set[str] = set()
    theirs = shop["users"][row["user_id"]]["orders"] if row["user_id"] else row["orders"]
    for order_id in theirs:
        placed = shop["orders"][order_id]
        kept: Any = order_of(placed, shop["users"][placed["user_id"]], number=order_id, now=demo.clock())
        if placed["status"] in ("pending", "cancelled"):
            kept = {**kept, "lines": [{**one, "fulfilled": []} for one in kept["lines"]]}
        demo.app.database.write(demo.shop, lambda unit, kept=kept: order_store.save(unit, kept))
    for one in row["outcome"]:
        titles = {*one["return_items"], *one["exchange_items"]}
        items = shop["orders"][one["order_id"]]["items"]
        lines |= {item["item_id"] for item in items if item["name"] in titles}
    wanted = frozenset(WAYS[one["status"]] for one in row["outcome"] if one["status"] in WAYS)
    return Dialogue(row["customer_turns"], wanted, frozenset(lines))


def keep_named_order(demo: TestShop, row: Document, *, n: int) -> bool:
    """Keep the order that the shopper names, best beside their e-mail address; whether both were given."""
    slots = [understand(text, row["lang"]).slots for text in row["customer_turns"]]
    numbers = [one.order_number for one in sorted(slots, key=lambda one: one.email is None) if one.order_number]
    number = next(iter(numbers), None)
    email = next((one.email for one in slots if one.email), None)
    fulfilled = [] if row.get("goal") == "cancel_order" else line()["fulfilled"]
    placed = order(
        id=f"o-{n}",
        number=number or f"X{n}",
        customer={"email": email or "nobody@example.com"},
        lines=[line(id=f"l{n}", quantity=1, fulfilled=fulfilled)],
    )
    demo.app.database.write(demo.shop, lambda unit: order_store.save(unit, placed))
    return number is not None and email is not None
