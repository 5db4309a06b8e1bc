"""What a return is worth is given back: decided once, carried out leg by leg, each leg once.

Claim (committed), then look and send in one durable step, then record: a leg that is found half-way is looked up
on the channel under its own key before anything is sent again.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from adapters.errors import ChannelSlow, NotConnected
from connector.application import Application, Step
from connector.services.ask_payment import ask_for
from connector.services.earlier_returns import fees_of
from connector.services.keep_order import read_back
from connector.services.leg_progress import (
    as_people_said,
    channel_of,
    channel_of_leg,
    followed,
    leg_of,
    return_of,
    said_of,
    saved,
)
from connector.services.mirror_return import let_go
from connector.services.policy_terms import terms_of
from connector.services.quote_return import (
    Document,
    Request,
    StoredQuote,
    as_read,
    case_of,
    item_of,
    order_document,
    order_of,
    quote,
)
from connector.services.send_leg import look_and_send
from connector.services.ways_instead import ways_for
from connector.storage import quote_store, settlement_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain import returns
from domain.case import read_case
from domain.elsewhere import elsewhere_when_decided, given_elsewhere
from domain.events import SYSTEM, Act, Entry
from domain.exchanges import worth
from domain.fallback import without_exchange
from domain.holds import covers, from_rest, is_void, rest_of, with_holds
from domain.money import parse_amount
from domain.orders import Order
from domain.returns import Return, UnitGroup
from domain.settlement import (
    Leg,
    LegKind,
    LegState,
    Terms,
    by_invoice,
    follow,
    for_money_only,
    left_to_a_person,
    legs_of,
    paid_for,
    restock_of,
    undone_groups,
)
from domain.transitions import Settlement

OUTCOME_ACTS: Mapping[str, Act] = {LegState.SETTLED: Act.PAID, LegState.UNKNOWN: Act.UNCERTAIN}
JOB = "settle"
NOBODY_REPORTED = "It was begun, and nobody reported back. Whether it was carried out is not certain."
MOMENTS: Mapping[str, frozenset[str]] = {
    "approved": frozenset({"approved"}),
    "in_transit": frozenset({"approved", "in_transit"}),
    "inspected": frozenset({"approved"}),
}
"""At each moment of a return, the policies (`settle_on`) whose money is due by then though goods are still to come."""
GONE = frozenset({"already_returned", "already_refunded"})
"""Of the reasons to refuse: nothing is left of the units to be given back."""
UNSEEN = "in_transit"
"""The moment at which nobody of the shop looks at the figures."""


def settle_when_due(app: Application, unit: Unit, found: Return, *, moment: str) -> Return:
    """Decide and begin the settlement when policy and goods say that it is time; else leave it be.

    A parcel that was handed in pays what was promised; where that is less by now, staff see it when they look at it.
    """
    groups = groups_due(unit, found, moment=moment)
    if not groups:
        return found
    order = order_of(unit, found.order_id)
    made = quote(app, unit, order_id=found.order_id, request=request_of(found, groups))
    if moment == UNSEEN and not _is_as_promised(made, groups, order=order, fees=_fees_promised(unit, found)):
        return found
    return _begin(app, unit, found, order=order, made=made, groups=groups)


def _is_as_promised(made: StoredQuote, groups: Sequence[UnitGroup], *, order: Order, fees: Decimal) -> bool:
    """Whether nothing is refused, held back by a dispute, worth less or charged more than when it was opened."""
    items: Sequence[Mapping[str, str]] = made.document["items"]  # type: ignore[assignment]
    if order.disputed or any(item["verdict"] == "refused" for item in items):
        return False
    worth = sum(group.amount + group.tax for group in groups)
    now = sum(parse_amount(item[name], order.digits) for item in items for name in ("amount", "tax"))
    return now >= worth and fees_of(made.document) <= fees and made.document["capped"] is None


def _fees_promised(unit: Unit, found: Return) -> Decimal:
    return fees_of(quote_store.document_of(unit, found.quote_id) or {})


def begin(app: Application, unit: Unit, found: Return, *, groups: tuple[UnitGroup, ...], order: Order) -> Return:
    """Decide what groups of a return give, and hand it to jobs; what was decided before is decided anew.

    What of that was given back otherwise meanwhile gives nothing more; what else the rules refuse is for a person.
    """
    made = quote(app, unit, order_id=found.order_id, request=request_of(found, groups))
    return _begin(app, unit, found, order=order, made=made, groups=groups)


def restock(app: Application, unit: Unit, found: Return, *, before: Return, location: str = "") -> None:
    """Put on sale what an inspection sent to the shelf, whenever it was paid; `location` is the platform's own id."""
    order = order_of(unit, found.order_id)
    variants = {line.id: line.variant_id for line in order.lines if line.variant_id}
    terms = Terms(currency=order.currency, digits=order.digits)
    leg = restock_of(found, before=before, terms=terms, variants=variants, location=location)
    if leg is not None:
        hand_over(app, unit, (leg,), order=order)


