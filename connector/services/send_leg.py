"""One leg is looked for on its channel and sent when it is not there: the only place that money leaves from."""

from collections.abc import Sequence
from typing import cast

from adapters.channel import Channel, Receipt, Unguarded
from adapters.errors import ChannelError, ChannelRefused, ChannelSlow, DoneTwice, NotConnected
from connector.application import Application
from connector.services.channel_requests import REQUESTS
from connector.services.leg_progress import as_people_said, channel_of_leg, followed, leg_of, said_of
from connector.services.quote_return import Document, order_of
from connector.storage import settlement_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.elsewhere import elsewhere_when_decided, given_elsewhere
from domain.events import SYSTEM, Act, Entry
from domain.orders import read_order
from domain.settlement import Leg, LegKind, LegState

GIVEN_ELSEWHERE = "Since this was decided, money of the order was given back outside Backhaul, so nothing was sent."
GIVES = frozenset({LegKind.REFUND, LegKind.STORE_CREDIT, LegKind.BONUS, LegKind.EXCHANGE})
STILL_ON_ITS_WAY = "What was sent before may still be on its way."


def look_and_send(app: Application, shop: Shop, key: str) -> Document | None:
    """Look for our key on the channel, send when it is not there; the outcome as JSON.

    None when it is not there and nobody waits for it to be sent any more: who sleeps long may be answered for by a
    person. Raises ChannelSlow while the channel is slow, or while something that was sent may still arrive; storage's
    Conflict when another process sent it meanwhile.
    """
    with app.database.read(shop) as unit:
        leg = leg_of(unit, key)
        legs = settlement_store.legs_of(unit, leg.return_id)
        channel_name = channel_of_leg(shop, leg, order_of(unit, leg.order_id))
    try:
        channel = _able(app.channels.for_shop(shop, channel_name), leg)
        receipt = channel.receipt(key)
        elsewhere = _given_elsewhere(app, shop, channel, leg=leg, legs=legs) if receipt is None else 0
        if receipt is None and not _is_being_sent(app, shop, key):
            return None
        if elsewhere > elsewhere_when_decided(leg):
            return {"state": LegState.UNKNOWN, "why": GIVEN_ELSEWHERE, "elsewhere": elsewhere}
        receipt = receipt or _sent(app, shop, channel, leg=leg)
    except ChannelRefused as error:
        return {"state": LegState.FAILED, "why": error.message}
    except NotConnected as error:
        return {"state": LegState.BY_HAND, "why": error.message}
    except ChannelSlow:
        raise
    except ChannelError as error:
        return {"state": LegState.UNKNOWN, "why": error.message}
    return {"state": LegState.SETTLED, "receipt": _receipt_document(receipt)}


def _able(channel: Channel, leg: Leg) -> Channel:
    """The channel; raises NotConnected when a person must do what it cannot."""
    if not channel.capabilities.own_keys:
        raise NotConnected("This channel cannot tell what it did under our key, so a person must pay.")
    if leg.work.get("collected") and not channel.capabilities.collects:
        raise NotConnected("This channel cannot write down what was paid besides; a person must make the order.")
    return channel


def _is_being_sent(app: Application, shop: Shop, key: str) -> bool:
    """Asked right before it is sent."""
    with app.database.read(shop) as unit:
        return leg_of(unit, key).state == LegState.SENDING


def _sent(app: Application, shop: Shop, channel: Channel, *, leg: Leg) -> Receipt:
    """Send; where the platform would do the same key twice, write down first that this try begins."""
    send = REQUESTS[LegKind(leg.kind)]
    if channel.capabilities.once:
        return send(channel, leg)
    number = app.database.write(shop, lambda unit: _begin_try(app, unit, leg, channel=channel))
    try:
        receipt = send(channel, leg)
    except ChannelSlow as unheard:
        if not _is_alone(app, shop, key=leg.key, number=number):
            _leave_in_doubt(app, shop, key=leg.key, why=unheard.message)
        raise
    if number > 1 or not _is_alone(app, shop, key=leg.key, number=number):
        _look_for_two(app, shop, cast("Unguarded", channel), leg=leg, number=number)
    return receipt


def _begin_try(app: Application, unit: Unit, leg: Leg, *, channel: Channel) -> int:
    """The number of this try; raises ChannelSlow while an earlier one may still arrive."""
    now = app.clock()
    if leg.tried_at is not None and (now - leg.tried_at).total_seconds() < channel.capabilities.unseen_seconds:
        raise ChannelSlow(STILL_ON_ITS_WAY)
    settlement_store.begin_try(unit, leg.key, after=leg.tries, at=now)
    return leg.tries + 1


def _is_alone(app: Application, shop: Shop, *, key: str, number: int) -> bool:
    """Whether nobody tried after this try: who slept between writing down and sending may have been taken over.

    Then both may have sent, and nothing else of this run is noted any more.
    """
    with app.database.read(shop) as unit:
        return leg_of(unit, key).tries == number


def _look_for_two(app: Application, shop: Shop, channel: Unguarded, *, leg: Leg, number: int) -> None:
    """Raises DoneTwice, after the leg was left to a person, or ChannelSlow where that cannot be told yet.

    Whoever tried before may wake and send after the look of who tries again, and each looks after it has sent: of two
    who do, the one that ends last sees both.
    """
    try:
        channel.shown(leg.key)
    except (DoneTwice, ChannelSlow) as error:
        if isinstance(error, DoneTwice) or not _is_alone(app, shop, key=leg.key, number=number):
            _leave_in_doubt(app, shop, key=leg.key, why=error.message)
        raise


def _leave_in_doubt(app: Application, shop: Shop, *, key: str, why: str) -> None:
    def doubted(unit: Unit) -> None:
        settlement_store.doubt(unit, key, at=app.clock())
        leg = leg_of(unit, key)
        entry = Entry(at=app.clock(), actor=SYSTEM, act=Act.UNCERTAIN, why=why, details=said_of(leg))
        followed(unit, leg.return_id, entry=entry)

    app.database.write(shop, doubted)


def _given_elsewhere(app: Application, shop: Shop, channel: Channel, *, leg: Leg, legs: Sequence[Leg]) -> int:
    """What the platform says now that it gave back of the order by itself; asked only before something is given.

    What people said of its refunds counts for the returns that they are of.
    """
    order = channel.read_order(leg.order_id) if leg.kind in GIVES else None
    if order is None:
        return 0
    with app.database.read(shop) as unit:
        answered = as_people_said(unit, order)
    return given_elsewhere(read_order(answered), legs, return_id=leg.return_id, sending=leg.key)


def _receipt_document(receipt: Receipt) -> Document:
    return {
        "key": receipt.key,
        "kind": receipt.kind,
        "reference": receipt.reference,
        "at": receipt.at.isoformat(),
        "details": dict(receipt.details),
    }
