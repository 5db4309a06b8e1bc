"""Units that came back and lie in a back room, and batches that take them from one location to another.

A unit is in one place: at a location, packed there for a batch, on its way, or missing after a batch arrived.
Every act gives the units and the batch after it, or raises; nothing of it is kept here.
"""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from domain.errors import DomainError
from domain.events import Entry
from domain.transitions import Table, advance


class GoodsState(StrEnum):
    """Where a unit is in its way; `done` left the back room for good, `lost` was given up."""

    HERE = "here"
    PACKED = "packed"
    TRAVELLING = "travelling"
    MISSING = "missing"
    DONE = "done"
    LOST = "lost"


GOODS: Table = {
    GoodsState.HERE: {"pack": GoodsState.PACKED, "finish": GoodsState.DONE, "carry_over": GoodsState.HERE},
    GoodsState.PACKED: {"unpack": GoodsState.HERE, "ship": GoodsState.TRAVELLING},
    GoodsState.TRAVELLING: {"arrive": GoodsState.HERE, "miss": GoodsState.MISSING},
    GoodsState.MISSING: {"arrive": GoodsState.HERE, "give_up": GoodsState.LOST},
    GoodsState.DONE: {},
    GoodsState.LOST: {},
}
"""What may be done to a unit; `carry_over` is a unit that came along with a batch without being packed."""


class BatchState(StrEnum):
    """How far a batch is; `different` arrived with something missing that nobody has settled."""

    PACKING = "packing"
    SHIPPED = "shipped"
    DIFFERENT = "different"
    RECEIVED = "received"
    CANCELLED = "cancelled"


BATCH: Table = {
    BatchState.PACKING: {
        "pack": BatchState.PACKING,
        "unpack": BatchState.PACKING,
        "ship": BatchState.SHIPPED,
        "cancel": BatchState.CANCELLED,
    },
    BatchState.SHIPPED: {"receive": BatchState.RECEIVED, "find_different": BatchState.DIFFERENT},
    BatchState.DIFFERENT: {
        "find": BatchState.DIFFERENT,
        "give_up": BatchState.DIFFERENT,
        "settle": BatchState.RECEIVED,
    },
    BatchState.RECEIVED: {},
    BatchState.CANCELLED: {},
}


class Misplaced(DomainError):
    """A unit is not where an act needs it; the message says where it is."""

    code = "misplaced"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Goods(Struct, frozen=True):
    """One unit: `location_id` is None while it travels, is missing or lost; `batch_id` names the batch it is in."""

    id: str
    location_id: int | None
    state: GoodsState = GoodsState.HERE
    batch_id: str | None = None


class Batch(Struct, frozen=True):
    """Units that go together from one location to another, with all that happened to them."""

    id: str
    origin_id: int
    destination_id: int
    state: BatchState = BatchState.PACKING
    history: tuple[Entry, ...] = ()
    version: int = 0


class Moved(Struct, frozen=True):
    """A batch after an act, with the units that it changed."""

    batch: Batch
    goods: tuple[Goods, ...]


def finish(one: Goods) -> Goods:
    """A unit that left the back room for where it was to go; raises IllegalStep."""
    return replace(one, state=_after(one, "finish"))


def pack(batch: Batch, one: Goods, *, entry: Entry) -> Moved:
    """Pack a unit that lies where the batch begins; raises IllegalStep, Misplaced."""
    moved = _stepped(batch, "pack", entry)
    state = _after(one, "pack")
    if one.location_id != batch.origin_id:
        raise Misplaced("That unit is not at the location from which this batch leaves.")
    return Moved(moved, (replace(one, state=state, batch_id=batch.id),))


def unpack(batch: Batch, one: Goods, *, entry: Entry) -> Moved:
    """Take a unit out of a batch that was not sent; raises IllegalStep, Misplaced."""
    moved = _stepped(batch, "unpack", entry)
    _check_inside(batch, (one,))
    return Moved(moved, (_left(one, "unpack"),))


