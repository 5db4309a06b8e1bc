"""Batches of goods between locations: opened, packed, sent, taken in, and what was different settled."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from connector.application import Application
from connector.services.errors import InvalidInput, NotFound
from connector.services.locations import known
from connector.services.place_anew import lost
from connector.services.request_return import random_number
from connector.storage import command_store, goods_store, location_store, transfer_store
from connector.storage.database import Unit
from connector.storage.goods_store import KeptGoods
from connector.storage.location_store import Location
from connector.storage.shop_store import Shop
from domain import stockroom
from domain.events import Actor, Entry
from domain.stockroom import Batch, Goods, GoodsState, Moved

PREFIX = "TRF"
Act = Callable[[Unit, Batch, tuple[Goods, ...]], Moved]


class BatchView(Struct, frozen=True):
    """A batch with its two ends and the units that are in it now, or were when it was settled."""

    batch: Batch
    origin: Location
    destination: Location
    goods: tuple[KeptGoods, ...]
    packable: tuple[KeptGoods, ...] = ()


def open_batch(app: Application, shop: Shop, *, origin_id: int, destination_id: int, actor: Actor, key: str) -> str:
    """The id of a new batch between two locations, one a key; raises NotFound, InvalidInput."""
    if origin_id == destination_id:
        raise InvalidInput("A batch goes to another location than the one it leaves.", at="destination")

    def work(unit: Unit) -> str:
        done = command_store.get(unit, key)
        if done is not None:
            return str(done["batch"])
        origin, destination = known(unit, origin_id), known(unit, destination_id)
        if destination.closed_at is not None:
            raise InvalidInput("That location is closed.", at="destination")
        batch = Batch(random_number(PREFIX, app.token(), parts=2), origin.id, destination.id)
        opened = replace(batch, history=(Entry(at=app.clock(), actor=actor, act="opened"),))
        transfer_store.add(unit, opened, at=app.clock())
        command_store.keep(unit, key, result={"batch": batch.id}, at=app.clock())
        return batch.id

    return app.database.write(shop, work)


def latest(app: Application, shop: Shop) -> tuple[BatchView, ...]:
    """The newest batches, newest first."""
    with app.database.read(shop) as unit:
        places = {one.id: one for one in location_store.list_locations(unit)}
        return tuple(
            BatchView(one, places[one.origin_id], places[one.destination_id], goods_store.in_batch(unit, one.id))
            for one in transfer_store.latest(unit)
        )


def view(app: Application, shop: Shop, *, batch_id: str) -> BatchView:
    """A batch with all that is in it, and what could still be packed; raises NotFound."""
    with app.database.read(shop) as unit:
        batch = _batch(unit, batch_id)
        origin, destination = known(unit, batch.origin_id), known(unit, batch.destination_id)
        inside = goods_store.in_batch(unit, batch.id)
        lying = goods_store.lying(unit, location_id=batch.origin_id)
    packable = tuple(one for one in lying if one.batch_id is None)
    return BatchView(batch, origin, destination, inside, packable)


def pack(app: Application, shop: Shop, *, batch_id: str, ids: Sequence[str], actor: Actor) -> None:
    """Pack units; those that are in this batch already stay. Raises NotFound, IllegalStep, Misplaced, Conflict."""

    def act(unit: Unit, batch: Batch, inside: tuple[Goods, ...]) -> Moved:
        packed = {one.id for one in inside}
        news = [one for one in _places(unit, ids) if one.id not in packed]
        return _each(batch, news, lambda to, one: stockroom.pack(to, one, entry=_entry(app, actor, "packed", [one.id])))

    _change(app, shop, batch_id, act)


def unpack(app: Application, shop: Shop, *, batch_id: str, ids: Sequence[str], actor: Actor) -> None:
    """Take units out again; raises NotFound, IllegalStep, Misplaced, Conflict."""

    def act(unit: Unit, batch: Batch, _: tuple[Goods, ...]) -> Moved:
        return _each(
            batch,
            _places(unit, ids),
            lambda to, one: stockroom.unpack(to, one, entry=_entry(app, actor, "unpacked", [one.id])),
        )

    _change(app, shop, batch_id, act)


def ship(app: Application, shop: Shop, *, batch_id: str, actor: Actor, why: str = "") -> None:
    """Send a batch; `why` may name the carrier and the number. Raises NotFound, IllegalStep, Misplaced, Conflict."""

    def act(_: Unit, batch: Batch, inside: tuple[Goods, ...]) -> Moved:
        return stockroom.ship(batch, inside, entry=_entry(app, actor, "shipped", _ids(inside), why=why))

    _change(app, shop, batch_id, act)


def cancel(app: Application, shop: Shop, *, batch_id: str, actor: Actor, why: str = "") -> None:
    """Give up a batch that was not sent; raises NotFound, IllegalStep, Conflict."""

    def act(_: Unit, batch: Batch, inside: tuple[Goods, ...]) -> Moved:
        return stockroom.cancel(batch, inside, entry=_entry(app, actor, "cancelled", _ids(inside), why=why))

    _change(app, shop, batch_id, act)


def receive(app: Application, shop: Shop, *, batch_id: str, ids: Sequence[str], actor: Actor, why: str = "") -> None:
    """Take in what arrived; what is in the batch and not among it is missing, what else came is taken in, too.

    Raises NotFound for a code that is none, IllegalStep, Misplaced, Conflict.
    """

    def act(unit: Unit, batch: Batch, inside: tuple[Goods, ...]) -> Moved:
        packed = set(_ids(inside))
        came = _places(unit, ids) if ids else ()
        arrived = {one.id for one in came if one.id in packed}
        extra = [one for one in came if one.id not in packed]
        details = {"arrived": sorted(arrived), "missing": sorted(packed - arrived), "extra": _ids(extra)}
        entry = Entry(at=app.clock(), actor=actor, act="received", why=why, details=details)
        return stockroom.receive(batch, inside, arrived=arrived, extra=extra, entry=entry)

    _change(app, shop, batch_id, act)


def find(app: Application, shop: Shop, *, batch_id: str, ids: Sequence[str], actor: Actor, why: str = "") -> None:
    """Missing units turned up at the destination; raises NotFound, IllegalStep, Misplaced, Conflict."""
    _settle(app, shop, batch_id, ids=ids, step=stockroom.find, entry=_entry(app, actor, "found", ids, why=why))


def give_up(app: Application, shop: Shop, *, batch_id: str, ids: Sequence[str], actor: Actor, why: str) -> None:
    """Missing units are given up as lost, and are on sale no more.

    Raises InvalidInput without a reason, NotFound, IllegalStep, Conflict.
    """
    if not why:
        raise InvalidInput("Say why it is given up. It stands in the history.", at="why")
    _settle(app, shop, batch_id, ids=ids, step=stockroom.give_up, entry=_entry(app, actor, "lost", ids, why=why))


def _settle(
    app: Application, shop: Shop, batch_id: str, *, ids: Sequence[str], step: Callable[..., Moved], entry: Entry
) -> None:
    def act(unit: Unit, batch: Batch, inside: tuple[Goods, ...]) -> Moved:
        left = list(inside)
        moved = Moved(batch, ())
        for one in _places(unit, ids):
            after = step(moved.batch, left, one, entry=replace(entry, details={"goods": [one.id]}))
            left = [other for other in left if other.id != one.id]
            moved = Moved(after.batch, (*moved.goods, *after.goods))
        return moved

    _change(app, shop, batch_id, act)


def _change(app: Application, shop: Shop, batch_id: str, act: Act) -> None:
    def work(unit: Unit) -> None:
        batch = _batch(unit, batch_id)
        inside = tuple(one.place for one in goods_store.in_batch(unit, batch.id))
        moved = act(unit, batch, inside)
        if moved.batch == batch:
            return
        before = {one.id: one for one in goods_store.several(unit, _ids(moved.goods))}
        transfer_store.save(unit, moved.batch, before=batch)
        for one in moved.goods:
            goods_store.move(unit, one, before=before[one.id].place, at=app.clock())
        gone = [before[one.id] for one in moved.goods if one.state is GoodsState.LOST]
        last = moved.batch.history[-1]
        lost(app, unit, [replace(one, location_id=batch.origin_id) for one in gone], actor=last.actor, why=last.why)

    app.database.write(shop, work)


def _each(batch: Batch, several: Sequence[Goods], step: Callable[[Batch, Goods], Moved]) -> Moved:
    moved = Moved(batch, ())
    for one in several:
        after = step(moved.batch, one)
        moved = Moved(after.batch, (*moved.goods, *after.goods))
    return moved


def _batch(unit: Unit, batch_id: str) -> Batch:
    found = transfer_store.get(unit, batch_id.strip().upper())
    if found is None:
        raise NotFound("There is no such batch in this shop.")
    return found


def _places(unit: Unit, ids: Sequence[str]) -> tuple[Goods, ...]:
    """Where units of these codes are; raises NotFound for a code that is none."""
    wanted = {one.strip().upper() for one in ids if one.strip()}
    found = goods_store.several(unit, wanted)
    strange = wanted - {one.id for one in found}
    if strange or not wanted:
        raise NotFound(f"There is no unit {min(strange)} in this shop." if strange else "Pick or scan a unit.")
    return tuple(one.place for one in found)


def _ids(several: Sequence[Goods]) -> list[str]:
    return [one.id for one in several]


def _entry(app: Application, actor: Actor, act: str, ids: Sequence[str], *, why: str = "") -> Entry:
    return Entry(at=app.clock(), actor=actor, act=act, why=why, details={"goods": list(ids)})
