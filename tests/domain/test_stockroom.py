"""Units and batches: a unit is in one place whatever is packed, sent, taken in, found or given up."""

from datetime import UTC, datetime

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from msgspec.structs import replace

from domain import stockroom
from domain.errors import DomainError, IllegalStep
from domain.events import SYSTEM, Entry
from domain.stockroom import BATCH, GOODS, Batch, BatchState, Goods, GoodsState, Misplaced, Moved
from domain.transitions import advance

NOTE = Entry(at=datetime(2026, 11, 20, tzinfo=UTC), actor=SYSTEM, act="moved")
HERE, THERE = 1, 2
EMPTY = Batch("B", HERE, THERE)


def packed(*ids: str) -> tuple[Batch, tuple[Goods, ...]]:
    batch, units = EMPTY, []
    for id_ in ids:
        moved = stockroom.pack(batch, Goods(id_, HERE), entry=NOTE)
        batch, units = moved.batch, [*units, *moved.goods]
    return batch, tuple(units)


def shipped(*ids: str) -> tuple[Batch, tuple[Goods, ...]]:
    moved = stockroom.ship(*packed(*ids), entry=NOTE)
    return moved.batch, moved.goods


def taken_in(ids: str, arrived: str, extra: tuple[Goods, ...] = ()) -> Moved:
    return stockroom.receive(*shipped(*ids), arrived=set(arrived), extra=extra, entry=NOTE)


def test_what_is_packed_sent_and_arrives_is_at_the_destination_and_in_no_batch():
    moved = taken_in("ab", "ab")
    assert moved.batch.state is BatchState.RECEIVED
    assert {(one.location_id, one.state, one.batch_id) for one in moved.goods} == {(THERE, GoodsState.HERE, None)}
    assert len(moved.batch.history) == 4


def test_what_does_not_arrive_is_missing_until_it_turns_up_or_is_given_up():
    moved = taken_in("abc", "a")
    assert moved.batch.state is BatchState.DIFFERENT
    missing = [one for one in moved.goods if one.state is GoodsState.MISSING]
    assert [(one.id, one.location_id, one.batch_id) for one in missing] == [("b", None, "B"), ("c", None, "B")]
    found = stockroom.find(moved.batch, missing, missing[0], entry=NOTE)
    assert (found.batch.state, found.goods[0].location_id) == (BatchState.DIFFERENT, THERE)
    rest = [*found.goods, missing[1]]
    lost = stockroom.give_up(found.batch, rest, missing[1], entry=NOTE)
    assert (lost.batch.state, lost.goods[0].state) == (BatchState.RECEIVED, GoodsState.LOST)


def test_what_came_along_without_being_packed_is_at_the_destination_too():
    moved = taken_in("a", "a", (Goods("x", HERE),))
    assert [(one.id, one.location_id) for one in moved.goods] == [("a", THERE), ("x", THERE)]


@pytest.mark.parametrize(
    "stray", [Goods("x", 3), Goods("x", HERE, GoodsState.PACKED, "C"), Goods("x", None, GoodsState.TRAVELLING, "C")]
)
def test_what_is_elsewhere_or_in_another_batch_did_not_come_along(stray: Goods):
    with pytest.raises(Misplaced):
        taken_in("a", "a", (stray,))


def test_a_unit_is_in_one_batch_at_most():
    batch, (one,) = packed("a")
    with pytest.raises(IllegalStep):
        stockroom.pack(replace(EMPTY, id="C"), one, entry=NOTE)
    with pytest.raises(Misplaced):
        stockroom.unpack(replace(batch, id="C"), one, entry=NOTE)


def test_what_lies_at_another_location_is_not_packed():
    with pytest.raises(Misplaced):
        stockroom.pack(EMPTY, Goods("a", THERE), entry=NOTE)


def test_an_empty_batch_is_not_sent_and_one_that_was_sent_is_not_changed():
    with pytest.raises(Misplaced):
        stockroom.ship(EMPTY, (), entry=NOTE)
    batch, units = shipped("a")
    for act in (stockroom.ship, stockroom.cancel):
        with pytest.raises(IllegalStep):
            act(batch, units, entry=NOTE)
    with pytest.raises(IllegalStep):
        stockroom.pack(batch, Goods("b", HERE), entry=NOTE)


@pytest.mark.parametrize("table", [GOODS, BATCH])
def test_every_step_of_every_state_leads_where_the_table_says_or_is_refused(table):
    acts = {act for steps in table.values() for act in steps}
    for state, steps in table.items():
        for act in acts:
            if act in steps:
                assert advance(table, state, act) in table
            else:
                with pytest.raises(IllegalStep):
                    advance(table, state, act)


