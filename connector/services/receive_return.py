"""Staff say of a return what arrived in what condition, and what it is worth is given back."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from connector.application import Application
from connector.services import back_room, change_wish, counter_money
from connector.services.approve_at_counter import Assents, decided_within_limit
from connector.services.errors import Conflict, QuoteMoved
from connector.services.inspection_photos import claim
from connector.services.leg_progress import return_of
from connector.services.locations import shelf_at
from connector.services.mirror_return import let_go
from connector.services.place_goods import placed
from connector.services.quote_return import StoredQuote, quote
from connector.services.reserve_replacement import release
from connector.services.settle_return import groups_due, request_of, restock, settle_when_due
from connector.services.stop_balance import as_stopped, stop
from connector.services.visits import join
from connector.storage import command_store, order_store, quote_store, return_store, settlement_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain import returns
from domain.events import Actor
from domain.returns import Inspection, Return
from domain.settlement import with_parts
from domain.wishes import NewWish

NO_WISHES: Mapping[str, NewWish] = {}


def preview(
    app: Application,
    shop: Shop,
    *,
    return_id: str,
    inspections: Sequence[Inspection],
    wishes: Mapping[str, NewWish] = NO_WISHES,
) -> StoredQuote | None:
    """What would be paid for what arrived, kept as a quote; None when nothing is to be decided now.

    `wishes` are what is wanted instead, by group. Raises Refused where the rules do not give that.
    """

    def work(unit: Unit) -> StoredQuote | None:
        wished = change_wish.changed(app, unit, return_of(unit, return_id), wishes, actor=NOBODY)
        found = _as_taken_in(app, unit, wished, inspections)
        groups = groups_due(unit, found, moment="inspected")
        if not groups:
            return None
        return quote(app, unit, order_id=found.order_id, request=request_of(found, groups))

    return app.database.write(shop, work)


def _as_taken_in(app: Application, unit: Unit, found: Return, inspections: Sequence[Inspection]) -> Return:
    """The return as it would be before what arrived is decided."""
    seen = returns.inspect(found, inspections, at=app.clock(), actor=NOBODY)
    legs = settlement_store.legs_of(unit, found.id)
    parted = {leg.key: leg for leg in with_parts(legs, before=found, after=seen)}
    return as_stopped(seen, [parted.get(leg.key, leg) for leg in legs])


def receive(
    app: Application,
    shop: Shop,
    *,
    return_id: str,
    inspections: Sequence[Inspection],
    quote_id: str | None,
    actor: Actor,
    key: str,
    visit_id: str = "",
    wishes: Mapping[str, NewWish] = NO_WISHES,
) -> Return:
    """Take the goods in and begin the settlement that was shown, once per key.

    Raises NotFound, Conflict, QuoteMoved when the money is not what `quote_id` showed, what `placed` raises,
    NeedsApproval with all that a manager must agree to first, Refused for `wishes` that the rules do not give, and the
    domain's errors for an inspection that does not add up.
    """

    def work(unit: Unit) -> Return:
        order_store.lock(unit, return_of(unit, return_id).order_id)
        found = return_of(unit, return_id)
        if command_store.get(unit, key) is not None:
            return found
        command_store.keep(unit, key, result={"return_id": found.id}, at=app.clock())
        join(app, unit, found.id, visit_id=visit_id)
        if wishes:
            wished = change_wish.changed(app, unit, found, wishes, actor=actor)
            found = return_store.save(unit, wished, expected_version=found.version)
        arrival = Arrival(inspections, quote_id=quote_id, actor=actor)
        return taken_in(app, unit, found, arrival=arrival)

    return app.database.write(shop, work)


class Arrival(Struct, frozen=True):
    """What was found of goods, the quote that was shown for them, and who takes them in."""

    inspections: Sequence[Inspection]
    quote_id: str | None
    actor: Actor


def taken_in(
    app: Application, unit: Unit, found: Return, *, arrival: Arrival, assents: Assents | None = None
) -> Return:
    """The return with its goods taken in and its settlement begun; raises what `receive` does.

    `assents` are those of an act that this is a part of.
    """
    if found.status == "requested":
        raise Conflict("This return waits for a decision. Approve or decline it first.")
    actor, legs = arrival.actor, settlement_store.legs_of(unit, found.id)
    asked = assents or Assents(app, unit, actor=actor, about=found.id)
    looked = placed(app, unit, found, arrival.inspections, actor=actor, assents=asked)
    seen = returns.inspect(found, looked, at=app.clock(), actor=actor)
    saved = return_store.save(unit, seen, expected_version=found.version)
    for leg in with_parts(legs, before=found, after=saved):
        settlement_store.regroup(unit, leg)
    claim(unit, found, looked)
    restock(app, unit, saved, before=found, location=shelf_at(unit, actor.post.location_id))
    settled = settle_when_due(app, unit, stop(app, unit, saved), moment="inspected")
    release(app, unit, settled)
    let_go(app, unit, settled)
    _agree(unit, settled, before=saved, quote_id=arrival.quote_id)
    decided_within_limit(asked, unit, settled, before=saved, actor=actor)
    back_room.stow(app, unit, settled, before=found, actor=actor)
    counter_money.decided(app, unit, settled.id, before=legs, actor=actor)
    return asked.written(settled)


NOBODY = Actor(kind="system", name="preview")


def _agree(unit: Unit, settled: Return, *, before: Return, quote_id: str | None) -> None:
    """The money that is carried out is the money that staff saw."""
    if settled.quote_id == before.quote_id:
        return
    shown, decided = _figures(unit, quote_id), _figures(unit, settled.quote_id)
    if shown != decided:
        raise QuoteMoved("The amounts have changed since they were shown. Nothing was paid; please look again.")


def _figures(unit: Unit, quote_id: str | None) -> tuple[object, object] | None:
    kept = quote_store.get(unit, quote_id) if quote_id else None
    return (kept.document["total"], kept.document["due"]) if kept else None
