"""What is wanted for what comes back may change while nothing was decided; the history tells of it."""

import pytest

from domain import returns, wishes
from domain.errors import IllegalStep
from domain.events import Actor
from domain.replay import replayed
from domain.returns import Inspection, Return
from domain.wishes import NewWish
from tests.domain.test_returns import NOW, a_return

SAM = Actor(kind="staff", name="Sam")
LARGE = {"variant_id": "tee-l", "product_id": "tee", "price": "20.00", "tax": "0.00", "available": 2}


def changed(found: Return, **wanted: NewWish) -> Return:
    return wishes.change(found, {found.groups[0].id: wanted["to"]}, at=NOW, actor=SAM)


def test_an_exchange_is_wanted_instead_and_what_was_wanted_before_is_its_fallback():
    found = changed(a_return(), to=NewWish("exchange", LARGE))
    group, told = found.groups[0], found.history[-1]
    assert (group.resolution, group.exchange_for, group.fallback) == ("exchange", LARGE, "refund")
    assert (told.act, told.actor, told.details["wish"], told.details["instead_of"]) == (
        "wish_changed", SAM, "exchange", "refund",
    )  # fmt: skip
    assert replayed(found).groups == found.groups


def test_an_exchange_that_is_wanted_no_more_leaves_nothing_of_it():
    swapped = changed(a_return(), to=NewWish("exchange", LARGE))
    group = changed(swapped, to=NewWish("store_credit")).groups[0]
    assert (group.resolution, group.exchange_for, group.fallback) == ("store_credit", None, None)


def test_what_was_decided_or_is_here_stays():
    found = a_return()
    decided = returns.settle(found, [found.groups[0].id], act="fall_due")
    looked = [Inspection(group.id, "received", grade="A") for group in found.groups]
    here = returns.inspect(found, looked, at=NOW, actor=SAM)
    for over in (decided, here):
        assert not wishes.can_change(over.groups[0])
        with pytest.raises(IllegalStep):
            changed(over, to=NewWish("store_credit"))
