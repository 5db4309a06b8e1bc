"""Whatever a shopper does, the assistant has an answer, a person, and nothing to say of an order that is not proved."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.conversation import Conversation, Offer, Question, Source, read_conversation
from bot.effects import OpenReturn
from bot.inputs import Chose, Event, Said
from bot.understand import understand
from tests.bot.world import POLICY, World

TO_SUMMARY: tuple[Event, ...] = (
    Said("#1001 ann@example.com"),
    Chose(("item:tee",)),
    Chose(("quantity:1",)),
    Chose(("reason:style",)),
    Chose(("resolution:exchange",)),
    Chose(("variant:tee-l",)),
    Chose(("method:mail",)),
)


def at_the_summary() -> World:
    world = World()
    for event in TO_SUMMARY:
        world.hears(event)
    assert world.conversation.asked == Question("confirm")
    return world


def having_heard(text: str) -> World:
    world = at_the_summary()
    world.hears(Said(text))
    return world


def opens(text: str) -> bool:
    return any(isinstance(effect, OpenReturn) for effect in having_heard(text).effects)


@settings(deadline=None)
@given(st.text(max_size=300))
@example("Y?SÒ")
def test_any_text_at_the_summary_is_answered_and_opens_nothing_but_at_a_yes(text: str):
    world = having_heard(text)
    reading = understand(text, world.conversation.language)
    is_yes = "affirm" in (reading.intent, *reading.alternatives)
    assert is_yes or not any(isinstance(effect, OpenReturn) for effect in world.effects)


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