class Warehouses(RuleBasedStateMachine):
    """Three locations among which units wander in batches, with everything that goes wrong."""

    units, batches = Bundle("units"), Bundle("batches")

    def __init__(self) -> None:
        super().__init__()
        self.goods: dict[str, Goods] = {}
        self.shipments: dict[str, Batch] = {}

    def inside(self, batch_id: str) -> tuple[Goods, ...]:
        return tuple(one for one in self.goods.values() if one.batch_id == batch_id)

    def attempt(self, act, *arguments, **said) -> bool:
        """Carry an act out, or see that a refusal changes nothing."""
        try:
            moved: Moved = act(*arguments, entry=NOTE, **said)
        except DomainError:
            return False
        self.shipments[moved.batch.id] = moved.batch
        changed = {one.id: one for one in moved.goods}
        assert len(changed) == len(moved.goods)
        assert set(changed) <= set(self.goods)
        self.goods.update(changed)
        return True

    @rule(target=units, location=st.integers(1, 3))
    def take_in(self, location: int) -> str:
        id_ = f"u{len(self.goods)}"
        self.goods[id_] = Goods(id_, location)
        return id_

    @rule(target=batches, origin=st.integers(1, 3), step=st.integers(1, 2))
    def open_batch(self, origin: int, step: int) -> str:
        id_ = f"b{len(self.shipments)}"
        self.shipments[id_] = Batch(id_, origin, (origin + step - 1) % 3 + 1)
        return id_

    @rule(batch=batches, unit=units)
    def pack(self, batch: str, unit: str) -> None:
        self.attempt(stockroom.pack, self.shipments[batch], self.goods[unit])

    @rule(batch=batches, unit=units)
    def unpack(self, batch: str, unit: str) -> None:
        self.attempt(stockroom.unpack, self.shipments[batch], self.goods[unit])

    @rule(batch=batches)
    def ship(self, batch: str) -> None:
        self.attempt(stockroom.ship, self.shipments[batch], self.inside(batch))

    @rule(batch=batches)
    def cancel(self, batch: str) -> None:
        self.attempt(stockroom.cancel, self.shipments[batch], self.inside(batch))

    @rule(batch=batches, arrived=st.sets(units), extra=st.lists(units, max_size=2, unique=True))
    def receive(self, batch: str, arrived: set[str], extra: list[str]) -> None:
        inside = self.inside(batch)
        strays = [self.goods[one] for one in extra if self.goods[one] not in inside]
        self.attempt(stockroom.receive, self.shipments[batch], inside, arrived=arrived, extra=strays)

    @rule(batch=batches, unit=units)
    def find(self, batch: str, unit: str) -> None:
        self.attempt(stockroom.find, self.shipments[batch], self.inside(batch), self.goods[unit])

    @rule(batch=batches, unit=units)
    def give_up(self, batch: str, unit: str) -> None:
        self.attempt(stockroom.give_up, self.shipments[batch], self.inside(batch), self.goods[unit])

    @rule(unit=consumes(units))
    def finish(self, unit: str) -> None:
        if self.goods[unit].state is GoodsState.HERE:
            self.goods[unit] = stockroom.finish(self.goods[unit])

    @invariant()
    def every_unit_is_in_one_place(self) -> None:
        for one in self.goods.values():
            at_a_location = one.state in (GoodsState.HERE, GoodsState.PACKED, GoodsState.DONE)
            assert (one.location_id is not None) is at_a_location
            in_a_batch = one.state in (GoodsState.PACKED, GoodsState.TRAVELLING, GoodsState.MISSING, GoodsState.LOST)
            assert (one.batch_id is not None) is in_a_batch

    @invariant()
    def what_is_packed_lies_where_its_batch_begins(self) -> None:
        for one in self.goods.values():
            if one.state is GoodsState.PACKED:
                assert one.location_id == self.shipments[str(one.batch_id)].origin_id

    @invariant()
    def what_is_in_a_batch_is_as_far_as_the_batch(self) -> None:
        allowed = {
            BatchState.PACKING: {GoodsState.PACKED},
            BatchState.SHIPPED: {GoodsState.TRAVELLING},
            BatchState.DIFFERENT: {GoodsState.MISSING, GoodsState.LOST},
            BatchState.RECEIVED: {GoodsState.LOST},
            BatchState.CANCELLED: set(),
        }
        for batch in self.shipments.values():
            states = {one.state for one in self.inside(batch.id)}
            assert states <= allowed[batch.state]
            assert batch.state is not BatchState.DIFFERENT or GoodsState.MISSING in states


TestWarehouses = Warehouses.TestCase
"""No unit is lost or doubled, whatever happens in whatever order."""
