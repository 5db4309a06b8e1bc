"""What a shopper still has to pay for a dearer replacement: taken at the counter, or given up after a while.

The replacement is released when the balance is paid. Otherwise what the shopper chose beforehand is given instead.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from adapters.errors import ChannelError
from connector.application import Application, Step
from connector.services import counter_money
from connector.services.approve_at_counter import Assents, cash_is_allowed, decided_within_limit
from connector.services.ask_payment import EVER, awaited_bills, bill_of, billing, look_at, pay_at
from connector.services.errors import Conflict, InvalidInput, ServiceError
from connector.services.invoiced_balance import call_off, exchanges_of, is_invoiced
from connector.services.keep_order import read_back
from connector.services.leg_progress import followed, leg_of, return_of, said_of
from connector.services.mirror_return import let_go
from connector.services.policy_terms import terms_of
from connector.services.quote_return import order_of
from connector.services.rehearse import try_out
from connector.services.reserve_replacement import release
from connector.services.settle_return import begin, enqueue_legs
from connector.storage import command_store, order_store, return_store, settlement_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain import returns
from domain.events import SYSTEM, Act, Actor, Entry
from domain.fallback import instead, without_exchange
from domain.orders import Order
from domain.policy import Policy
from domain.returns import Return, UnitGroup
from domain.settlement import Leg, LegKind, LegState
from domain.unpaid import for_nothing, held_for

T = TypeVar("T")

JOB = "watch_unpaid"
PAID_WITHIN = timedelta(days=7)
ASKED_BY_THE_PLATFORM = "The shop's platform has sent the shopper an invoice, so it is paid there and nowhere else."
NOT_PAID = "The balance was not paid in time."
CASH = "cash"
TENDERS: Mapping[str, str] = {"card": "card", CASH: "cash"}
"""How a balance can be paid at a counter, as the order's payment says it."""
ONLINE = "online"
PAID_THERE = "It has just been paid on the storefront."


class Balance(Struct, frozen=True):
    """What is still to be paid for a return: its leg, until when (UTC), and what is given instead otherwise.

    `invoiced`: the platform asks for it and keeps the goods back.
    `pay_at` is where it can be paid on the storefront, empty where it cannot.
    """

    leg: Leg
    until: datetime
    instead: str
    invoiced: bool = False
    pay_at: str = ""


def balance_of(unit: Unit, found: Return, legs: Sequence[Leg]) -> Balance | None:
    """What the shopper still has to pay, if anything."""
    leg = next((leg for leg in legs if leg.kind == LegKind.COLLECT and leg.state == LegState.AWAITED), None)
    if leg is None:
        return None
    asked_at = settlement_store.since(unit, leg.key) or found.opened_at
    _, policy = _terms(unit, found)
    swapped = next(group for group in found.groups if group.id in leg.group_ids and group.resolution == "exchange")
    until, otherwise = asked_at + PAID_WITHIN, instead(swapped, _ways(swapped, policy))
    return Balance(leg=leg, until=until, instead=otherwise, invoiced=is_invoiced(leg), pay_at=pay_at(leg))


def collect(app: Application, shop: Shop, *, leg_key: str, tender: str, actor: Actor, key: str) -> Return:
    """Note that the balance was taken at the counter, and release the replacement; once per key.

    Raises NotFound, InvalidInput for a tender that counters do not take, Conflict when nothing is to be paid any more.
    """
    if tender not in TENDERS:
        raise InvalidInput("Say how it was paid.", at="tender")
    _withdraw_bill(app, shop, leg_key)

    def work(unit: Unit) -> Return:
        leg = _held(unit, leg_key)
        if command_store.get(unit, key) is not None:
            return return_of(unit, leg.return_id)
        _check_awaited(leg)
        if is_invoiced(leg):
            raise Conflict(ASKED_BY_THE_PLATFORM)
        if tender == CASH and not cash_is_allowed(unit, actor.post):
            raise Conflict("No cash is taken at this location.")
        command_store.keep(unit, key, result={"leg": leg_key}, at=app.clock())
        return _collected(app, unit, leg, tender=tender, actor=actor)

    return app.database.write(shop, work)


