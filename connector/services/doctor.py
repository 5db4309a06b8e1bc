"""What we wrote down, what the platform shows and how returns stand are compared; nothing is changed by it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import astuple, replace

from adapters.channel import Channel
from adapters.errors import ChannelError, DoneTwice
from connector.application import Application, Step
from connector.services.audit import Audited, record
from connector.services.leg_progress import channel_of, channel_of_leg
from connector.services.quote_return import Document, order_of
from connector.storage import checkup_store, return_store, settlement_store
from connector.storage.checkup_store import Checkup
from connector.storage.database import Unit
from connector.storage.settlement_store import LedgerLine
from connector.storage.shop_store import Shop
from domain.drift import (
    BY_HAND,
    PAYING,
    PAYING_WITH_CREDIT,
    SHOWN_BY_KEY,
    Booked,
    Drift,
    Evidence,
    drifts,
    drifts_of_ours,
)
from domain.errors import DomainError
from domain.events import Actor
from domain.orders import Order, read_order
from domain.returns import Return
from domain.settlement import Leg, LegState

JOB = "doctor"
LOOKED_BACK = timedelta(days=7)
"""How far back the daily job looks for what happened to a return."""
STANDS_LONG = timedelta(days=1)
MOST_LOOKS = 3
"""At an order whose payments go on while its channel is asked."""
WAITING = (LegState.DUE, LegState.SENDING, LegState.UNKNOWN, LegState.FAILED, LegState.BY_HAND)


class Findings(Struct, frozen=True):
    """What a look found: the orders that were looked at, and every drift."""

    orders: int
    drifts: tuple[Drift, ...]


def examine(app: Application, shop: Shop, *, since: datetime) -> Findings:
    """Compare everything of the orders whose returns are unfinished or had something happen since a time (UTC).

    An order of which the last look of the job found something is compared whatever its age.
    """
    orders = _orders(app, shop, since=since)
    return Findings(orders=len(orders), drifts=tuple(drift for one in orders for drift in _of_order(app, shop, one)))


def daily(app: Application, shop: Shop, *, step: Step, **_: object) -> None:
    """The job: look, order by order, and keep what was found for the page of operations."""
    began = app.clock()
    orders = step("which", lambda: list(_orders(app, shop, since=began - LOOKED_BACK)))
    found = [one for order_id in orders for one in step(f"order {order_id}", partial(_listed, app, shop, order_id))]
    checkup = Checkup(at=began, orders=len(orders), drifts=tuple(Drift(*one) for one in found))
    step("keep", lambda: app.database.write(shop, lambda unit: checkup_store.keep(unit, checkup)))


def latest(app: Application, shop: Shop) -> Checkup | None:
    """What the last look of the job found; None before the first."""
    with app.database.read(shop) as unit:
        return checkup_store.latest(unit)


def ask(app: Application, shop: Shop, *, actor: Actor, key: str) -> None:
    """Let the job look now, once per key."""

    def work(unit: Unit) -> None:
        app.jobs.enqueue(unit, JOB, key=f"asked:{key}", payload={})
        record(app, unit, Audited.CHECKUP_ASKED, actor=actor, about=shop.slug)

    app.database.write(shop, work)


def _orders(app: Application, shop: Shop, *, since: datetime) -> tuple[str, ...]:
    with app.database.read(shop) as unit:
        found = (*return_store.unfinished(unit), *return_store.changed_since(unit, since), *_not_seen_to(unit))
    return tuple(dict.fromkeys(one.order_id for one in found))


def _not_seen_to(unit: Unit) -> Iterable[Return]:
    """The returns of the orders of which the last look of the job found something."""
    last = checkup_store.latest(unit)
    for order_id in dict.fromkeys(drift.order_id for drift in last.drifts) if last else ():
        yield from return_store.of_order(unit, order_id)


def _listed(app: Application, shop: Shop, order_id: str) -> list[list[str]]:
    """The drifts of an order as JSON."""
    return [list(astuple(one)) for one in _of_order(app, shop, order_id)]


def _of_order(app: Application, shop: Shop, order_id: str) -> tuple[Drift, ...]:
    return tuple(replace(one, order_id=order_id) for one in _compared(app, shop, order_id))


def _compared(app: Application, shop: Shop, order_id: str) -> tuple[Drift, ...]:
    """What does not agree; our side is read before and after the channel, since a payment may go out meanwhile."""
    for _ in range(MOST_LOOKS):
        ours, kept = _ours(app, shop, order_id)
        try:
            found = _beside_the_platform(app, shop, ours, kept=kept)
        except (ChannelError, DomainError) as error:
            return (*drifts_of_ours(ours), _not_asked(order_id, error.message))
        if _ours(app, shop, order_id) == (ours, kept):
            return found
    return (*drifts_of_ours(ours), _not_asked(order_id, "Its payments went on meanwhile."))


def _beside_the_platform(app: Application, shop: Shop, ours: Evidence, *, kept: Order) -> tuple[Drift, ...]:
    channel = app.channels.for_shop(shop, channel_of(shop, kept))
    order = kept if kept.without_receipt else _as_told(channel.read_order(ours.order_id))
    heard = frozenset(refund.id for refund in kept.refunds)
    paying = PAYING_WITH_CREDIT if channel.capabilities.refunds_credit else PAYING
    told = replace(ours, order=order, heard=heard, paying=paying)
    try:
        shown = dict(_shown(lambda leg: app.channels.for_shop(shop, channel_of_leg(shop, leg, kept)), ours.legs))
    except DoneTwice as twice:
        return (*drifts(told), _given_twice(ours.order_id, twice))
    return drifts(replace(told, shown=shown))


def _ours(app: Application, shop: Shop, order_id: str) -> tuple[Evidence, Order]:
    """Our side of an order, and the order as it was last read."""
    with app.database.read(shop) as unit:
        return _evidence(app, unit, order_id), order_of(unit, order_id)


def _evidence(app: Application, unit: Unit, order_id: str) -> Evidence:
    found = return_store.of_order(unit, order_id)
    long_ago = app.clock() - STANDS_LONG
    standing = (settlement_store.standing(unit, state=state, since=long_ago) for state in WAITING)
    return Evidence(
        order_id=order_id,
        returns=found,
        legs=[leg for one in found for leg in settlement_store.legs_of(unit, one.id)],
        ledger=[_booked(line) for one in found for line in settlement_store.ledger_of(unit, one.id)],
        standing=frozenset(key for keys in standing for key in keys),
    )


def _as_told(document: Document | None) -> Order | None:
    return None if document is None else read_order(document)


def _shown(channel_for: Callable[[Leg], Channel], legs: Sequence[Leg]) -> Iterable[tuple[str, bool]]:
    """Whether its channel shows what we noted as given by it."""
    for leg in legs:
        by_hand = (leg.receipt or {}).get("kind") == BY_HAND
        if leg.state != LegState.SETTLED or leg.kind not in SHOWN_BY_KEY or by_hand:
            continue
        channel = channel_for(leg)
        if channel.capabilities.own_keys:
            yield leg.key, channel.receipt(leg.key) is not None


def _booked(line: LedgerLine) -> Booked:
    by_hand = (line.receipt or {}).get("kind") == BY_HAND
    return Booked(key=line.key, return_id=line.return_id, kind=line.kind, amount=line.amount, by_hand=by_hand)


def _given_twice(order_id: str, error: DoneTwice) -> Drift:
    return Drift(
        "given_twice",
        order_id,
        error.message,
        "Look at the order on the platform, and ask the shopper to give back what was given twice.",
    )


def _not_asked(order_id: str, why: str) -> Drift:
    return Drift(
        "not_asked", order_id, f"Order {order_id} could not be compared with its channel: {why}", "Look again later."
    )
