"""Staff find a return, say what arrived in what condition, and what it is worth is given back."""

from collections.abc import Sequence

from connector.application import Application
from connector.services.errors import Conflict, NotFound, QuoteMoved
from connector.services.quote_return import Document, StoredQuote, quote
from connector.services.reserve_replacement import release
from connector.services.settle_return import groups_due, request_of, restock, settle_when_due
from connector.storage import command_store, order_store, quote_store, return_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain import returns
from domain.events import Actor
from domain.proof import number_key
from domain.returns import Inspection, Return


def find(app: Application, shop: Shop, *, text: str) -> Return | None:
    """The return that an RMA number names, or the newest one of an order number; None when there is none."""
    wanted = text.strip().upper()
    with app.database.read(shop) as unit:
        return return_store.get(unit, wanted) or _newest_of_order(unit, text)


def preview(app: Application, shop: Shop, *, return_id: str, inspections: Sequence[Inspection]) -> StoredQuote | None:
    """What would be paid for what arrived, kept as a quote; None when nothing is to be decided now."""

    def work(unit: Unit) -> StoredQuote | None:
        found = returns.inspect(_return(unit, return_id), inspections, at=app.clock(), actor=NOBODY)
        groups = groups_due(found, is_due=False)
        if not groups:
            return None
        return quote(app, unit, order_id=found.order_id, request=request_of(found, groups))

    return app.database.write(shop, work)


def receive(
    app: Application,
    shop: Shop,
    *,
    return_id: str,
    inspections: Sequence[Inspection],
    quote_id: str | None,
    actor: Actor,
    key: str,
) -> Return:
    """Take the goods in and begin the settlement that was shown, once per key.

    Raises NotFound, Conflict, QuoteMoved when the money is not what `quote_id` showed, and the domain's errors for an
    inspection that does not add up.
    """

    def work(unit: Unit) -> Return:
        order_store.lock(unit, _return(unit, return_id).order_id)
        found = _return(unit, return_id)
        if command_store.get(unit, key) is not None:
            return found
        if found.status == "requested":
            raise Conflict("This return waits for a decision. Approve or decline it first.")
        seen = returns.inspect(found, inspections, at=app.clock(), actor=actor)
        command_store.keep(unit, key, result={"return_id": found.id}, at=app.clock())
        return take_in(app, unit, seen, before=found, quote_id=quote_id)

    return app.database.write(shop, work)


def take_in(app: Application, unit: Unit, seen: Return, *, before: Return, quote_id: str | None) -> Return:
    """Save a return as it was inspected and begin the settlement that `quote_id` showed; raises QuoteMoved."""
    saved = return_store.save(unit, seen, expected_version=before.version)
    restock(app, unit, saved, before=before)
    settled = settle_when_due(app, unit, saved, moment="inspected")
    release(app, unit, settled)
    _agree(unit, settled, before=saved, quote_id=quote_id)
    return settled


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


def _newest_of_order(unit: Unit, text: str) -> Return | None:
    order: Document | None = order_store.find_by_number(unit, number_key(text))
    found = return_store.of_order(unit, str(order["id"])) if order else []
    return max(found, key=lambda one: one.opened_at, default=None)


def _return(unit: Unit, return_id: str) -> Return:
    found = return_store.get(unit, return_id)
    if found is None:
        raise NotFound("There is no such return in this shop.")
    return found