def paid_on_the_storefront(app: Application, unit: Unit, *, leg_key: str) -> None:
    """Note that the shopper paid the bill of a balance, and release the replacement; once more changes nothing."""
    leg = _held(unit, leg_key)
    if leg.state == LegState.AWAITED:
        _collected(app, unit, leg, tender=ONLINE, actor=SYSTEM)


def _collected(app: Application, unit: Unit, leg: Leg, *, tender: str, actor: Actor) -> Return:
    receipt = {"kind": "collected", "reference": tender, "by": actor.name}
    settlement_store.record(unit, leg.key, state=LegState.SETTLED, receipt=receipt, at=app.clock())
    counter_money.settled(unit, leg, actor=actor, tender=tender)
    _release(app, unit, leg, tender=tender)
    entry = Entry(at=app.clock(), actor=actor, act=Act.COLLECTED, details={**said_of(leg), "tender": tender})
    found = followed(unit, leg.return_id, entry=entry)
    let_go(app, unit, found)
    return found


def _ask_no_more(app: Application, shop: Shop, leg_key: str) -> None:
    """Let the balance be paid nowhere any more, before it is given up: neither on a storefront nor by an invoice.

    Raises Conflict when it was paid before that, and what channels raise.
    """
    with app.database.read(shop) as unit:
        leg = leg_of(unit, leg_key)
    if leg.state == LegState.AWAITED and is_invoiced(leg):
        call_off(app, shop, leg_key)
    else:
        _withdraw_bill(app, shop, leg_key)


def _withdraw_bill(app: Application, shop: Shop, leg_key: str) -> None:
    """Let the storefront take the balance no more, before it is taken or given up otherwise.

    Its bill may be there though it was not noted yet. Raises Conflict when it was paid there before that, and what
    that releases is on its way; ChannelSlow.
    """
    with app.database.read(shop) as unit:
        leg = leg_of(unit, leg_key)
        channel = billing(app, unit, leg) if leg.state == LegState.AWAITED else None
    if channel is None or channel.withdraw(leg_key):
        return
    app.database.write(shop, partial(paid_on_the_storefront, app, leg_key=leg_key))
    raise Conflict(PAID_THERE)


def give_up(app: Application, shop: Shop, *, leg_key: str, actor: Actor, why: str, key: str) -> Return:
    """Give what the shopper chose beforehand, since they do not pay; once per key.

    Raises NotFound, Conflict when nothing is to be paid any more, NeedsApproval when it is more than who acts may give
    back; all of these before anybody outside is told.
    """

    def work(acting: Application, unit: Unit) -> Return:
        leg = _held(unit, leg_key)
        if command_store.get(unit, key) is not None:
            return return_of(unit, leg.return_id)
        _check_awaited(leg)
        command_store.keep(unit, key, result={"leg": leg_key}, at=app.clock())
        before = return_of(unit, leg.return_id)
        given = _lapsed(acting, unit, leg, entry=Entry(at=app.clock(), actor=actor, act=Act.LAPSED, why=why))
        assents = Assents(acting, unit, actor=actor, about=given.id)
        decided_within_limit(assents, unit, given, before=before, actor=actor)
        return assents.written(given)

    return _once_asked_no_more(app, shop, leg_key, work=work)


def _once_asked_no_more(app: Application, shop: Shop, leg_key: str, *, work: Callable[[Application, Unit], T]) -> T:
    """What gives a balance up: tried out first, so that a refusal takes nothing back outside, then done."""
    try_out(app, shop, work)
    _ask_no_more(app, shop, leg_key)
    return app.database.write(shop, lambda unit: work(app, unit))


def watch_unpaid(app: Application, shop: Shop, *, step: Step, **_: object) -> None:
    """See which balances were paid on the storefront; give up those whose time is over, each by itself."""
    step("bills", lambda: app.database.write(shop, lambda unit: _look_at_bills(app, unit)))
    for key in step("look", lambda: _overdue(app, shop)):
        step(f"lapse {key}", partial(_lapse, app, shop, key))


def _look_at_bills(app: Application, unit: Unit) -> None:
    """A delivery that told of a payment may be lost."""
    for leg in awaited_bills(unit):
        look_at(app, unit, leg, turn=app.clock().isoformat())


