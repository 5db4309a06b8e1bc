"""Whatever a shopper does, the assistant has an answer, a person, and nothing to say of an order that is not proved."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation import Conversation, Offer, Question, Source, read_conversation
from bot.effects import OpenReturn
from bot.inputs import Chose, Event, Said, Started
from bot.knowledge import ReturnFact
from bot.turn import Turn
from bot.understand import understand
from tests.bot.world import POLICY, SECRETS, World

WORDS = (
    "return", "1001", "ann@example.com", "10115", "yes", "no", "ok thanks", "2", "1 and 2", "human", "back",
    "start over", "too small", "swap", "the blue one", "size L", "rules", "#1001 ann@example.com", "both", "refund",
    "#9999 x@example.com", "status of my return", "where is my refund", "cancel", "thanks", "hello", "everything",
    "the scarf", "store credit", "by mail", "4111 1111 1111 1111", "yes, open the return",
    "#1001 ann@example.com my tee is too small, swap it for size L",
)  # fmt: skip
CHOICES = (
    "menu:start_return", "menu:start_exchange", "menu:return_status", "menu:check_policy", "menu:cancel_order", "menu:",
    "menu", "human", "back", "done", "start_over", "no_person", "item:tee", "item:scarf", "item:boots", "item:zzz",
    "quantity:2", "quantity:x", "reason:style", "resolution:refund", "resolution:exchange", "variant:tee-l",
    "variant:tee-s", "method:mail", "change:items", "confirm:yes", "confirm:no", "confirm", "", ":", "items:tee",
)  # fmt: skip
TEXTS = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), st.text(max_size=60)).map(Said)
BUTTONS = st.lists(st.sampled_from(CHOICES), max_size=3).map(lambda ids: Chose(tuple(ids)))
RETURNS = (ReturnFact("RMA-OLD", "Done", "Nothing more.", "https://shop.example/RMA-OLD"),)
QUOTES = ({"approval": "refuse"}, {"approval": "review"}, {"due": "4.00"}, {})


TO_SUMMARY: tuple[Event, ...] = (
    Said("#1001 ann@example.com"),
    Chose(("item:tee",)),
    Chose(("quantity:1",)),
    Chose(("reason:style",)),
    Chose(("resolution:exchange",)),
    Chose(("variant:tee-l",)),
    Chose(("method:mail",)),
)


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_any_sequence_of_events_is_answered(data: st.DataObject):
    world = World(returns=RETURNS, quotes=data.draw(st.lists(st.sampled_from(QUOTES), max_size=3)))
    turn, said = world.hears(Started()), world.texts
    for event in TO_SUMMARY[: data.draw(st.integers(0, len(TO_SUMMARY)))]:
        turn, said = world.hears(event), world.texts
    for _ in range(data.draw(st.integers(1, 15))):
        before = world.conversation
        world.next_results = data.draw(st.lists(st.sampled_from(["usual", "usual", "moved"]), max_size=2))
        event = data.draw(events(turn))
        done = len(world.effects)
        turn = hears(world, event)
        holds(world, turn)
        assert_opened_only_after_yes(world.effects[done:], before, event)
        assert set(said).isdisjoint(world.texts), (said, world.texts)
        said = world.texts


def events(turn: Turn) -> st.SearchStrategy[Event]:
    pressed = st.sampled_from(offered(turn)).map(lambda one: Chose((one,)))
    return st.one_of(pressed, pressed, TEXTS, BUTTONS)


def hears(world: World, event: Event) -> Turn:
    """A result that does not fit what was to be done comes as the usual one."""
    if world.next_results == ["moved"] and not is_confirming(world.conversation, event):
        world.next_results = []
    if "moved" in world.next_results:
        world.next_results = ["moved"] if is_confirming(world.conversation, event) else []
    return world.hears(event)


def is_confirming(conversation: Conversation, event: Event) -> bool:
    return conversation.asked == Question("confirm") and event == Chose(("confirm:yes",))


def offered(turn: Turn) -> list[str]:
    assert turn.ask is not None
    return [choice.id for choice in turn.ask.choices if choice.why is None]


def holds(world: World, turn: Turn) -> None:
    state = json.dumps(turn.conversation.document())
    assert "human" in offered(turn)
    assert world.texts
    assert read_conversation(json.loads(state)) == turn.conversation
    assert "4111" not in state
    if turn.conversation.order_id is None:
        everything = " ".join(world.texts) + str(turn.ask and turn.ask.document()) + state
        assert not any(secret in everything for secret in SECRETS)


def assert_opened_only_after_yes(effects: list[object], before: Conversation, event: Event) -> None:
    for effect in effects:
        if isinstance(effect, OpenReturn):
            assert before.asked == Question("confirm")
            assert effect.quote_id == before.quote_id
            assert event == Chose(("confirm:yes",)) or isinstance(event, Said)


def at_the_summary() -> World:
    world = World()
    for event in TO_SUMMARY:
        world.hears(event)
    assert world.conversation.asked == Question("confirm")
    return world


def opens(text: str) -> bool:
    world = at_the_summary()
    world.hears(Said(text))
    return any(isinstance(effect, OpenReturn) for effect in world.effects)


@given(st.text(max_size=300))
def test_any_text_at_the_summary_is_answered_and_opens_nothing(text: str):
    assert not opens(text) or "affirm" in (understand(text).intent, *understand(text).alternatives)


@pytest.mark.parametrize(
    "text",
    [
        "no, open the return", "1", "yes, but tell me first what it costs", "do not open it, yes?", "yes no",
        "yes human", "yes but size L", "yes but size S", "yes in purple", "#" * 300, "a" * 4000, "0" * 4000,
        "1 " * 2000, "no " * 1300, "@" * 2000 + "a." * 1000,
    ],
    ids=lambda text: text[:40],
)  # fmt: skip
def test_what_is_no_plain_yes_opens_nothing(text: str):
    assert not opens(text)


@pytest.mark.parametrize(
    "text",
    ["yes", "Yes!", "ok thanks", "yes please", "sure, go ahead", "Yes, open the return", "yes please open it", "do it"],
)
def test_a_plain_yes_opens_it(text: str):
    assert opens(text)


def test_a_yes_without_a_summary_opens_nothing():
    offers = (Offer("confirm:yes", "Yes"),)
    world = World(conversation=Conversation(order_id="o1", asked=Question("confirm"), offers=offers))
    world.hears(Chose(("confirm:yes",)))
    assert world.effects == []


def test_a_way_back_that_the_orders_own_policy_does_not_offer_is_forgotten():
    world = World()
    world.hears(Said("I'd like to send it by mail"))
    world.policy = replace(POLICY, methods=("store", "drop_off"))
    world.hears(Said("#1001 ann@example.com"))
    assert world.conversation.value("method") is None


def test_a_conversation_of_another_form_begins_anew():
    assert read_conversation({"form": 999}) == Conversation()
    assert read_conversation({}) == Conversation()


def test_where_a_value_comes_from_is_known():
    world = World(policy=replace(POLICY, methods=("mail",)))
    for event in (Said("#1001 ann@example.com"), Chose(("item:scarf",)), Said("it is broken")):
        world.hears(event)
    sources = {slot.name: slot.source for slot in world.conversation.slots}
    assert sources == {
        "order_number": Source.TEXT,
        "proof": Source.TEXT,
        "method": Source.STORE,
        "items": Source.BUTTON,
        "quantity": Source.STORE,
        "reason": Source.TEXT,
    }
