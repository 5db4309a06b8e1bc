"""Who is signed in to the shop chooses from their own orders, and may name another."""

import pytest

from bot.effects import ListOrders, LookUpOrder
from bot.inputs import Chose, Said, Started
from bot.knowledge import OrderFact
from tests.bot.world import World

TWO = (OrderFact("#1001", "2026-11-08", ("Plain Tee", "Mug")), OrderFact("#1000", "2026-10-30"))


def begun(own_orders: tuple[OrderFact, ...] | None) -> World:
    world = World(own_orders=own_orders)
    world.hears(Started())
    world.hears(Chose(("menu:start_return",)))
    return world


def asked(world: World) -> tuple[str, list[str]]:
    assert world.turn is not None
    assert world.turn.ask is not None
    return world.turn.ask.question.slot, [choice.id for choice in world.turn.ask.choices]


def test_they_are_offered_with_their_day_and_what_they_begin_with():
    world = begun(TWO)
    assert asked(world) == ("order", ["order:#1001", "order:#1000", "other_order", "back", "human"])
    assert world.turn is not None
    assert world.turn.ask is not None
    assert [one.detail for one in world.turn.ask.choices[:2]] == ["2026-11-08 · Plain Tee, Mug", "2026-10-30"]


def test_they_are_asked_for_once_they_are_needed():
    world = World(own_orders=TWO)
    world.hears(Started())
    assert world.effects == []
    world.hears(Chose(("menu:start_return",)))
    assert world.effects == [ListOrders()]


@pytest.mark.parametrize("said", ["1", "#1001", "1001", "the first one"])
def test_one_is_chosen_by_words_too(said: str):
    world = begun(TWO)
    world.hears(Said(said))
    looked = world.effects[-1]
    assert isinstance(looked, LookUpOrder)
    assert (looked.number.lstrip("#"), asked(world)[0]) == ("1001", "items")


def test_one_that_was_chosen_is_looked_up_like_any_other():
    world = begun(TWO)
    world.hears(Chose(("order:#1001",)))
    assert world.effects[-1] == LookUpOrder("#1001", "")
    assert asked(world)[0] == "items"


def test_another_one_is_named_by_its_number():
    world = begun(TWO)
    world.hears(Chose(("other_order",)))
    assert asked(world) == ("order_number", ["back", "human"])
    world.hears(Said("#1234"))
    assert world.effects[-1] == LookUpOrder("1234", "")
    assert asked(world)[0] == "proof"


def test_one_that_was_not_shown_cannot_be_pressed():
    world = begun(TWO)
    done = len(world.effects)
    world.hears(Chose(("order:#1234",)))
    assert (world.effects[done:], asked(world)[0]) == ([], "order")


@pytest.mark.parametrize("own_orders", [None, ()])
def test_without_any_the_number_is_asked(own_orders: tuple[OrderFact, ...] | None):
    assert asked(begun(own_orders))[0] == "order_number"


def test_whoever_names_an_order_at_once_is_not_asked():
    world = World(own_orders=TWO)
    world.hears(Started())
    world.hears(Said("I want to return something from order #1001"))
    assert ListOrders() not in world.effects
    assert asked(world)[0] == "items"
