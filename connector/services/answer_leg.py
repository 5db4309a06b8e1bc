"""A person answers for a leg that waits for one: it was done, or it was not and is sent again."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from adapters.errors import ChannelError
from connector.application import Application
from connector.services import counter_money
from connector.services.approve_at_counter import cash_is_allowed
from connector.services.audit import overridden
from connector.services.errors import Conflict, InvalidInput
from connector.services.keep_order import kept
from connector.services.leg_progress import as_people_said, channel_of_leg, followed, leg_of, return_of, said_of
from connector.services.mirror_return import let_go
from connector.services.quote_return import Document, order_document, order_of
from connector.services.reserve_replacement import release
from connector.services.settle_return import enqueue_legs
from connector.storage import command_store, order_store, settlement_store
from connector.storage.database import Unit
from connector.storage.settlement_store import WAITING
from connector.storage.shop_store import Shop
from domain.by_hand import candidates, likely
from domain.drift import BY_HAND
from domain.elsewhere import REFUND_ID
from domain.events import Act, Actor, Entry
from domain.orders import read_order
from domain.returns import Return
from domain.settlement import Leg, LegKind, LegState


class BothSides(Struct, frozen=True):
    """A leg beside what its channel says now: the order there, and what was done there under the leg's key.

    `problem` is why the channel could not be asked; it is empty when it was. `candidates` are the refunds there that
    may be what a person did by hand for it, `likely` is the id of the one that it most likely is, empty where none is.
    """

    leg: Leg
    order: Document
    done: Document | None = None
    problem: str = ""
    candidates: Sequence[Document] = ()
    likely: str = ""


def paid_by_hand(
    app: Application, shop: Shop, *, leg_key: str, actor: Actor, note: str, key: str, refund_id: str | None = None
) -> Return:
    """A person says that it was given, by hand or after all; once per key.

    `refund_id` is the refund of the order that it is, where they gave it on the platform, since else it would count
    twice; empty where it is none. Raises NotFound, Conflict when the leg does not wait for a person, InvalidInput for a
    refund that is none or was named for another payment, and without one where the platform shows a likely one.
    """

    def change(unit: Unit, leg: Leg) -> Return:
        if leg.state not in WAITING:
            raise Conflict("That does not wait for a person any more.")
        _check_named(unit, leg, refund_id)
        receipt = {"kind": BY_HAND, "reference": note, "by": actor.name} | ({REFUND_ID: refund_id} if refund_id else {})
        settlement_store.record(unit, leg_key, state=LegState.SETTLED, receipt=receipt, at=app.clock())
        counter_money.settled(unit, leg, actor=actor)
        overridden(app, unit, actor, about=leg.return_id, said={"leg": leg.kind, "as": "given by hand", "why": note})
        entry = Entry(at=app.clock(), actor=actor, act=Act.PAID_BY_HAND, why=note, details=said_of(leg))
        return followed(unit, leg.return_id, entry=entry)

    return _answered(app, shop, leg_key, change=change, key=key)


def _check_named(unit: Unit, leg: Leg, refund_id: str | None) -> None:
    order = as_people_said(unit, order_document(unit, leg.order_id))
    if refund_id is None and likely(order, leg):
        raise InvalidInput("Say which refund of the platform it is, or that it is none of them.", at="refund_id")
    if refund_id and all(str(one["id"]) != refund_id for one in candidates(order)):
        raise InvalidInput("The platform shows no such refund, or it was named for another payment.", at="refund_id")


def given_in_cash(app: Application, shop: Shop, *, leg_key: str, actor: Actor, key: str) -> Return:
    """Whoever stands at the till says that they gave back in cash what was paid in cash; once per key.

    Raises NotFound, Conflict when nothing is to be given from the till, or no cash is given there.
    """

    def change(unit: Unit, leg: Leg) -> Return:
        if leg.state != LegState.BY_HAND or not _was_cash(unit, leg):
            raise Conflict("Nothing is to be given from the till for this.")
        if not cash_is_allowed(unit, actor.post):
            raise Conflict("No cash is given at this location.")
        receipt = {"kind": BY_HAND, "reference": "In cash, from the till", "by": actor.name}
        settlement_store.record(unit, leg_key, state=LegState.SETTLED, receipt=receipt, at=app.clock())
        counter_money.settled(unit, leg, actor=actor)
        entry = Entry(
            at=app.clock(), actor=actor, act=Act.PAID_BY_HAND, why="In cash, from the till", details=said_of(leg)
        )
        return followed(unit, leg.return_id, entry=entry)

    return _answered(app, shop, leg_key, change=change, key=key)


def _was_cash(unit: Unit, leg: Leg) -> bool:
    payments = order_of(unit, leg.order_id).payments
    return leg.kind == LegKind.REFUND and any(one.id == leg.payment_id and one.kind == "cash" for one in payments)


def try_again(app: Application, shop: Shop, *, leg_key: str, actor: Actor, key: str, why: str = "") -> Return:
    """A person has a leg sent again that failed, or that they know was not carried out; once per key.

    Raises NotFound, Conflict when it neither failed nor is uncertain, InvalidInput when it is uncertain and no reason
    says how they know.
    """

    def change(unit: Unit, leg: Leg) -> Return:
        if leg.state not in (LegState.FAILED, LegState.UNKNOWN):
            raise Conflict("Only what failed or is not certain can be sent again.")
        if leg.state == LegState.UNKNOWN and not why:
            raise InvalidInput("Say how you know that it was not carried out. It stands in the history.", at="why")
        settlement_store.record(unit, leg_key, state=LegState.DUE, receipt=None, at=app.clock())
        overridden(app, unit, actor, about=leg.return_id, said={"leg": leg.kind, "as": "sent again", "why": why})
        enqueue_legs(app, unit, (leg_key,), key=f"{leg_key}:{key}")
        entry = Entry(at=app.clock(), actor=actor, act=Act.RETRIED, why=why, details=said_of(leg))
        return followed(unit, leg.return_id, entry=entry)

    return _answered(app, shop, leg_key, change=change, key=key)


def both_sides(app: Application, shop: Shop, *, leg_key: str) -> BothSides:
    """A leg beside what its channel says now, which is kept; raises NotFound."""
    with app.database.read(shop) as unit:
        leg = leg_of(unit, leg_key)
        ours = order_document(unit, leg.order_id)
    try:
        channel = app.channels.for_shop(shop, channel_of_leg(shop, leg, read_order(ours)))
        receipt = channel.receipt(leg_key)
        theirs = channel.read_order(leg.order_id)
    except ChannelError as error:
        return replace(_beside(app, shop, leg, order=ours), problem=error.message)
    done = {"reference": receipt.reference, "at": receipt.at} if receipt else None
    return replace(_beside(app, shop, leg, order=kept(app, shop, theirs) if theirs else ours), done=done)


def _beside(app: Application, shop: Shop, leg: Leg, *, order: Document) -> BothSides:
    """The order as it was told; what was named for other payments is no candidate any more."""
    with app.database.read(shop) as unit:
        left = as_people_said(unit, order)
    return BothSides(leg, order=order, candidates=candidates(left), likely=likely(left, leg))


def _answered(app: Application, shop: Shop, leg_key: str, *, change: Callable[[Unit, Leg], Return], key: str) -> Return:
    def work(unit: Unit) -> Return:
        order_store.lock(unit, leg_of(unit, leg_key).order_id)
        leg = leg_of(unit, leg_key)
        if command_store.get(unit, key) is not None:
            return return_of(unit, leg.return_id)
        command_store.keep(unit, key, result={"leg": leg_key}, at=app.clock())
        found = change(unit, leg)
        release(app, unit, found)
        let_go(app, unit, found)
        return found

    return app.database.write(shop, work)
