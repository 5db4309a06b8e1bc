"""A leg that stands still is not silent."""

from contextlib import suppress
from pathlib import Path

import pytest

from adapters.store.receipts import listed
from connector.jobs.catalogue import CATALOGUE
from connector.services.answer_leg import both_sides, paid_by_hand, try_again
from connector.services.errors import Conflict, InvalidInput
from connector.services.follow_return import view
from connector.services.ship_return import ship
from domain.events import Act
from domain.returns import Inspection
from domain.settlement import Leg
from tests.connector.services.test_story import SWAP, acts, opened, received, refunded, status
from tests.shops import ANN, SAM, Document, TestShop, a_shop


def surfaced(demo: TestShop, **after: float) -> None:
    demo.clock.move(**after)
    CATALOGUE["surface_stuck"](demo.app, demo.shop, step=lambda _, act: act(), payload={})


def left_half_way(demo: TestShop) -> Leg:
    """A refund whose job is gone after its claim."""
    found = opened(demo)
    received(demo, found, Inspection("1", "received", grade="C"))
    with suppress(ZeroDivisionError):
        demo.work(failing_at="look and send")
    return next(leg for leg in view(demo.app, demo.shop, return_id=found.id).legs if leg.kind == "refund")


def test_a_leg_that_was_begun_and_left_is_for_a_person(demo: TestShop):
    leg = left_half_way(demo)
    surfaced(demo, minutes=59)
    assert acts(demo, view(demo.app, demo.shop, return_id=leg.return_id).found)[-1] != Act.UNCERTAIN
    surfaced(demo, minutes=2)
    found = view(demo.app, demo.shop, return_id=leg.return_id).found
    assert (found.status, found.history[-1].act) == ("needs_a_person", Act.UNCERTAIN)


def test_a_person_who_knows_that_it_was_not_paid_has_it_sent_again(demo: TestShop):
    leg = left_half_way(demo)
    surfaced(demo, hours=2)
    with pytest.raises(InvalidInput):
        try_again(demo.app, demo.shop, leg_key=leg.key, actor=SAM, key="t1")
    found = try_again(demo.app, demo.shop, leg_key=leg.key, actor=SAM, key="t2", why="looked at the bank")
    assert (found.history[-1].act, found.history[-1].why) == (Act.RETRIED, "looked at the bank")
    demo.work()
    assert refunded(demo) == "19.80"


def test_a_person_who_knows_that_it_was_paid_says_so_and_nothing_is_sent(demo: TestShop):
    leg = left_half_way(demo)
    surfaced(demo, hours=2)
    paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="it is on the statement", key="p1")
    demo.work()
    assert refunded(demo) == "0.00"
    assert acts(demo, view(demo.app, demo.shop, return_id=leg.return_id).found)[-1] == Act.PAID_BY_HAND


def test_a_leg_that_is_being_carried_out_waits_for_nobody(demo: TestShop):
    leg = left_half_way(demo)
    with pytest.raises(Conflict):
        paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="", key="p1")


def test_a_leg_that_was_never_begun_is_begun_again(demo: TestShop):
    found = opened(demo)
    received(demo, found)
    demo.jobs.waiting.clear()
    surfaced(demo, hours=7)
    demo.work()
    assert status(demo, found) == "done"


def test_both_sides_stand_in_view(demo: TestShop):
    leg = left_half_way(demo)
    seen = both_sides(demo.app, demo.shop, leg_key=leg.key)
    assert (seen.leg.amount, seen.done, seen.problem) == (1980, None, "")
    assert seen.order["id"] == "o1"


def test_a_refund_that_was_made_by_hand_on_the_platform_is_noticed_and_not_paid_again(demo: TestShop):
    found = opened(demo)
    received(demo, found, Inspection("1", "received", grade="C"))
    by_hand = {"id": "r1", "at": "2026-11-20T12:00:00+00:00", "amount": "19.80", "shipping": "0.00", "lines": []}
    demo.save_order({**demo.order(), "refunds": [by_hand]})
    demo.work()
    leg = view(demo.app, demo.shop, return_id=found.id).legs[0]
    assert (leg.state, refunded(demo)) == ("unknown", "0.00")
    assert "outside Backhaul" in view(demo.app, demo.shop, return_id=found.id).found.history[-1].why
    try_again(demo.app, demo.shop, leg_key=leg.key, actor=SAM, key="t1", why="that was for another matter")
    demo.work()
    assert (status(demo, found), refunded(demo)) == ("done", "19.80")


