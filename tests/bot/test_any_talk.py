"""Whatever a shopper does, the assistant has an answer, a person, a way back, and nothing to say of what is not proved.

`BACKHAUL_TEST_CONVERSATIONS` says how many conversations are tried.
"""

import json
import os

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.conversation import Conversation, Question, read_conversation
from bot.effects import CancelReturn, HandOver, OpenReturn
from bot.inputs import Chose, Event, Said, Showed, Started
from bot.knowledge import CreditFact, OfferFact, OrderFact, ReturnFact
from bot.turn import Turn
from bot.voice import SPOKEN
from tests.bot.world import POLICY, SECRETS, World

CONVERSATIONS = int(os.environ.get("BACKHAUL_TEST_CONVERSATIONS", "1000"))
WORDS = (
    "return", "1001", "ann@example.com", "10115", "yes", "no", "ok thanks", "2", "1 and 2", "human", "back",
    "start over", "too small", "swap", "the blue one", "size L", "rules", "#1001 ann@example.com", "both", "refund",
    "#9999 x@example.com", "status of my return", "where is my refund", "cancel", "thanks", "hello", "everything",
    "the scarf", "store credit", "by mail", "4111 1111 1111 1111", "yes, open the return", "cancel my return",
    "#1001 ann@example.com my tee is too small, swap it for size L", "cancel my order", "yes, cancel it",
    "I withdraw from the purchase", "who pays for return shipping?", "I never got a label", "is it recalled?",
    "where do I send it?", "I need an invoice", "where is my voucher", "no wait", "another order", "no, the scarf",
    "stornieren", "Erstattung", "ja", "nein", "menschen", "oui", "zwrot", "取消", "返金", "환불", "はい", "是的",
)  # fmt: skip
CHOICES = (
    "menu:start_return", "menu:start_exchange", "menu:return_status", "menu:check_policy", "menu:cancel_order", "menu:",
    "menu", "human", "back", "done", "start_over", "no_person", "item:tee", "item:scarf", "item:boots", "item:zzz",
    "quantity:2", "quantity:x", "reason:style", "resolution:refund", "resolution:exchange", "variant:tee-l",
    "variant:tee-s", "method:mail", "change:items", "confirm:yes", "confirm:no", "confirm", "", ":", "items:tee",
    "menu:cancel_return", "menu:other_order", "return:RMA-OLD", "return:RMA-ZZZ", "fallback:refund", "fallback:zzz",
    "menu:store_credit", "menu:label_problem", "menu:recall_question", "menu:where_to_return", "menu:talk_to_human",
    "order:#1001", "order:#9999", "order:", "other_order",
    "change:zzz", "change:fallback", "evidence:none", "evidence:zzz",
)  # fmt: skip
TEXTS = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), st.text(max_size=60)).map(Said)
BUTTONS = st.lists(st.sampled_from(CHOICES), max_size=3).map(lambda ids: Chose(tuple(ids)))
LINK = "https://shop.example/RMA-OLD"
RETURNS = st.lists(
    st.sampled_from(
        [
            ReturnFact("RMA-OLD", "Done", "Nothing more.", LINK),
            ReturnFact("RMA-OLD", "Waiting for the goods", "Soon.", LINK, cancellable=True, to_send=True),
            ReturnFact("RMA-TWO", "Waiting for the goods", "Soon.", LINK, cancellable=True, to_send=True),
        ]
    ),
    max_size=2,
    unique_by=lambda one: one.return_id,
).map(tuple)
QUOTES = ({"approval": "refuse"}, {"approval": "review"}, {"due": "4.00"}, {})
POLICIES = (
    POLICY,
    replace(POLICY, resolutions=("refund",), methods=("mail",), bonus_percent="0", label="merchant", return_fee="3.00"),
    replace(POLICY, resolutions=("exchange",), methods=("store",), starts="placed", has_final_sale=True),
    replace(POLICY, evidence=("photo",)),
    replace(POLICY, evidence=("photo", "note")),
)
OWN_ORDERS = (OrderFact("#1001", "2026-11-08", ("Blue socks",)), OrderFact("#1002", "2026-10-30"))
OFFERS = (OfferFact("tee-l", "L, red", back="2.00"), OfferFact("tee-b", "M, blue", more="1.00"))
TYPED = frozenset({"order_number", "proof"})
WAYS = frozenset({"human", "back"})
TO_SUMMARY: tuple[Event, ...] = (
    Said("#1001 ann@example.com"),
    Chose(("item:tee",)),
    Chose(("quantity:1",)),
    Chose(("reason:style",)),
    Chose(("resolution:exchange",)),
    Chose(("variant:tee-l",)),
    Chose(("method:mail",)),
)


