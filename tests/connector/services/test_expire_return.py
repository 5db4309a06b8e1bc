"""What is not sent in time ends, after a reminder."""

from pathlib import Path

import pytest

from connector.jobs.catalogue import CATALOGUE
from connector.services import expire_return
from connector.services.expire_return import expire
from connector.services.quote_return import preview
from connector.services.request_return import Wish, open_return
from connector.services.ship_return import ship
from domain.errors import IllegalStep
from domain.events import Act
from domain.returns import Inspection
from tests.connector.services.test_lifecycle_story import kept, reopened
from tests.connector.services.test_story import acts, opened, received, refunded, wish
from tests.shops import ANN, SAM, TestShop, a_shop, order


def watched(demo: TestShop, **after: float) -> None:
    demo.clock.move(**after)
    CATALOGUE["watch_unsent"](demo.app, demo.shop, step=lambda _, act: act(), payload={})


def test_a_return_of_which_nothing_is_sent_is_reminded_of_then_ends_and_frees_its_units(demo: TestShop):
    found = opened(demo, quantity=2)
    watched(demo, days=22)
    assert acts(demo, found) == [Act.OPENED]
    watched(demo, days=1)
    watched(demo, days=1)
    assert acts(demo, found) == [Act.OPENED, Act.REMINDED]
    watched(demo, days=6)
    assert kept(demo, found).status == "expired"
    demo.clock.move(days=-30)
    assert opened(demo, quantity=2, key="k2").status == "awaiting"


def test_a_return_that_is_taken_up_again_has_its_whole_time_again(demo: TestShop):
    found = opened(demo)
    watched(demo, days=30)
    reopened(demo, found)
    watched(demo, days=22)
    assert kept(demo, found).status == "awaiting"
    watched(demo, days=8)
    assert kept(demo, found).status == "expired"


def test_withdrawals_have_no_end_and_hold_nobody_up(demo: TestShop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(expire_return, "MOST_AT_A_TIME", 1)
    demo.save_order(order(id="o2", number="#2", ship_to={"country": "DE", "postal_code": "1"}))
    items = [{"line_id": "l1", "quantity": 1, "reason": None, "resolution": "refund"}]
    shown = preview(demo.app, demo.shop, order_id="o2", items=items, kind="withdrawal")
    asked = Wish(order_id="o2", items=items, method="mail", quote_id=shown.id, kind="withdrawal")
    withdrawn = open_return(demo.app, demo.shop, wish=asked, actor=ANN, key="w1")
    demo.clock.move(hours=1)
    found = opened(demo)
    watched(demo, days=100)
    assert (kept(demo, withdrawn).status, kept(demo, found).status) == ("awaiting", "expired")


def test_a_parcel_on_its_way_does_not_end(demo: TestShop):
    found = opened(demo)
    ship(demo.app, demo.shop, return_id=found.id, tracking="", actor=ANN, key="s1")
    watched(demo, days=100)
    assert kept(demo, found).status == "in_transit"


def test_what_came_is_settled_once_the_rest_has_ended(demo: TestShop):
    asked = wish(demo)
    items = [{**item, "quantity": 1} for item in (*asked.items, *asked.items)]
    both = wish(demo, quantity=2)
    found = open_return(
        demo.app,
        demo.shop,
        wish=type(asked)(order_id="o1", items=items, method="mail", quote_id=both.quote_id),
        actor=ANN,
        key="k1",
    )
    received(demo, found, Inspection("1", "received", grade="A"))
    demo.work()
    assert refunded(demo) == "0.00"
    watched(demo, days=30)
    demo.work()
    assert refunded(demo) == "19.80"
    assert kept(demo, found).status == "done"


def test_staff_may_end_what_was_not_sent_and_only_that(demo: TestShop):
    found = opened(demo)
    ended = expire(demo.app, demo.shop, return_id=found.id, actor=SAM, why="they keep it", key="e1")
    assert (ended.status, ended.history[-1].why) == ("expired", "they keep it")
    with pytest.raises(IllegalStep):
        expire(demo.app, demo.shop, return_id=found.id, actor=SAM, why="", key="e2")


def test_what_waits_for_a_decision_does_not_end(tmp_path: Path):
    with a_shop(tmp_path, approval="review") as demo:
        found = opened(demo)
        watched(demo, days=100)
        assert kept(demo, found).status == "requested"