@pytest.mark.parametrize("told", [[{"line_id": "l1", "quantity": 1, "amount": "18.00", "tax": "1.80"}], []])
@pytest.mark.parametrize("settle_on", ["in_transit", "inspected"])
def test_one_that_was_made_between_the_opening_and_the_decision_is_noticed_and_asked_about_once(
    tmp_path: Path, settle_on: str, told: list[Document]
):
    with a_shop(tmp_path, settle_on=settle_on) as demo:
        found = opened(demo)
        by_hand = {"id": "r1", "at": "2026-11-20T12:00:00+00:00", "amount": "19.80", "lines": told}
        demo.save_order({**demo.order(), "refunds": [by_hand]})
        ship(demo.app, demo.shop, return_id=found.id, tracking="", actor=ANN, key="s1")
        if settle_on == "inspected":
            received(demo, found, Inspection("1", "received", grade="C"))
        demo.work()
        assert (status(demo, found), refunded(demo)) == ("needs_a_person", "0.00")
        (leg, *_) = view(demo.app, demo.shop, return_id=found.id).legs
        try_again(demo.app, demo.shop, leg_key=leg.key, actor=SAM, key="t1", why="that was for the other one")
        demo.work()
        assert refunded(demo) == "19.80"


def test_what_was_asked_about_in_the_first_round_is_not_asked_about_in_the_second(demo: TestShop):
    found = opened(demo, quantity=2)
    taken = (Inspection("1", "received", grade="C", quantity=1), Inspection("1", "missing", quantity=1))
    by_hand = {"id": "r1", "at": "2026-11-20T12:00:00+00:00", "amount": "3.00", "lines": []}
    demo.save_order({**demo.order(), "refunds": [by_hand]})
    received(demo, found, *taken)
    demo.work()
    (leg, *_) = view(demo.app, demo.shop, return_id=found.id).legs
    try_again(demo.app, demo.shop, leg_key=leg.key, actor=SAM, key="t1", why="that was for the late parcel")
    demo.work()
    received(demo, found, Inspection("1.1", "received", grade="C"), key="r2")
    demo.work()
    assert (status(demo, found), refunded(demo)) == ("done", "39.60")


@pytest.mark.parametrize("instead", [{"resolution": "store_credit"}, {"resolution": "exchange", "exchange_for": SWAP}])
def test_such_a_refund_is_not_followed_by_credit_or_goods_either(demo: TestShop, instead: dict[str, object]):
    found = opened(demo, **instead)
    received(demo, found, Inspection("1", "received", grade="C"))
    by_hand = {"id": "r1", "at": "2026-11-20T12:00:00+00:00", "amount": "19.80", "lines": []}
    demo.save_order({**demo.order(), "refunds": [by_hand]})
    demo.work()
    legs = view(demo.app, demo.shop, return_id=found.id).legs
    assert [leg.state for leg in legs if leg.kind == instead["resolution"]] == ["unknown"]


def test_one_that_was_made_on_what_mirrors_our_return_is_noticed_too(demo: TestShop):
    """Shopify puts our number on whatever is refunded there on the native return that mirrors ours."""
    found = opened(demo, quantity=2)
    taken = (Inspection("1", "received", grade="C", quantity=1), Inspection("1", "missing", quantity=1))
    received(demo, found, *taken)
    demo.work()
    received(demo, found, Inspection("1.1", "received", grade="C"), key="r2")
    by_hand = {"id": "r1", "at": "2026-11-20T12:00:00+00:00", "amount": "19.80", "lines": [], "key": found.id}
    demo.save_order({**demo.order(), "refunds": [*listed(demo.order(), "refunds"), by_hand]})
    demo.work()
    assert (status(demo, found), refunded(demo)) == ("needs_a_person", "19.80")
    assert "outside Backhaul" in view(demo.app, demo.shop, return_id=found.id).found.history[-1].why