def ship(batch: Batch, goods: Sequence[Goods], *, entry: Entry) -> Moved:
    """Send a batch with all that is packed in it; raises IllegalStep, Misplaced for an empty one."""
    moved = _stepped(batch, "ship", entry)
    _check_inside(batch, goods)
    if not goods:
        raise Misplaced("Nothing is packed in this batch yet.")
    return Moved(moved, tuple(replace(one, state=_after(one, "ship"), location_id=None) for one in goods))


def cancel(batch: Batch, goods: Sequence[Goods], *, entry: Entry) -> Moved:
    """Give a batch up that was not sent: its units stay where they are; raises IllegalStep, Misplaced."""
    moved = _stepped(batch, "cancel", entry)
    _check_inside(batch, goods)
    return Moved(moved, tuple(_left(one, "unpack") for one in goods))


def receive(
    batch: Batch, goods: Sequence[Goods], *, arrived: Collection[str], extra: Sequence[Goods], entry: Entry
) -> Moved:
    """Take a batch in: what arrived is at the destination, the rest is missing, `extra` came without being packed.

    Raises IllegalStep, Misplaced for an extra unit that is in a batch itself or lies elsewhere than where it began.
    """
    _check_inside(batch, goods)
    missing = [one.id for one in goods if one.id not in arrived]
    moved = _stepped(batch, "find_different" if missing else "receive", entry)
    for one in extra:
        if one.state is not GoodsState.HERE or one.location_id != batch.origin_id:
            raise Misplaced(f"Unit {one.id} cannot have come with this batch. Look where it is first.")
    came = [_at(one, batch, act="arrive") for one in goods if one.id in arrived]
    lost = [replace(one, state=_after(one, "miss")) for one in goods if one.id in missing]
    return Moved(moved, (*came, *lost, *(_at(one, batch, act="carry_over") for one in extra)))


def find(batch: Batch, goods: Sequence[Goods], one: Goods, *, entry: Entry) -> Moved:
    """A missing unit turned up at the destination; the last one settles the batch. Raises IllegalStep, Misplaced."""
    _check_inside(batch, (one,))
    return Moved(_settled(batch, goods, one, act="find", entry=entry), (_at(one, batch, act="arrive"),))


def give_up(batch: Batch, goods: Sequence[Goods], one: Goods, *, entry: Entry) -> Moved:
    """A missing unit is given up as lost; the last one settles the batch. Raises IllegalStep, Misplaced."""
    _check_inside(batch, (one,))
    gone = replace(one, state=_after(one, "give_up"))
    return Moved(_settled(batch, goods, one, act="give_up", entry=entry), (gone,))


def _settled(batch: Batch, goods: Iterable[Goods], one: Goods, *, act: str, entry: Entry) -> Batch:
    others = [other for other in goods if other.id != one.id and other.state is GoodsState.MISSING]
    moved = _stepped(batch, act, entry)
    return moved if others else replace(moved, state=BatchState(advance(BATCH, moved.state, "settle")))


def _stepped(batch: Batch, act: str, entry: Entry) -> Batch:
    state = BatchState(advance(BATCH, batch.state, act))
    return replace(batch, state=state, history=(*batch.history, entry))


def _after(one: Goods, act: str) -> GoodsState:
    return GoodsState(advance(GOODS, one.state, act))


def _left(one: Goods, act: str) -> Goods:
    return replace(one, state=_after(one, act), batch_id=None)


def _at(one: Goods, batch: Batch, *, act: str) -> Goods:
    return replace(one, state=_after(one, act), location_id=batch.destination_id, batch_id=None)


def _check_inside(batch: Batch, goods: Iterable[Goods]) -> None:
    for one in goods:
        if one.batch_id != batch.id:
            raise Misplaced(f"Unit {one.id} is not in this batch.")