def groups_due(unit: Unit, found: Return, *, moment: str) -> tuple[UnitGroup, ...]:
    """The groups to settle now: all that are promised when it is time, else those here once none is on its way.

    What was looked for in vain and turns up after the rest was settled is settled then.
    """
    is_due = terms_of(unit, order_of(unit, found.order_id)).settle_on in MOMENTS[moment]
    promised = tuple(group for group in found.groups if group.promised)
    on_the_way = any(group.reception in ("awaiting", "in_transit") for group in promised)
    if (on_the_way and not is_due) or found.status == "requested":
        return ()
    return tuple(group for group in promised if (group.expected if on_the_way else group.payable))


def request_of(found: Return, groups: tuple[UnitGroup, ...]) -> Request:
    """The request that settles these groups of a return; eligibility stays judged at its opening."""
    return Request(
        items=[item_of(group) for group in groups],
        channel=found.channel,
        kind=found.kind,
        return_id=found.id,
        opened_at=found.opened_at,
        group_ids=frozenset(group.id for group in groups),
        gift=found.gift_receipt is not None,
    )


def carry_out_legs(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: carry out legs one after the other, each once, whatever dies in between.

    Raises ChannelSlow when a leg had to wait for another payment of its order; the engine then comes back to it.
    """
    keys: Sequence[str] = payload["legs"]  # type: ignore[assignment]
    slow: ChannelSlow | None = None
    for key in keys:
        try:
            _carry_out(app, shop, step=step, key=key)
        except ChannelSlow as error:
            slow = error
    if slow is not None:
        raise slow


def _carry_out(app: Application, shop: Shop, *, step: Step, key: str) -> None:
    if not step(f"claim {key}", lambda: app.database.write(shop, lambda unit: _claim(app, unit, key))):
        return
    try:
        outcome = step(f"look and send {key}", lambda: look_and_send(app, shop, key))
    except ChannelSlow as error:
        outcome = {"state": LegState.UNKNOWN, "why": error.message}
    if outcome is None:
        return
    step(f"record {key}", lambda: app.database.write(shop, lambda unit: _record(app, unit, key=key, outcome=outcome)))


def leave_to_a_person(app: Application, unit: Unit, key: str) -> None:
    """Note that nobody reported back on a leg that was begun: whether it was carried out is for a person to say."""
    if leg_of(unit, key).state == LegState.SENDING:
        _record(app, unit, key=key, outcome={"state": LegState.UNKNOWN, "why": NOBODY_REPORTED})


def carry_out_again(app: Application, unit: Unit, key: str) -> None:
    """Hand a leg that was never begun to a new job."""
    if leg_of(unit, key).state == LegState.DUE:
        settlement_store.record(unit, key, state=LegState.DUE, receipt=None, at=app.clock())
        enqueue_legs(app, unit, (key,), key=f"{key}:{app.clock():%Y%m%d%H%M}")


def enqueue_legs(app: Application, unit: Unit, legs: Sequence[str], *, key: str) -> None:
    """Hand legs to a job of this key."""
    app.jobs.enqueue(unit, JOB, key=key, payload={"legs": list(legs)})


def _begin(
    app: Application, unit: Unit, found: Return, *, order: Order, made: StoredQuote, groups: tuple[UnitGroup, ...]
) -> Return:
    decided = _priced(found, made=made, groups=groups, digits=order.digits)
    news = [group.id for group in groups if group.settlement is Settlement.NONE]
    decided = returns.settle(decided, news, act="fall_due")
    terms = Terms(currency=order.currency, digits=order.digits)
    group_ids = [group.id for group in groups]
    refused = _refused_anew(made, groups)
    giving = [group_id for group_id in group_ids if group_id not in refused]
    legs = legs_of(decided, made.document, group_ids=giving, terms=terms, worth=_worth(made, groups))
    legs = (*legs, *left_to_a_person(decided, _still_here(refused), terms=terms))
    earlier = settlement_store.legs_of(unit, found.id)
    undone = undone_groups(earlier)
    legs = for_money_only(legs, {group.line_id for group in groups if group.id in undone})
    legs = with_holds(legs, earlier, groups=groups)
    known = _given_elsewhere_before(unit, found, earlier, order=order)
    legs = tuple(replace(leg, work={**leg.work, "elsewhere": known}) if known else leg for leg in legs)
    if _invoices(app, unit, order):
        legs = by_invoice(legs, paid=paid_for(order))
    legs = hand_over(app, unit, legs, order=order)
    details = {"quote": made.id, "covers": group_ids, "total": made.document["total"], "currency": order.currency}
    entry = Entry(at=app.clock(), actor=SYSTEM, act=Act.DECIDED, details=details)
    return saved(unit, returns.note(follow(decided, (*earlier, *legs)), entry, before=found), expected=found)


def _given_elsewhere_before(unit: Unit, found: Return, legs: Sequence[Leg], *, order: Order) -> int:
    """What was given outside of our returns by when this one was promised, or a person was last asked about it.

    What was given since may have been for these very goods, so that a person must say what it was for.
    """
    promise = quote_store.get(unit, found.quote_id)
    then = order if promise is None else as_read(unit, as_people_said(unit, promise.case["order"]))  # type: ignore[arg-type]
    return max(given_elsewhere(then, legs, return_id=found.id), *map(elsewhere_when_decided, legs), 0)


def _refused_anew(made: StoredQuote, groups: Sequence[UnitGroup]) -> Mapping[str, Sequence[Document]]:
    """The reasons to refuse groups that are decided anew, by group; at first, what was judged at the opening holds."""
    items: Sequence[Document] = made.document["items"]  # type: ignore[assignment]
    pairs = zip(groups, items, strict=True)
    anew = [(group, item) for group, item in pairs if group.settlement is not Settlement.NONE]
    return {group.id: item["reasons"] for group, item in anew if item["verdict"] == "refused"}  # type: ignore[misc]


def _still_here(refused: Mapping[str, Sequence[Document]]) -> Mapping[str, str]:
    """What was refused though its units were given back nowhere else: the first reason in words, by group."""
    left = {id_: reasons for id_, reasons in refused.items() if not any(one["code"] in GONE for one in reasons)}
    return {id_: str(reasons[0]["text"]) for id_, reasons in left.items()}


def _invoices(app: Application, unit: Unit, order: Order) -> bool:
    """Whether the order's platform asks for a balance itself, so that nobody else may."""
    try:
        return app.channels.for_shop(unit.shop, channel_of(unit.shop, order)).capabilities.invoices
    except NotConnected:
        return False


def _worth(made: StoredQuote, groups: tuple[UnitGroup, ...]) -> Mapping[str, tuple[int, int]]:
    """What the replacements cost, by group, where they do not count for what they replace."""
    if not any(group.resolution == "exchange" for group in groups):
        return {}
    case = read_case(made.case)
    pairs = ((group.id, worth(case, item)) for group, item in zip(groups, case.items, strict=True))
    return {group_id: amounts for group_id, amounts in pairs if amounts is not None}


def _priced(found: Return, *, made: StoredQuote, groups: tuple[UnitGroup, ...], digits: int) -> Return:
    """The return with what the decided quote gives for each group; what was not decided gives nothing yet."""
    items = made.document["items"]
    assert isinstance(items, list)  # noqa: S101  the contract's form
    priced = {
        group.id: replace(group, amount=parse_amount(item["amount"], digits), tax=parse_amount(item["tax"], digits))
        for group, item in zip(groups, items, strict=True)
    }
    return replace(found, quote_id=made.id, groups=tuple(priced.get(group.id, group) for group in found.groups))


def hand_over(app: Application, unit: Unit, legs: Sequence[Leg], *, order: Order) -> tuple[Leg, ...]:
    """The legs, kept and handed to a job; those that no channel can carry out wait for a person."""
    kept = tuple(_carried(app, unit, leg, order=order) for leg in legs)
    settlement_store.add_legs(unit, kept, at=app.clock())
    due = [leg.key for leg in kept if leg.state == LegState.DUE]
    if due:
        enqueue_legs(app, unit, due, key=due[0])
    ask_for(app, unit, kept)
    return kept


def _carried(app: Application, unit: Unit, leg: Leg, *, order: Order) -> Leg:
    """A leg that no channel can carry out waits for a person; what waits for the shopper is left as it is."""
    if leg.state != LegState.DUE:
        return leg
    payment = next((payment for payment in order.payments if payment.id == leg.payment_id), None)
    if payment is not None and not payment.refundable:
        return replace(leg, state=LegState.BY_HAND)
    try:
        app.channels.for_shop(unit.shop, channel_of_leg(unit.shop, leg, order))
    except NotConnected:
        return replace(leg, state=LegState.BY_HAND)
    return leg


def _claim(app: Application, unit: Unit, key: str) -> bool:
    """Whether the leg is ours to carry out; raises ChannelSlow while another leg of the order is under way."""
    leg = leg_of(unit, key)
    if leg.state == LegState.SENDING:
        return True
    if leg.state != LegState.DUE or _lapses(app, unit, leg):
        return False
    if not settlement_store.claim(unit, key, at=app.clock()):
        raise ChannelSlow("another payment of this order is under way")
    entry = Entry(at=app.clock(), actor=SYSTEM, act=Act.SENDING, details=said_of(leg))
    followed(unit, leg.return_id, entry=entry)
    return True


def _lapses(app: Application, unit: Unit, leg: Leg) -> bool:
    """Whether the leg would keep what was given up or taken meanwhile; such a one is never carried out."""
    if leg.kind != LegKind.RESERVE or not is_void(leg, settlement_store.legs_of(unit, leg.return_id)):
        return False
    return settlement_store.lapse(unit, leg.key, at=app.clock())


def _record(app: Application, unit: Unit, *, key: str, outcome: Document) -> None:
    leg, state = leg_of(unit, key), str(outcome["state"])
    if leg.state in (LegState.SETTLED, LegState.LAPSED, state):
        return
    if leg.kind == LegKind.RESERVE and state == LegState.FAILED:
        _not_kept(app, unit, leg, why=str(outcome.get("why", "")))
        return
    receipt: Document | None = outcome.get("receipt")  # type: ignore[assignment]
    if "elsewhere" in outcome:
        settlement_store.rework(unit, key, work={**leg.work, "elsewhere": outcome["elsewhere"]})
    settlement_store.record(unit, key, state=state, receipt=receipt, at=app.clock())
    act = OUTCOME_ACTS.get(state, Act.FAILED)
    entry = Entry(at=app.clock(), actor=SYSTEM, act=act, why=str(outcome.get("why", "")), details=said_of(leg))
    let_go(app, unit, followed(unit, leg.return_id, entry=entry))
    read_back(app, unit, order_id=leg.order_id)
    if leg.kind == LegKind.EXCHANGE and state == LegState.SETTLED:
        _keep_the_rest(app, unit, leg)


def _keep_the_rest(app: Application, unit: Unit, exchange: Leg) -> None:
    """Keep anew what of the return still waits for its replacement and was kept together with what was taken.

    What was decided of that, and is not paid yet or not sent, takes its goods from there.
    """
    order, legs = order_of(unit, exchange.order_id), settlement_store.legs_of(unit, exchange.return_id)
    terms = Terms(currency=order.currency, digits=order.digits)
    rest = rest_of(return_of(unit, exchange.return_id), legs, after=exchange, terms=terms)
    if rest:
        hand_over(app, unit, rest, order=order)
    for leg in from_rest(legs, rest):
        settlement_store.rework(unit, leg.key, work=leg.work)


def _not_kept(app: Application, unit: Unit, leg: Leg, *, why: str) -> None:
    """The replacement of a group is sold out, so that what the shopper chose beforehand for it is given instead.

    Where the rules give nothing else it stays an exchange, which a person sees to once it cannot be carried out. What
    was given up meanwhile changes nothing.
    """
    settlement_store.record(unit, leg.key, state=LegState.LAPSED, receipt=None, at=app.clock())
    if is_void(leg, settlement_store.legs_of(unit, leg.return_id)):
        return
    found = return_of(unit, leg.return_id)
    groups = tuple(
        _instead(app, unit, found, group=group) if group.settlement is Settlement.NONE and covers(leg, group) else group
        for group in found.groups
    )
    entry = Entry(at=app.clock(), actor=SYSTEM, act=Act.SOLD_OUT, why=why, details=said_of(leg))
    saved(unit, returns.note(replace(found, groups=groups), entry, before=found), expected=found)


def _instead(app: Application, unit: Unit, found: Return, *, group: UnitGroup) -> UnitGroup:
    """A group with what the rules give instead of its exchange, if anything."""
    document = order_document(unit, found.order_id)
    case = case_of(app, unit, order=document, request=request_of(found, (group,)))
    offered = ways_for(app, case, item=item_of(group), order=order_of(unit, found.order_id))
    return without_exchange(group, offered) if offered else group
