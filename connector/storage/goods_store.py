"""The units in a shop's back rooms, each with where it is; a change that does not follow what was read is refused."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement

from connector.storage.database import Unit
from connector.storage.errors import Conflict
from connector.storage.scope import add_all, changed, rows, selected
from connector.storage.tables.goods_tables import goods
from domain.stockroom import Goods, GoodsState


class KeptGoods(Struct, frozen=True):
    """A unit with what it is; `amount` is what its return gives for it, in minor units."""

    id: str
    return_id: str
    group_id: str
    variant_id: str | None
    sku: str | None
    title: str
    grade: str
    disposition: str
    amount: int
    currency: str
    digits: int
    location_id: int | None
    state: str
    batch_id: str | None
    received_at: datetime
    moved_at: datetime
    received_by: str

    @property
    def place(self) -> Goods:
        """Where it is, for the rules."""
        return Goods(self.id, self.location_id, state=GoodsState(self.state), batch_id=self.batch_id)


NAMES = KeptGoods.__struct_fields__
LYING = (GoodsState.HERE, GoodsState.PACKED)


def add(unit: Unit, several: Sequence[KeptGoods]) -> None:
    """Add units; raises Duplicate."""
    add_all(unit, goods, [{name: getattr(one, name) for name in NAMES} for one in several])


def several(unit: Unit, ids: Iterable[str]) -> tuple[KeptGoods, ...]:
    """The units of these ids, as far as they are the shop's."""
    return _read(unit, goods.c.id.in_(sorted(ids)))


def lying(unit: Unit, *, location_id: int | None = None) -> tuple[KeptGoods, ...]:
    """The units that lie in back rooms, or in that of one location; oldest first."""
    here = () if location_id is None else (goods.c.location_id == location_id,)
    return _read(unit, goods.c.state.in_(LYING), *here)


def in_batch(unit: Unit, batch_id: str) -> tuple[KeptGoods, ...]:
    """The units that are in a batch now."""
    return _read(unit, goods.c.batch_id == batch_id)


def move(unit: Unit, after: Goods, *, before: Goods, at: datetime) -> None:
    """Note where a unit is now; raises Conflict when it is not any more where it was."""
    was = (goods.c.id == before.id) & (goods.c.state == before.state)
    in_same_batch = goods.c.batch_id.is_not_distinct_from(before.batch_id)
    now = {"state": after.state, "location_id": after.location_id, "batch_id": after.batch_id, "moved_at": at}
    if not unit.connection.execute(changed(unit, goods, was, in_same_batch).values(now)).rowcount:
        raise Conflict(f"unit '{before.id}' was moved by somebody else")


def place(unit: Unit, before: KeptGoods, *, disposition: str, at: datetime) -> None:
    """Note where else a unit goes; raises Conflict when it is not any more where it was."""
    was = (goods.c.id == before.id) & (goods.c.state == before.state) & (goods.c.disposition == before.disposition)
    if not unit.connection.execute(changed(unit, goods, was).values(disposition=disposition, moved_at=at)).rowcount:
        raise Conflict(f"unit '{before.id}' was moved by somebody else")


def _read(unit: Unit, *conditions: ColumnElement[bool]) -> tuple[KeptGoods, ...]:
    found = rows(unit, selected(unit, goods, *conditions).order_by(goods.c.received_at, goods.c.id))
    return tuple(_kept(one) for one in found)


def _kept(found: Mapping[str, Any]) -> KeptGoods:
    return KeptGoods(**{name: found[name] for name in NAMES})
