"""A return is sent, cancelled, ended or taken up again."""

from pathlib import Path

import pytest

from connector.services.cancel_return import cancel
from connector.services.decide_return import approve, decline
from connector.services.errors import InvalidInput, Refused
from connector.services.leg_progress import return_of
from connector.services.reopen_return import reopen
from connector.services.ship_return import ship
from connector.storage import goods_store
from connector.storage.goods_store import KeptGoods
from domain.errors import IllegalStep
from domain.events import Act
from domain.replay import replayed
from domain.returns import Inspection, Return
from tests.connector.services.test_story import acts, opened, received, refunded
from tests.shops import ANN, SAM, TestShop, a_shop


def cancelled(demo: TestShop, found: Return, *, key: str = "c1") -> Return:
    return cancel(demo.app, demo.shop, return_id=found.id, actor=ANN, why="", key=key)


def reopened(demo: TestShop, found: Return, *, key: str = "o1") -> Return:
    return reopen(demo.app, demo.shop, return_id=found.id, actor=SAM, why="they called", key=key)


def lying_of(demo: TestShop, found: Return) -> list[KeptGoods]:
    with demo.app.database.read(demo.shop) as unit:
        return [one for one in goods_store.lying(unit) if one.return_id == found.id]


def kept(demo: TestShop, found: Return) -> Return:
    with demo.app.database.read(demo.shop) as unit:
        return return_of(unit, found.id)


def test_a_cancelled_return_frees_its_units(demo: TestShop):
    first = opened(demo, quantity=2)
    assert cancelled(demo, first).status == "cancelled"
    assert opened(demo, quantity=2, key="k2").status == "awaiting"


def test_a_form_that_is_sent_twice_cancels_once(demo: TestShop):
    found = opened(demo)
    assert cancelled(demo, found) == cancelled(demo, found)
    assert acts(demo, found).count(Act.CANCELLED) == 1


def test_a_parcel_on_its_way_cannot_be_cancelled(demo: TestShop):
    found = opened(demo)
    sent = ship(demo.app, demo.shop, return_id=found.id, tracking="1Z9", actor=ANN, key="s1")
    assert (sent.status, sent.history[-1].details["tracking"]) == ("in_transit", "1Z9")
    with pytest.raises(IllegalStep):
        cancelled(demo, found)


def test_a_shop_that_pays_when_the_parcel_is_on_its_way_does(tmp_path: Path):
    with a_shop(tmp_path, settle_on="in_transit") as demo:
        found = opened(demo)
        demo.work()
        assert refunded(demo) == "0.00"
        ship(demo.app, demo.shop, return_id=found.id, tracking="", actor=ANN, key="s1")
        demo.work()
        assert refunded(demo) == "19.80"


def test_a_tracking_number_is_no_novel(demo: TestShop):
    with pytest.raises(InvalidInput):
        ship(demo.app, demo.shop, return_id=opened(demo).id, tracking="1" * 61, actor=ANN, key="s1")


def test_units_that_were_returned_otherwise_meanwhile_are_not_taken_up_again(demo: TestShop):
    first = opened(demo, quantity=2)
    cancelled(demo, first)
    opened(demo, quantity=1, key="k2")
    with pytest.raises(Refused, match="cannot be taken up again"):
        reopened(demo, first)
    assert kept(demo, first).status == "cancelled"


def test_a_reopened_return_goes_on_and_is_paid(demo: TestShop):
    found = cancelled(demo, opened(demo))
    assert reopened(demo, found).status == "awaiting"
    received(demo, kept(demo, found))
    demo.work()
    assert refunded(demo) == "19.80"


def test_rejected_goods_that_are_approved_after_all_are_looked_at_once_more_and_paid_then(demo: TestShop):
    found = opened(demo)
    received(demo, found, Inspection("1", "rejected", note="worn"))
    assert reopened(demo, found).status == "requested"
    approve(demo.app, demo.shop, return_id=found.id, actor=SAM, why="our mistake", key="a1")
    demo.work()
    assert (kept(demo, found).status, refunded(demo)) == ("awaiting", "0.00")
    received(demo, found, Inspection("1", "received", grade="A"), key="r2")
    demo.work()
    assert (kept(demo, found).status, refunded(demo), demo.available("tee-m")) == ("done", "19.80", 6)
    assert [(one.grade, one.disposition) for one in lying_of(demo, found)] == [("A", "shelf")]
    assert replayed(kept(demo, found)) == kept(demo, found)


def test_taking_up_again_needs_a_reason(demo: TestShop):
    with pytest.raises(InvalidInput):
        reopen(demo.app, demo.shop, return_id=cancelled(demo, opened(demo)).id, actor=SAM, why="", key="o1")


def test_the_history_in_the_database_tells_the_whole_state(tmp_path: Path):
    with a_shop(tmp_path, approval="review") as demo:
        found = opened(demo, quantity=2)
        decline(demo.app, demo.shop, return_id=found.id, actor=SAM, why="too late", key="d1")
        reopened(demo, found)
        approve(demo.app, demo.shop, return_id=found.id, actor=SAM, why="", key="a1")
        received(
            demo,
            found,
            Inspection("1", "received", grade="A", quantity=1),
            Inspection("1", "missing", quantity=1),
        )
        demo.work()
        told = kept(demo, found)
        assert told.status == "incomplete"
        assert replayed(told) == told
