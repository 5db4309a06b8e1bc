"""Units of a back room go elsewhere than an inspection sent them: with a reason, and stock follows once.

Whoever may not send goods back on sale, or out of quarantine, by themselves at the counter may not do it here either.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from msgspec import Struct

from connector.application import Application
from connector.services.approve_at_counter import WANTED, Assents
from connector.services.errors import Conflict, InvalidInput, NeedsApproval, NotFound
from connector.services.leg_progress import return_of
from connector.services.locations import shelf_at
from connector.services.place_goods import place_wanted
from connector.services.quote_return import order_of
from connector.services.settle_return import hand_over
from connector.storage import command_store, goods_store, order_store, return_store
from connector.storage.database import Unit
from connector.storage.goods_store import KeptGoods
from connector.storage.shop_store import Shop
from domain import returns
from domain.disposition import BACK_ON_SALE, PLACES
from domain.events import Act, Actor, Entry
from domain.inspection import needs_manager
from domain.returns import Return
from domain.settlement import Terms, moved_of
from domain.stockroom import GoodsState

WHY = "Say why: it stands in the history."
LONGEST_WHY = 300
GIVEN_UP = "Given up as lost between two locations"
NOWHERE = ""


class NewPlace(Struct, frozen=True):
    """Which units go where instead, by code, and why."""

    ids: tuple[str, ...]
    place: str
    why: str


def place_anew(app: Application, shop: Shop, *, placing: NewPlace, actor: Actor, key: str) -> int:
    """How many units were sent elsewhere, once per key; those that are to go there already are left.

    Raises InvalidInput without a place or a reason, NotFound, Conflict for a unit that is not here, NeedsApproval.
    """
    if placing.place not in PLACES:
        raise InvalidInput("Say where they go.", at="place")
    if not 0 < len(placing.why) <= LONGEST_WHY:
        raise InvalidInput(WHY, at="why")

    def work(unit: Unit) -> int:
        if command_store.get(unit, key) is not None:
            return 0
        command_store.keep(unit, key, result={}, at=app.clock())
        moved = _by_return(unit, placing)
        asked = {return_id: Assents(app, unit, actor=actor, about=return_id) for return_id in moved}
        for return_id, goods in moved.items():
            _agreed(asked[return_id], goods, placing=placing)
        missing = [wanted for one in asked.values() for wanted in one.missing]
        if missing:
            raise NeedsApproval(WANTED, wanted=tuple(missing))
        for return_id, goods in moved.items():
            asked[return_id].written(_moved(app, unit, return_id, goods, placing=placing, actor=actor))
        return sum(len(goods) for goods in moved.values())

    return app.database.write(shop, work)


def lost(app: Application, unit: Unit, goods: Iterable[KeptGoods], *, actor: Actor, why: str) -> None:
    """Units were given up as lost: their returns tell of it, and what is on sale is taken off it."""
    gone = sorted(goods, key=lambda one: one.return_id)
    for return_id, several in groupby(gone, key=lambda one: one.return_id):
        found = _locked(unit, return_id)
        for before, units in _by_place(tuple(several)):
            entry = Entry(app.clock(), actor, Act.NOTED, why=f"{GIVEN_UP}: {why}", details=_units(units))
            found = return_store.save(unit, returns.note(found, entry, before=found), expected_version=found.version)
            _stock_follows(app, unit, found, units, before=before, after=NOWHERE)


def _by_return(unit: Unit, placing: NewPlace) -> Mapping[str, tuple[KeptGoods, ...]]:
    """The units that go elsewhere, by their return."""
    found = goods_store.several(unit, [one.strip().upper() for one in placing.ids])
    if not found:
        raise NotFound("There is no such unit in this shop.")
    for one in found:
        if one.state != GoodsState.HERE:
            raise Conflict(f"{one.id} does not lie free in a back room. Take it out of its batch first.")
    going = sorted((one for one in found if one.disposition != placing.place), key=lambda one: one.return_id)
    return {return_id: tuple(goods) for return_id, goods in groupby(going, key=lambda one: one.return_id)}


def _agreed(assents: Assents, goods: Sequence[KeptGoods], *, placing: NewPlace) -> None:
    for before, several in _by_place(goods):
        if needs_manager(before, placing.place):
            title = ", ".join(f"{one.title} ({one.id})" for one in several)
            wanted = place_wanted(assents.about, title, before=before, after=placing.place)
            assents.need(wanted, why=placing.why)


def _moved(
    app: Application, unit: Unit, return_id: str, goods: Sequence[KeptGoods], *, placing: NewPlace, actor: Actor
) -> Return:
    found = _locked(unit, return_id)
    for before, several in _by_place(goods):
        entry = Entry(app.clock(), actor, Act.PLACED, why=placing.why, details=_said(several, before, placing))
        noted = returns.note(found, entry, before=found)
        found = return_store.save(unit, noted, expected_version=found.version)
        _stock_follows(app, unit, found, several, before=before, after=placing.place)
        for one in several:
            goods_store.place(unit, one, disposition=placing.place, at=app.clock())
    return found


def _locked(unit: Unit, return_id: str) -> Return:
    order_store.lock(unit, return_of(unit, return_id).order_id)
    return return_of(unit, return_id)


def _stock_follows(
    app: Application, unit: Unit, found: Return, goods: Sequence[KeptGoods], *, before: str, after: str
) -> None:
    """Put on sale what goes to the shelf, take off what leaves it: one leg for each shelf."""
    if BACK_ON_SALE not in (before, after):
        return
    order = order_of(unit, found.order_id)
    terms = Terms(currency=order.currency, digits=order.digits)
    shelves = {one.location_id: shelf_at(unit, one.location_id) for one in goods}
    for shelf in sorted(set(shelves.values())):
        counted = _counted(one for one in goods if shelves[one.location_id] == shelf)
        leg = moved_of(found, counted, terms=terms, on_sale=after == BACK_ON_SALE, location=shelf)
        if leg is not None:
            hand_over(app, unit, (leg,), order=order)


def _counted(goods: Iterable[KeptGoods]) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    for one in goods:
        if one.variant_id is not None:
            counted[one.variant_id] = counted.get(one.variant_id, 0) + 1
    return counted


def _by_place(goods: Sequence[KeptGoods]) -> list[tuple[str, tuple[KeptGoods, ...]]]:
    sorted_ = sorted(goods, key=lambda one: (one.disposition, one.id))
    return [(before, tuple(several)) for before, several in groupby(sorted_, key=lambda one: one.disposition)]


def _said(goods: Sequence[KeptGoods], before: str, placing: NewPlace) -> dict[str, object]:
    return {**_units(goods), "disposition": placing.place, "instead_of_place": before}


def _units(goods: Sequence[KeptGoods]) -> dict[str, object]:
    titles = dict.fromkeys(one.title for one in goods)
    return {"title": ", ".join(titles), "quantity": len(goods), "units": [one.id for one in goods]}