@settings(max_examples=CONVERSATIONS, deadline=None)
@given(st.data())
def test_any_sequence_of_events_is_answered(data: st.DataObject):
    world = a_world(data)
    turn, said = world.hears(Started()), world.texts
    for event in TO_SUMMARY[: data.draw(st.integers(0, len(TO_SUMMARY)))]:
        turn, said = world.hears(event), world.texts
    for _ in range(data.draw(st.integers(1, 15))):
        before, done = world.conversation, len(world.effects)
        event = data.draw(events(turn))
        world.next_results = data.draw(results(before, event))
        turn = world.hears(event)
        holds(world, turn)
        assert_done_only_after_yes(world.effects[done:], before, event)
        assert set(said).isdisjoint(world.texts), (said, world.texts)
        said = world.texts


def a_world(data: st.DataObject) -> World:
    return World(
        policy=data.draw(st.sampled_from(POLICIES)),
        returns=data.draw(RETURNS),
        offers=data.draw(st.sampled_from([(), OFFERS])),
        credits=data.draw(st.sampled_from([(), (CreditFact("RMA-OLD", "5.00", "1.00"),)])),
        stage=data.draw(st.sampled_from(["delivered", "shipped", "not_shipped", "cancelled"])),
        own_orders=data.draw(st.sampled_from([None, None, (), OWN_ORDERS])),
        contact=data.draw(st.sampled_from(["", "help@shop.example"])),
        quotes=data.draw(st.lists(st.sampled_from(QUOTES), max_size=3)),
        conversation=Conversation(language=data.draw(st.sampled_from(SPOKEN))),
    )


def events(turn: Turn) -> st.SearchStrategy[Event]:
    pressed = st.sampled_from(offered(turn)).map(lambda one: Chose((one,)))
    return st.one_of(pressed, pressed, TEXTS, BUTTONS, st.just(Showed()))


def results(conversation: Conversation, event: Event) -> st.SearchStrategy[list[str]]:
    """What may come of the next thing to be done instead of the usual."""
    if event != Chose(("confirm:yes",)) or conversation.asked != Question("confirm"):
        return st.just([])
    ill = {"start_return": ["moved"], "cancel_return": ["not_cancelled"]}.get(conversation.flow or "", [])
    return st.lists(st.sampled_from(["usual", *ill]), max_size=1)


def offered(turn: Turn) -> list[str]:
    assert turn.ask is not None
    return [choice.id for choice in turn.ask.choices if choice.why is None]


def holds(world: World, turn: Turn) -> None:
    state, choices = json.dumps(turn.conversation.document()), offered(turn)
    assert turn.ask is not None
    assert world.texts
    assert "human" in choices
    assert "back" in choices or not turn.conversation.flows
    assert turn.ask.question.slot in TYPED or set(choices) - WAYS, "a dead end"
    assert read_conversation(json.loads(state)) == turn.conversation
    assert "4111" not in state
    if turn.conversation.order_id is None:
        everything = " ".join(world.texts) + str(turn.ask.document()) + str(turn.card) + state
        assert not any(secret in everything for secret in SECRETS)


def assert_done_only_after_yes(effects: list[object], before: Conversation, event: Event) -> None:
    for effect in effects:
        if isinstance(effect, OpenReturn | CancelReturn):
            assert before.asked == Question("confirm")
            assert event == Chose(("confirm:yes",)) or isinstance(event, Said)
        if isinstance(effect, OpenReturn):
            assert effect.quote_id == before.quote_id
        if isinstance(effect, CancelReturn):
            assert effect.return_id == before.value("return")
        if isinstance(effect, HandOver) and effect.topic == "cancel_order":
            assert before.order_id is not None or before.asked != Question("confirm")
