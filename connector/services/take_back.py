"""Goods are brought to a counter without an RMA: a return is opened and its goods are taken in, in one go."""

from collections.abc import Sequence

from msgspec import Struct

from connector.application import Application
from connector.services.approve_at_counter import REVIEW, Assents, Wanted
from connector.services.errors import Refused
from connector.services.leg_progress import return_of
from connector.services.mirror_return import mirror
from connector.services.quote_return import Document, Request, StoredQuote, quote
from connector.services.receive_return import Arrival, taken_in
from connector.services.request_return import Wish, opened
from connector.services.visits import join
from connector.storage import command_store, order_store, return_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain import lifecycle
from domain.events import Actor
from domain.lifecycle import Doing
from domain.returns import Inspection, Return
from domain.transitions import RECEPTION


class Brought(Struct, frozen=True):
    """What somebody brings of one order: contract items, and what was found of each.

    An inspection names the place of its item, from 1. `gift_receipt` is the number that was shown; `credit_to` is who
    gets store credit where that is not the buyer.
    """

    order_id: str
    items: Sequence[Document]
    inspections: Sequence[Inspection]
    gift_receipt: str | None = None
    credit_to: str | None = None


class Hands(Struct, frozen=True):
    """Who takes the goods, and the visit that it belongs to."""

    actor: Actor
    visit_id: str = ""


def preview(app: Application, shop: Shop, *, brought: Brought) -> StoredQuote:
    """What would be given for what is brought, kept as a quote. Raises NotFound, or the domain's Malformed."""
    request = Request(items=brought.items, channel="store", gift=brought.gift_receipt is not None)
    return app.database.write(shop, lambda unit: quote(app, unit, order_id=brought.order_id, request=request))


def take_back(app: Application, shop: Shop, *, brought: Brought, quote_id: str, hands: Hands, key: str) -> Return:
    """Open the return and take its goods in, once per key; the money is what `quote_id` showed, or nothing is done.

    Raises Refused when something of it may not come back, QuoteMoved, NotFound, NeedsApproval.
    """

    def work(unit: Unit) -> Return:
        order_store.lock(unit, brought.order_id)
        known = command_store.get(unit, key)
        if known is not None:
            return return_of(unit, str(known["return_id"]))
        assents = Assents(app, unit, actor=hands.actor, about=brought.order_id)
        found = taken_back(app, unit, brought=brought, quote_id=quote_id, hands=hands, assents=assents)
        command_store.keep(unit, key, result={"return_id": found.id}, at=app.clock())
        return found

    return app.database.write(shop, work)


def taken_back(
    app: Application, unit: Unit, *, brought: Brought, quote_id: str, hands: Hands, assents: Assents
) -> Return:
    """The return as it was opened and taken in; raises what `take_back` does."""
    wish = Wish(
        order_id=brought.order_id,
        items=brought.items,
        method="store",
        quote_id=quote_id,
        channel="store",
        gift_receipt=brought.gift_receipt,
        credit_to=brought.credit_to,
    )
    found = opened(app, unit, wish=wish, actor=hands.actor)
    if len(found.groups) < len(brought.items):
        raise Refused("Something of this cannot come back. Leave it out.")
    found = _agreed(app, unit, found, assents=assents)
    waiting = {group.id for group in found.groups if "receive" in RECEPTION[group.reception]}
    inspections = [one for one in brought.inspections if one.group_id in waiting]
    arrival = Arrival(inspections, quote_id=quote_id, actor=hands.actor)
    taken = taken_in(app, unit, found, arrival=arrival, assents=assents)
    mirror(app, unit, taken)
    join(app, unit, taken.id, visit_id=hands.visit_id)
    return taken


def _agreed(app: Application, unit: Unit, found: Return, *, assents: Assents) -> Return:
    """The return, approved by who agreed where the rules leave it to a person."""
    if found.status != "requested":
        return found
    actor = assents.need(Wanted(REVIEW, assents.about), why="Agreed at the counter")
    moved = lifecycle.apply(found, "approve", doing=Doing(at=app.clock(), actor=actor, why="Agreed at the counter"))
    return return_store.save(unit, moved, expected_version=found.version)
