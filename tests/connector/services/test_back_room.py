"""What came back lies at the location of who took it in, until it is done with."""

import pytest

from connector.services import back_room
from connector.services.errors import NotFound
from connector.storage import goods_store
from domain.disposition import DESTINATIONS
from domain.events import Actor
from domain.returns import Inspection
from tests.connector.services.test_approve_at_counter import take_in
from tests.connector.services.test_story import opened
from tests.counters import acting, counter, opened_of
from tests.shops import SAM, TestShop, line, order


def stowed(demo: TestShop, location_id: int | None = None) -> list[tuple[str, str, int | None]]:
    found = back_room.look(demo.app, demo.shop, location_id=location_id)
    return [(pile.disposition, one.title, one.location_id) for pile in found.piles for one in pile.goods]


def test_each_unit_lies_where_it_was_taken_in_with_a_share_of_what_was_given(demo: TestShop):
    at = counter(demo)
    found = opened(demo, quantity=2)
    take_in(demo, found, acting(demo, at, at.lee))
    shelves = back_room.look(demo.app, demo.shop, location_id=at.location.id)
    assert shelves.units == 2
    (pile,) = shelves.piles
    assert pile.disposition == DESTINATIONS["A"]
    assert len({one.id for one in pile.goods}) == 2
    assert {(one.location_id, one.received_by, one.sku, one.grade) for one in pile.goods} == {
        (at.location.id, "Lee", "TEE-M", "A")
    }
    assert shelves.worth == ((3600, "USD", 2),)
    assert stowed(demo, at.location.id) == stowed(demo)


def test_what_a_program_takes_in_lies_at_no_location(demo: TestShop):
    take_in(demo, opened(demo), SAM)
    assert stowed(demo) == [(DESTINATIONS["A"], "Tee, M", None)]
    (only,) = back_room.stock(demo.app, demo.shop)
    assert (only.location, only.units) == (None, 1)


def test_stock_is_told_by_location(demo: TestShop):
    at = counter(demo)
    for n, actor in enumerate((acting(demo, at, at.lee), SAM, SAM)):
        demo.save_order(order(id=f"o{n}", number=f"#{n}", lines=[line()]))
        take_in(demo, opened_of(demo, f"o{n}"), actor)
    told = {one.location.name if one.location else "": one.units for one in back_room.stock(demo.app, demo.shop)}
    assert told == {"Main street": 1, "": 2}


def test_what_is_old_comes_first_and_its_age_is_told(demo: TestShop):
    at = counter(demo)
    for n in range(2):
        demo.save_order(order(id=f"o{n}", number=f"#{n}", lines=[line()]))
        take_in(demo, opened_of(demo, f"o{n}"), acting(demo, at, at.lee))
        demo.clock.move(days=10)
    shelves = back_room.look(demo.app, demo.shop, location_id=None)
    times = [one.received_at for one in shelves.piles[0].goods]
    assert times == sorted(times)
    assert [bucket.units for bucket in shelves.ages] == [0, 0, 1, 1, 0]


def test_what_is_done_with_leaves_the_back_room_once(demo: TestShop):
    take_in(demo, opened(demo, quantity=2), SAM)
    first, _ = back_room.look(demo.app, demo.shop, location_id=None).piles[0].goods
    for _ in range(2):
        assert back_room.finish(demo.app, demo.shop, ids=[first.id.lower()]) == 1
    assert len(stowed(demo)) == 1
    with demo.app.database.read(demo.shop) as unit:
        assert goods_store.several(unit, [first.id])[0].state == "done"
    with pytest.raises(NotFound):
        back_room.finish(demo.app, demo.shop, ids=["U-NONE"])


def test_what_did_not_come_lies_nowhere(demo: TestShop):
    from connector.services.receive_return import receive

    found = opened(demo)
    receive(
        demo.app, demo.shop, return_id=found.id, inspections=[Inspection("1", "missing")], quote_id=None,
        actor=Actor("staff", "Sam"), key="k",
    )  # fmt: skip
    assert stowed(demo) == []


def test_a_location_that_is_none_is_not_found(demo: TestShop):
    with pytest.raises(NotFound):
        back_room.look(demo.app, demo.shop, location_id=99)
