"""The back room: every unit that came back with where it lies, where it goes, and for how long it has been lying."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from connector.application import Application
from connector.services.errors import NotFound
from connector.services.quote_return import order_of
from connector.services.request_return import random_number
from connector.storage import counter_store, goods_store, location_store
from connector.storage.database import Unit
from connector.storage.goods_store import KeptGoods
from connector.storage.location_store import Location
from connector.storage.shop_store import Shop
from domain import stockroom
from domain.ageing import Bucket, Lying, aged, worth
from domain.disposition import DESTINATIONS
from domain.events import Actor, Post
from domain.money import split
from domain.orders import Order
from domain.returns import Return, UnitGroup
from domain.stockroom import GoodsState
from domain.transitions import Reception

PREFIX = "U"
"""How the code of a unit begins that stands on its label."""
TO_COME = frozenset({Reception.AWAITING, Reception.IN_TRANSIT, Reception.MISSING})


class Pile(Struct, frozen=True):
    """Units that go the same way, oldest first, and what was given for them by currency."""

    disposition: str
    goods: tuple[KeptGoods, ...]
    worth: tuple[tuple[int, str, int], ...]


class Shelves(Struct, frozen=True):
    """What lies at a location, or everywhere: by disposition, and by age."""

    location: Location | None
    piles: tuple[Pile, ...]
    ages: tuple[Bucket, ...]
    units: int
    worth: tuple[tuple[int, str, int], ...]


def stow(app: Application, unit: Unit, found: Return, *, before: Return, actor: Actor) -> None:
    """Note each unit that an inspection just sent somewhere, at the location of who took it in."""
    if found.groups == before.groups:
        return
    known = {group.id for group in before.groups if group.disposition}
    news = [group for group in found.groups if _is_in_back_room(group) and group.id not in known]
    order = order_of(unit, found.order_id)
    kept = [one for group in news for one in _units(app, found, group, order=order, actor=actor)]
    goods_store.add(unit, kept)
    if actor.post.staff_id is not None:
        counter_store.note_receiving(unit, found.id, post=actor.post, units=len(kept), at=app.clock())


def note_look(app: Application, shop: Shop, found: Return, *, post: Post) -> None:
    """Somebody opened a return to take it in: how long that takes is counted from here."""
    if post.staff_id is not None and any(group.reception in TO_COME for group in found.groups):
        staff_id, now = post.staff_id, app.clock()
        app.database.write(shop, lambda unit: counter_store.note_look(unit, found.id, staff_id=staff_id, at=now))


def look(app: Application, shop: Shop, *, location_id: int | None) -> Shelves:
    """What lies at a location, or everywhere with None; raises NotFound."""
    with app.database.read(shop) as unit:
        location = location_store.get(unit, location_id) if location_id is not None else None
        if location_id is not None and location is None:
            raise NotFound("There is no such location in this shop.")
        lying = goods_store.lying(unit, location_id=location_id)
    return _shelves(app, location, lying)


def stock(app: Application, shop: Shop) -> tuple[Shelves, ...]:
    """What lies at each location, and at none."""
    with app.database.read(shop) as unit:
        lying = goods_store.lying(unit)
        places = location_store.list_locations(unit)
    at = [
        (place, [one for one in lying if one.location_id == (place.id if place else None)]) for place in (*places, None)
    ]
    return tuple(_shelves(app, place, kept) for place, kept in at if kept)


def piles(lying: Sequence[KeptGoods]) -> tuple[Pile, ...]:
    """Units by where they go, what goes back on sale first."""
    order = list(dict.fromkeys((*DESTINATIONS.values(), *sorted({one.disposition for one in lying}))))
    by_way = {way: tuple(one for one in lying if one.disposition == way) for way in order}
    return tuple(Pile(way, found, _worth(found)) for way, found in by_way.items() if found)


def ages(lying: Sequence[KeptGoods], *, now: datetime) -> tuple[Bucket, ...]:
    """How long units have been lying."""
    return aged((_lying(one) for one in lying), now=now)


def chosen(app: Application, shop: Shop, *, ids: Sequence[str]) -> tuple[KeptGoods, ...]:
    """The units of these codes; raises NotFound when there is none."""
    with app.database.read(shop) as unit:
        found = goods_store.several(unit, [one.strip().upper() for one in ids])
    if not found:
        raise NotFound("There is no such unit in this shop.")
    return found


def finish(app: Application, shop: Shop, *, ids: Sequence[str]) -> int:
    """Units went where they were to go and left the back room; how many. Raises NotFound, IllegalStep, Conflict."""

    def work(unit: Unit) -> int:
        found = goods_store.several(unit, [one.strip().upper() for one in ids])
        if not found:
            raise NotFound("There is no such unit in this shop.")
        for one in found:
            if one.state != GoodsState.DONE:
                goods_store.move(unit, stockroom.finish(one.place), before=one.place, at=app.clock())
        return len(found)

    return app.database.write(shop, work)


def _shelves(app: Application, location: Location | None, lying: Sequence[KeptGoods]) -> Shelves:
    ages_ = ages(lying, now=app.clock())
    return Shelves(location, piles=piles(lying), ages=ages_, units=len(lying), worth=_worth(lying))


def _is_in_back_room(group: UnitGroup) -> bool:
    return group.disposition is not None and group.reception is Reception.RECEIVED


def _units(app: Application, found: Return, group: UnitGroup, *, order: Order, actor: Actor) -> Iterator[KeptGoods]:
    line = next((line for line in order.lines if line.id == group.line_id), None)
    for amount in split(group.amount, [1] * group.quantity):
        yield KeptGoods(
            id=random_number(PREFIX, app.token(), parts=2),
            return_id=found.id,
            group_id=group.id,
            variant_id=line.variant_id if line else None,
            sku=line.sku if line else None,
            title=group.title,
            grade=group.grade or "",
            disposition=group.disposition or "",
            amount=amount,
            currency=order.currency,
            digits=order.digits,
            location_id=actor.post.location_id,
            state=GoodsState.HERE,
            batch_id=None,
            received_at=app.clock(),
            moved_at=app.clock(),
            received_by=actor.name,
        )


def _lying(one: KeptGoods) -> Lying:
    return Lying(one.received_at, one.amount, one.currency, one.digits)


def _worth(several: Sequence[KeptGoods]) -> tuple[tuple[int, str, int], ...]:
    return worth(_lying(one) for one in several)
