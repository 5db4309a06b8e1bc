"""What a shopper still has to pay for a dearer replacement where the platform asks for it: noted once it is paid.

The platform itself keeps the goods back until then, so nothing is released here. What stays unpaid is called off there
before anything else is given; what is paid after that is for a person.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from adapters.channel import CallOff, Invoicing, RestockedLine
from adapters.errors import ChannelRefused, NotConnected
from connector.application import Application
from connector.services.errors import Conflict, NotFound
from connector.services.fill_shop import put_order, with_our_refunds
from connector.services.leg_progress import channel_of, followed, leg_of, said_of
from connector.services.mirror_return import let_go
from connector.services.paid_late import tell_a_person
from connector.services.quote_return import Document, order_of
from connector.storage import return_store, settlement_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.events import SYSTEM, Act, Entry
from domain.orders import read_order
from domain.settlement import Leg, LegKind, LegState, late_payment_of, newly_paid, paid_before, paid_for

TENDER = "invoice"
PAID_AFTER_ALL = "The invoice has just been paid, so the replacement is sent."
NOTHING_DUE = "The order has nothing to be paid any more, so the replacement is sent. Please look at it there."
NOT_CERTAIN = "It is not certain whether the replacement was let go, so it cannot be taken back yet."
PAID_LATE = "The invoice was paid after the exchange was given up. Please give it back, or send the goods after all."
CALLED_OFF = "called_off"
OPEN = frozenset({LegState.DUE, LegState.SENDING, LegState.UNKNOWN})
"""Of an exchange: it may still be carried out, or have been."""


def is_invoiced(leg: Leg) -> bool:
    """Whether the platform asks for this balance, and nobody else may."""
    return "paid" in leg.work


def heed(app: Application, unit: Unit, document: Document) -> None:
    """Note every balance that an order shows as paid; one that had lapsed by then is told to a person, once.

    What came in is for those that wait, before it is for any that lapsed.
    """
    oldest_first = reversed(return_store.of_order(unit, str(document["id"])))
    legs = [leg for found in oldest_first for leg in settlement_store.legs_of(unit, found.id)]
    balances = [leg for leg in legs if leg.kind == LegKind.COLLECT and is_invoiced(leg)]
    noted = {leg.key for leg in legs}
    taken = [one for one in balances if one.state == LegState.SETTLED or late_payment_of(one).key in noted]
    waiting = sorted((one for one in balances if one not in taken), key=_turn)
    for leg in newly_paid(waiting, taken, paid=paid_for(read_order(document))):
        _heed_paid(app, unit, leg)


def _turn(balance: Leg) -> tuple[bool, bool, int]:
    """A payment is first for a balance that waits, then for one that is being called off, then for one that lapsed."""
    return balance.state == LegState.LAPSED, bool(balance.work.get(CALLED_OFF)), paid_before(balance)


def call_off(app: Application, shop: Shop, leg_key: str) -> None:
    """Have the platform take the goods back that wait for an invoice; once more changes nothing.

    It is noted beforehand that this is under way, so that a payment meanwhile is not taken for one that lets the goods
    go. Raises Conflict when it was paid before that, or the platform asks for nothing any more, which is noted then,
    and what the channel raises.
    """
    with app.database.read(shop) as unit:
        leg = leg_of(unit, leg_key)
        exchanges = exchanges_of(unit, leg)
        name = channel_of(shop, order_of(unit, leg.order_id))
    if any(one.state in OPEN for one in exchanges):
        raise Conflict(NOT_CERTAIN)
    channel = cast("Invoicing", app.channels.for_shop(shop, name))
    _read_anew(app, shop, channel, leg)
    _mark(app, shop, leg_key, is_under_way=True)
    try:
        is_off = all(channel.call_off(_asked(leg, one)) for one in exchanges if one.state == LegState.SETTLED)
    except (ChannelRefused, NotConnected):
        _mark(app, shop, leg_key, is_under_way=False)
        raise
    if not is_off:
        _mark(app, shop, leg_key, is_under_way=False)
    _read_anew(app, shop, channel, leg)
    if not is_off:
        app.database.write(shop, lambda unit: _let_off(app, unit, leg))
        raise Conflict(NOTHING_DUE)


def _let_off(app: Application, unit: Unit, leg: Leg) -> None:
    """The platform asks for the balance no more and lets the goods go, as when somebody wrote it off there."""
    if leg_of(unit, leg.key).state != LegState.AWAITED:
        return
    settlement_store.record(unit, leg.key, state=LegState.LAPSED, receipt=None, at=app.clock())
    entry = Entry(at=app.clock(), actor=SYSTEM, act=Act.NOTED, why=NOTHING_DUE, details=said_of(leg))
    let_go(app, unit, followed(unit, leg.return_id, entry=entry))


def exchanges_of(unit: Unit, balance: Leg) -> Sequence[Leg]:
    """The exchanges that a balance is for."""
    legs = settlement_store.legs_of(unit, balance.return_id)
    return [one for one in legs if one.kind == LegKind.EXCHANGE and set(one.group_ids) & set(balance.group_ids)]


def _asked(balance: Leg, exchange: Leg) -> CallOff:
    lines: Sequence[Mapping[str, object]] = exchange.work["lines"]  # type: ignore[assignment]
    wanted = tuple(RestockedLine(str(one["variant_id"]), int(str(one["quantity"]))) for one in lines)
    return CallOff(balance.key, balance.order_id, balance.return_id, wanted)


def _read_anew(app: Application, shop: Shop, channel: Invoicing, leg: Leg) -> None:
    """The order as the platform tells it now; raises Conflict when it shows that the balance was paid."""
    document = channel.read_order(leg.order_id)
    if document is None:
        raise NotFound("The order is not there any more.")

    def work(unit: Unit) -> bool:
        put_order(unit, document=document, renew=with_our_refunds)
        heed(app, unit, document)
        return leg_of(unit, leg.key).state == LegState.SETTLED

    if app.database.write(shop, work):
        raise Conflict(PAID_AFTER_ALL)


def _mark(app: Application, shop: Shop, leg_key: str, *, is_under_way: bool) -> None:
    def work(unit: Unit) -> None:
        leg = leg_of(unit, leg_key)
        settlement_store.rework(unit, leg_key, work={**leg.work, CALLED_OFF: is_under_way})

    app.database.write(shop, work)


def _heed_paid(app: Application, unit: Unit, leg: Leg) -> None:
    if leg.state == LegState.AWAITED and not leg.work.get(CALLED_OFF):
        _note(app, unit, leg)
    elif leg.state == LegState.LAPSED:
        tell_a_person(app, unit, leg, why=PAID_LATE)


def _note(app: Application, unit: Unit, leg: Leg) -> None:
    receipt = {"kind": "collected", "reference": TENDER}
    settlement_store.record(unit, leg.key, state=LegState.SETTLED, receipt=receipt, at=app.clock())
    entry = Entry(at=app.clock(), actor=SYSTEM, act=Act.COLLECTED, details={**said_of(leg), "tender": TENDER})
    let_go(app, unit, followed(unit, leg.return_id, entry=entry))