def _overdue(app: Application, shop: Shop) -> list[str]:
    """The balances whose time is over, and those that platforms still ask for though their goods came to nothing."""
    with app.database.read(shop) as unit:
        late = settlement_store.standing(unit, state=LegState.AWAITED, since=app.clock() - PAID_WITHIN)
        waiting = settlement_store.standing(unit, state=LegState.AWAITED, since=EVER)
        return [key for key in waiting if key in late or _is_for_nothing(unit, leg_of(unit, key))]


def _is_for_nothing(unit: Unit, leg: Leg) -> bool:
    return bool(for_nothing(return_of(unit, leg.return_id), (leg,)))


def _lapse(app: Application, shop: Shop, key: str) -> str:
    """Give up a balance; why not when it cannot be, and it goes on waiting."""

    def work(acting: Application, unit: Unit) -> None:
        leg = _held(unit, key)
        if leg.state == LegState.AWAITED:
            _lapsed(acting, unit, leg, entry=Entry(at=app.clock(), actor=SYSTEM, act=Act.LAPSED, why=NOT_PAID))

    try:
        _once_asked_no_more(app, shop, key, work=work)
    except (ServiceError, ChannelError) as refusal:
        return refusal.message
    return ""


def _lapsed(app: Application, unit: Unit, leg: Leg, *, entry: Entry) -> Return:
    """The return after a balance was given up; goods that came to nothing are decided if they turn up, and not now."""
    found = return_of(unit, leg.return_id)
    for one in (leg, *_held_by(unit, leg)):
        settlement_store.record(unit, one.key, state=LegState.LAPSED, receipt=None, at=app.clock())
    if is_invoiced(leg):
        _undo_exchanges(app, unit, leg)
    order, policy = _terms(unit, found)
    moved = returns.settle(found, leg.group_ids, act="retry")
    astray = [group.id for group in found.groups if group.id in leg.group_ids and not group.expected]
    moved = returns.settle(moved, astray, act="drop")
    groups = tuple(
        without_exchange(group, _ways(group, policy)) if group.id in leg.group_ids else group for group in moved.groups
    )
    told = returns.note(replace(moved, groups=groups), replace(entry, details=said_of(leg)), before=found)
    saved = return_store.save(unit, told, expected_version=found.version)
    release(app, unit, saved)
    if is_invoiced(leg):
        read_back(app, unit, order_id=leg.order_id)
    again = tuple(group for group in saved.groups if group.id in leg.group_ids and group.id not in astray)
    if not again:
        let_go(app, unit, saved)
        return saved
    return begin(app, unit, saved, groups=again, order=order)


def _undo_exchanges(app: Application, unit: Unit, leg: Leg) -> None:
    """The platform has called them off; one that it never carried out is not tried again."""
    for one in exchanges_of(unit, leg):
        if one.state == LegState.SETTLED:
            settlement_store.undo(unit, one.key, at=app.clock())
        elif one.state != LegState.LAPSED:
            settlement_store.record(unit, one.key, state=LegState.LAPSED, receipt=None, at=app.clock())


def _release(app: Application, unit: Unit, leg: Leg, *, tender: str) -> None:
    released = [one.key for one in _held_by(unit, leg)]
    for one in _held_by(unit, leg):
        paid = {"tender": tender} if tender != ONLINE else {"tender": tender, "bill": bill_of(leg)}
        settlement_store.release(unit, one.key, work={**one.work, **paid}, at=app.clock())
    enqueue_legs(app, unit, released, key=f"{leg.key}:paid")


def _ways(group: UnitGroup, policy: Policy) -> tuple[str, ...]:
    """What may be given instead: what the rules gave when the return was opened, besides what the policy says."""
    return (*policy.resolutions, *((group.fallback,) if group.fallback else ()))


def _held_by(unit: Unit, leg: Leg) -> tuple[Leg, ...]:
    return held_for((leg,), settlement_store.legs_of(unit, leg.return_id))


def _held(unit: Unit, leg_key: str) -> Leg:
    order_store.lock(unit, leg_of(unit, leg_key).order_id)
    return leg_of(unit, leg_key)


def _check_awaited(leg: Leg) -> None:
    if leg.kind != LegKind.COLLECT or leg.state != LegState.AWAITED:
        raise Conflict("Nothing is to be paid for this any more.")


def _terms(unit: Unit, found: Return) -> tuple[Order, Policy]:
    order = order_of(unit, found.order_id)
    return order, terms_of(unit, order)
