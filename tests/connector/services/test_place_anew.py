"""What lies in a back room is sent elsewhere: with a reason, stock follows once, and the return tells."""

import pytest

from connector.services import approve_at_counter, back_room
from connector.services.approve_at_counter import Given
from connector.services.errors import Conflict, InvalidInput, NeedsApproval
from connector.services.follow_return import view
from connector.services.place_anew import NewPlace, place_anew
from connector.services.transfer_goods import open_batch, pack
from connector.storage import goods_store
from connector.storage.goods_store import KeptGoods
from domain.events import Actor
from tests.connector.services.test_story import opened, received
from tests.counters import OWNERS_PIN, Counter, acting, counter, location
from tests.shops import TestShop


@pytest.fixture
def at(demo: TestShop) -> Counter:
    """A counter, and two units of one return that go back on sale."""
    here = counter(demo)
    received(demo, opened(demo, quantity=2))
    demo.work()
    assert demo.available("tee-m") == 7
    return here


def lying(demo: TestShop) -> tuple[KeptGoods, ...]:
    with demo.app.database.read(demo.shop) as unit:
        return goods_store.lying(unit)


def sent(demo: TestShop, actor: Actor, *units: KeptGoods, to: str, key: str = "p", why: str = "a scratch") -> int:
    placing = NewPlace(tuple(one.id for one in units), to, why)
    moved = place_anew(demo.app, demo.shop, placing=placing, actor=actor, key=key)
    demo.work()
    return moved


def told(demo: TestShop, one: KeptGoods) -> list[tuple[str, str, str]]:
    history = view(demo.app, demo.shop, return_id=one.return_id).found.history
    return [(entry.act, entry.actor.name, entry.why) for entry in history if entry.act in ("placed", "agreed")]


def test_what_leaves_the_shelf_is_taken_off_sale_once(demo: TestShop, at: Counter):
    lee, (one, other) = acting(demo, at, at.lee), lying(demo)
    assert sent(demo, lee, one, to="outlet") == 1
    assert sent(demo, lee, one, to="outlet") == 0
    assert demo.available("tee-m") == 6
    assert {kept.id: kept.disposition for kept in lying(demo)} == {one.id: "outlet", other.id: "shelf"}
    assert told(demo, one) == [("placed", "Lee", "a scratch")]


def test_back_on_sale_is_for_a_manager_and_stock_is_raised_once(demo: TestShop, at: Counter):
    lee, (one, _) = acting(demo, at, at.lee), lying(demo)
    sent(demo, lee, one, to="quarantine", key="1")
    (held,) = [kept for kept in lying(demo) if kept.id == one.id]
    with pytest.raises(NeedsApproval) as refusal:
        sent(demo, lee, held, to="shelf", key="2", why="it is fine")
    assert demo.available("tee-m") == 6
    given = Given("looked at it", at.kim.id, pin=OWNERS_PIN)
    approve_at_counter.approve(demo.app, demo.shop, wanted=refusal.value.wanted, given=given, actor=lee)
    sent(demo, lee, held, to="shelf", key="3", why="it is fine")
    assert demo.available("tee-m") == 7
    assert told(demo, one)[1:] == [("placed", "Lee", "it is fine"), ("agreed", "Kim", "looked at it")]


def test_a_manager_who_does_it_agrees_by_doing_it(demo: TestShop, at: Counter):
    kim, (one, other) = acting(demo, at, at.kim, OWNERS_PIN), lying(demo)
    sent(demo, kim, one, other, to="refurbish", key="1")
    assert demo.available("tee-m") == 5
    sent(demo, kim, *lying(demo), to="shelf", key="2")
    assert demo.available("tee-m") == 7


def test_it_needs_a_place_and_a_reason(demo: TestShop, at: Counter):
    lee, (one, _) = acting(demo, at, at.lee), lying(demo)
    with pytest.raises(InvalidInput):
        sent(demo, lee, one, to="moon")
    with pytest.raises(InvalidInput):
        sent(demo, lee, one, to="outlet", why="")


def test_what_is_packed_stays(demo: TestShop):
    at, there = counter(demo), location(demo, name="Warehouse")
    lee = acting(demo, at, at.lee)
    received(demo, opened(demo), actor=lee)
    (one,) = lying(demo)
    batch = open_batch(demo.app, demo.shop, origin_id=at.location.id, destination_id=there.id, actor=lee, key="b")
    pack(demo.app, demo.shop, batch_id=batch, ids=[one.id], actor=lee)
    with pytest.raises(Conflict):
        sent(demo, lee, one, to="outlet")
    assert back_room.look(demo.app, demo.shop, location_id=None).units == 1
