"""Batches between locations in the database: no unit is lost or doubled, and two people do not pack the same one."""

from contextlib import suppress

import pytest

from connector.services import back_room, transfer_goods
from connector.services.errors import InvalidInput, NotFound
from connector.services.follow_return import view
from connector.services.place_anew import NewPlace, place_anew
from connector.storage import goods_store
from domain.errors import IllegalStep
from domain.events import Actor
from domain.stockroom import BatchState, Misplaced
from tests.connector.services.test_approve_at_counter import take_in
from tests.connector.services.test_story import opened
from tests.counters import Counter, acting, counter, location
from tests.shops import TestShop


class Depot:
    """Two locations, units at the first, and a batch between them."""

    def __init__(self, demo: TestShop, units: int = 2) -> None:
        self.demo = demo
        self.at: Counter = counter(demo)
        self.lee: Actor = acting(demo, self.at, self.at.lee)
        self.there = location(demo, name="Warehouse")
        take_in(demo, opened(demo, quantity=units), self.lee)
        self.ids = [one.id for one in self.lying(self.at.location.id)]
        self.batch = self.opened("first")

    def opened(self, key: str) -> str:
        ends = {"origin_id": self.at.location.id, "destination_id": self.there.id}
        return transfer_goods.open_batch(self.demo.app, self.demo.shop, **ends, actor=self.lee, key=key)

    def do(self, name: str, batch: str = "", **said: object) -> None:
        act = getattr(transfer_goods, name)
        act(self.demo.app, self.demo.shop, batch_id=batch or self.batch, actor=self.lee, **said)

    def lying(self, at: int) -> list[goods_store.KeptGoods]:
        piles = back_room.look(self.demo.app, self.demo.shop, location_id=at).piles
        return [one for pile in piles for one in pile.goods]

    def state(self, batch: str = "") -> str:
        return transfer_goods.view(self.demo.app, self.demo.shop, batch_id=batch or self.batch).batch.state


@pytest.fixture
def depot(demo: TestShop) -> Depot:
    return Depot(demo)


def test_what_is_packed_and_sent_arrives_at_the_other_location(depot: Depot):
    depot.do("pack", ids=depot.ids)
    assert len(depot.lying(depot.at.location.id)) == 2
    depot.do("ship", why="DHL 1")
    assert depot.lying(depot.at.location.id) == []
    depot.do("receive", ids=[one.lower() for one in depot.ids])
    assert [one.id for one in depot.lying(depot.there.id)] == depot.ids
    batch = transfer_goods.view(depot.demo.app, depot.demo.shop, batch_id=depot.batch).batch
    assert batch.state is BatchState.RECEIVED
    assert [entry.act for entry in batch.history] == ["opened", "packed", "packed", "shipped", "received"]
    assert batch.history[-1].details["arrived"] == sorted(depot.ids)


def test_packing_twice_is_once_and_another_batch_gets_nothing_of_it(depot: Depot):
    first, second = depot.ids
    for _ in range(2):
        depot.do("pack", ids=[first])
    other = depot.opened("second")
    with pytest.raises(IllegalStep):
        depot.do("pack", other, ids=[second, first])
    assert transfer_goods.view(depot.demo.app, depot.demo.shop, batch_id=other).goods == ()
    depot.do("unpack", ids=[first])
    depot.do("pack", other, ids=[first])


def test_what_is_missing_turns_up_or_is_given_up_with_a_reason(depot: Depot):
    first, second = depot.ids
    depot.do("pack", ids=depot.ids)
    depot.do("ship")
    depot.do("receive", ids=[])
    assert depot.state() == "different"
    assert back_room.look(depot.demo.app, depot.demo.shop, location_id=None).units == 0
    depot.do("find", ids=[first])
    with pytest.raises(InvalidInput):
        depot.do("give_up", ids=[second], why="")
    depot.do("give_up", ids=[second], why="fell off the lorry")
    assert depot.state() == "received"
    assert [one.id for one in depot.lying(depot.there.id)] == [first]


def test_what_is_given_up_is_taken_off_sale_once_and_its_return_tells(depot: Depot):
    demo, (first, second) = depot.demo, depot.ids
    demo.work()
    on_sale = demo.available("tee-m")
    depot.do("pack", ids=depot.ids)
    depot.do("ship")
    depot.do("receive", ids=[])
    for ids in ([first], [first, second], [second]):
        with suppress(IllegalStep):
            depot.do("give_up", ids=ids, why="fell off the lorry")
        demo.work()
    assert demo.available("tee-m") == on_sale - 2
    with demo.app.database.read(demo.shop) as unit:
        (one, _) = goods_store.several(unit, depot.ids)
    noted = [
        entry for entry in view(demo.app, demo.shop, return_id=one.return_id).found.history if entry.act == "noted"
    ]
    assert [(entry.actor.name, entry.details["units"]) for entry in noted] == [("Lee", [first]), ("Lee", [second])]
    assert "fell off the lorry" in noted[0].why


def test_what_is_given_up_and_was_not_on_sale_changes_no_stock(depot: Depot):
    demo = depot.demo
    placing = NewPlace(tuple(depot.ids), "outlet", "a scratch")
    place_anew(demo.app, demo.shop, placing=placing, actor=depot.lee, key="p")
    demo.work()
    on_sale = demo.available("tee-m")
    depot.do("pack", ids=depot.ids)
    depot.do("ship")
    depot.do("receive", ids=[])
    depot.do("give_up", ids=depot.ids, why="fell off the lorry")
    demo.work()
    assert demo.available("tee-m") == on_sale


def test_what_came_along_without_being_packed_is_taken_in_and_told(depot: Depot):
    first, second = depot.ids
    depot.do("pack", ids=[first])
    depot.do("ship")
    depot.do("receive", ids=[first, second])
    assert len(depot.lying(depot.there.id)) == 2
    history = transfer_goods.view(depot.demo.app, depot.demo.shop, batch_id=depot.batch).batch.history
    assert history[-1].details["extra"] == [second]


def test_what_is_refused_changes_nothing(depot: Depot):
    first, _ = depot.ids
    with pytest.raises(Misplaced):
        depot.do("ship")
    with pytest.raises(NotFound):
        depot.do("pack", ids=[first, "U-NONE-NONE"])
    with pytest.raises(NotFound):
        depot.do("pack", ids=[])
    with pytest.raises(IllegalStep):
        depot.do("receive", ids=[first])
    assert depot.state() == "packing"
    assert transfer_goods.view(depot.demo.app, depot.demo.shop, batch_id=depot.batch).goods == ()


def test_a_batch_that_is_given_up_lets_its_units_go(depot: Depot):
    depot.do("pack", ids=depot.ids)
    depot.do("cancel", why="not today")
    assert depot.state() == "cancelled"
    other = depot.opened("second")
    depot.do("pack", other, ids=depot.ids)


def test_a_batch_has_two_ends_and_is_opened_once_a_form(depot: Depot):
    assert depot.opened("first") == depot.batch
    here = depot.at.location.id
    with pytest.raises(InvalidInput):
        transfer_goods.open_batch(
            depot.demo.app, depot.demo.shop, origin_id=here, destination_id=here, actor=depot.lee, key="x"
        )


def test_a_unit_that_is_packed_is_not_done_with(depot: Depot):
    depot.do("pack", ids=depot.ids)
    with pytest.raises(IllegalStep):
        back_room.finish(depot.demo.app, depot.demo.shop, ids=depot.ids)
