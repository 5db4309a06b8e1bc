"""What a decided quote makes us do: one leg for each thing given, each with its own key."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from domain.disposition import BACK_ON_SALE
from domain.events import Act
from domain.money import parse_amount, split
from domain.orders import Order
from domain.returns import Return, UnitGroup, settle
from domain.transitions import Settlement


class LegState(StrEnum):
    """How far a leg is.

    `by_hand` waits for a person because no channel can carry it out, `awaited` for the shopper's payment, `held` for
    the leg that it depends on; `lapsed` will not be carried out any more.
    """

    DUE = "due"
    AWAITED = "awaited"
    HELD = "held"
    SENDING = "sending"
    SETTLED = "settled"
    UNKNOWN = "unknown"
    FAILED = "failed"
    BY_HAND = "by_hand"
    LAPSED = "lapsed"


class LegKind(StrEnum):
    """What a leg gives, takes or moves; only a collected balance comes from the shopper."""

    REFUND = "refund"
    STORE_CREDIT = "store_credit"
    BONUS = "bonus"
    COLLECT = "collect"
    EXCHANGE = "exchange"
    RESTOCK = "restock"
    UNSHELVE = "unshelve"
    RESERVE = "reserve"
    RELEASE = "release"


class Leg(Struct, frozen=True):
    """One thing to be carried out once: `key` is its idempotency key everywhere, `amount` is in minor units.

    `work` is JSON: the lines of a refund, the variants of an exchange or a restock. `group_ids` are the groups
    of the return that wait for it. `tries` counts how often it was sent where that
    matters, `tried_at` is when last (UTC).
    """

    key: str
    return_id: str
    order_id: str
    kind: str
    amount: int
    currency: str
    digits: int
    payment_id: str | None = None
    group_ids: tuple[str, ...] = ()
    state: str = LegState.DUE
    work: Mapping[str, object] = field(default_factory=dict)
    receipt: Mapping[str, object] | None = None
    tries: int = 0
    tried_at: datetime | None = None


class Terms(Struct, frozen=True):
    """The money terms of an order that its legs are written in."""

    currency: str
    digits: int


FOLLOWS: tuple[tuple[LegState, Settlement], ...] = (
    (LegState.UNKNOWN, Settlement.UNKNOWN),
    (LegState.FAILED, Settlement.FAILED),
    (LegState.SENDING, Settlement.SENDING),
    (LegState.AWAITED, Settlement.UNPAID),
)
"""Any leg in such a state decides for its groups; without one, all settled is settled, some settled is sending."""

ACTS: Mapping[Settlement, str] = {
    Settlement.DUE: "retry",
    Settlement.UNPAID: "ask",
    Settlement.SENDING: "send",
    Settlement.SETTLED: "settle",
    Settlement.UNKNOWN: "lose",
    Settlement.FAILED: "fail",
}

DECIDE_INSTEAD = "So the rules give nothing instead of the exchange. Decide what the shopper gets, then say so here."

NO_WORTH: Mapping[str, tuple[int, int]] = {}
NOTHING: Mapping[str, object] = {}


def legs_of(
    found: Return,
    quote: Mapping[str, object],
    *,
    group_ids: Collection[str],
    terms: Terms,
    worth: Mapping[str, tuple[int, int]] = NO_WORTH,
) -> tuple[Leg, ...]:
    """The legs that carry out a quote in the contract's form for the groups that it was made for.

    Groups of an earlier decision may still be due: their own legs see to them. `worth` is what the replacement of a
    group costs, price and tax in minor units, where it is no even exchange.
    """
    due = parse_amount(str(quote["due"]), terms.digits)
    groups = [group for group in found.groups if group.id in group_ids]
    return (
        *_refunds(found, quote, terms=terms, groups=groups),
        *_credits(found, quote, terms=terms, groups=groups),
        *_collects(found, terms=terms, groups=groups, due=due),
        *_exchanges(found, terms=terms, groups=groups, worth=worth, due=due),
    )


def restock_of(
    found: Return, *, before: Return, terms: Terms, variants: Mapping[str, str], location: str = ""
) -> Leg | None:
    """The leg that puts on sale what an inspection sent to the shelf; `variants` names the variant of each line.

    `location` is where that is by the platform's own id, empty for wherever it puts goods by itself.
    """
    known = {group.id for group in before.groups if group.disposition == BACK_ON_SALE}
    shelved = [group for group in found.groups if group.disposition == BACK_ON_SALE and group.id not in known]
    lines = [
        {"variant_id": variants[group.line_id], "quantity": group.quantity}
        for group in shelved
        if group.line_id in variants
    ]
    if not lines:
        return None
    name, work = f"restock-{shelved[0].id}", _shelf(lines, location)
    return _leg(found, LegKind.RESTOCK, terms=terms, name=name, amount=0, groups=(), work=work)


def moved_of(
    found: Return, counted: Mapping[str, int], *, terms: Terms, on_sale: bool, location: str = ""
) -> Leg | None:
    """The leg that puts units on sale, or takes them off it, after the last line of history sent them elsewhere.

    `counted` is how many of each variant; None where there are none.
    """
    if not counted:
        return None
    lines = [{"variant_id": variant_id, "quantity": count} for variant_id, count in counted.items()]
    kind = LegKind.RESTOCK if on_sale else LegKind.UNSHELVE
    name, work = f"placed-{len(found.history)}{f'-{location}' if location else ''}", _shelf(lines, location)
    return _leg(found, kind, terms=terms, name=name, amount=0, groups=(), work=work)


def _shelf(lines: Sequence[Mapping[str, object]], location: str) -> dict[str, object]:
    return {"lines": list(lines), **({"location": location} if location else {})}


def by_invoice(legs: Sequence[Leg], *, paid: int) -> tuple[Leg, ...]:
    """The legs of a platform that asks for a balance itself: the exchange goes ahead, and it keeps the goods till then.

    `paid` is what was paid for the order so far; the balance is paid when that has grown by as much.
    """
    if not any(leg.state == LegState.AWAITED for leg in legs):
        return tuple(legs)
    return tuple(_by_invoice(leg, paid=paid) for leg in legs)


def _by_invoice(leg: Leg, *, paid: int) -> Leg:
    if leg.kind == LegKind.COLLECT:
        return replace(leg, work={"paid": paid})
    return replace(leg, state=LegState.DUE) if leg.state == LegState.HELD else leg


def newly_paid(balances: Sequence[Leg], taken: Sequence[Leg], *, paid: int) -> tuple[Leg, ...]:
    """Of an order's balances that its platform asked for, the first in turn that are paid by now.

    A payment counts for one balance, and for none that was asked for after it. `taken` are those whose payment was
    noted before, `paid` is what was paid for the order so far.
    """
    news: list[Leg] = []
    for one in balances:
        if _all_paid([*taken, *news, one], paid=paid):
            news.append(one)
    return tuple(news)


def _all_paid(balances: Sequence[Leg], *, paid: int) -> bool:
    """Whether what came in since each balance was asked for covers it and all that were asked for later."""
    asked = [(paid_before(one), one.amount) for one in balances]
    return all(paid - start >= sum(amount for since, amount in asked if since >= start) for start, _ in asked)


def paid_before(balance: Leg) -> int:
    """What had been paid for the order when its platform asked for a balance."""
    return int(str(balance.work["paid"]))


def paid_for(order: Order) -> int:
    """What was paid for an order, whatever went back of it."""
    return sum(payment.amount for payment in order.payments)


def undone_groups(legs: Iterable[Leg]) -> frozenset[str]:
    """The groups whose exchange was carried out and undone again: their units have come back once and for all."""
    return frozenset(group_id for leg in legs if is_undone(leg) for group_id in leg.group_ids)


def is_undone(leg: Leg) -> bool:
    """Whether a leg was an exchange that was carried out and called off again; its line of the ledger stays."""
    return leg.kind == LegKind.EXCHANGE and leg.state == LegState.LAPSED and bool(leg.receipt)


def for_money_only(legs: Iterable[Leg], line_ids: Collection[str]) -> tuple[Leg, ...]:
    """The legs without the units of some lines, which the platform has counted as come back before."""
    return tuple(replace(leg, work=_without_units(leg.work, line_ids)) for leg in legs)


def _without_units(work: Mapping[str, object], line_ids: Collection[str]) -> Mapping[str, object]:
    lines = work.get("lines")
    if not isinstance(lines, list):
        return work
    return {**work, "lines": [{**one, "quantity": 0} if one["line_id"] in line_ids else one for one in lines]}


def late_payment_of(balance: Leg) -> Leg:
    """What a shopper paid for a balance after it had lapsed: a person gives it back, or lets the goods go after all."""
    late = replace(balance, key=f"{balance.key}-late", kind=LegKind.REFUND, group_ids=(), work={}, receipt=None)
    return replace(late, state=LegState.BY_HAND)


def left_to_a_person(found: Return, refused: Mapping[str, str], *, terms: Terms) -> tuple[Leg, ...]:
    """The leg by which a person decides what groups get, for which the rules give nothing any more, if there are any.

    `refused` says why not, by group.
    """
    groups = [group for group in found.groups if group.id in refused]
    if not groups:
        return ()
    why = " ".join(dict.fromkeys(refused.values()))
    work = {"why": f"{why} {DECIDE_INSTEAD}"}
    leg = _leg(found, LegKind.REFUND, terms=terms, name="refused", amount=0, groups=groups, work=work)
    return (replace(leg, state=LegState.BY_HAND),)


def with_parts(legs: Iterable[Leg], *, before: Return, after: Return) -> tuple[Leg, ...]:
    """The legs that wait for a group which an inspection has split, waiting for its parts as well; no other leg."""
    known = {group.id for group in before.groups}
    news = [group.id for group in after.groups if group.id not in known]
    waiting = ((leg, tuple(one for one in news if one.rpartition(".")[0] in leg.group_ids)) for leg in legs)
    return tuple(replace(leg, group_ids=(*leg.group_ids, *parts)) for leg, parts in waiting if parts)


def follow(found: Return, legs: Iterable[Leg]) -> Return:
    """The return with its groups' settlement as the states of their legs say."""
    states: dict[str, list[str]] = {}
    for leg in legs:
        for group_id in leg.group_ids:
            states.setdefault(group_id, []).append(leg.state)
    for group in found.groups:
        target = settlement_of(states.get(group.id, ()))
        if group.settlement is not Settlement.NONE and group.settlement is not target:
            found = settle(found, [group.id], act=ACTS[target])
    return found


def settlement_of(states: Sequence[str]) -> Settlement:
    """The settlement of a group whose legs are in these states; without legs nothing was to be given."""
    states = [state for state in states if state != LegState.LAPSED]
    decisive = next((settlement for leg, settlement in FOLLOWS if leg in states), None)
    if decisive is not None:
        return decisive
    if all(state == LegState.SETTLED for state in states):
        return Settlement.SETTLED
    return Settlement.SENDING if LegState.SETTLED in states else Settlement.DUE


def _given(groups: Sequence[UnitGroup], resolution: str) -> Sequence[UnitGroup]:
    """The groups that something is given for; what is left of an exchange is given for the exchanged ones."""
    wanted = [group for group in groups if group.resolution == resolution]
    return wanted or [group for group in groups if group.resolution == "exchange"] or groups


def _refunds(found: Return, quote: Mapping[str, object], *, terms: Terms, groups: Sequence[UnitGroup]) -> Iterable[Leg]:
    to = [entry for entry in _entries(quote, "to") if "payment_id" in entry]
    refunded = _given(groups, "refund")
    amounts = [parse_amount(str(entry["amount"]), terms.digits) for entry in to]
    shipping = split(parse_amount(str(quote["shipping"]), terms.digits), amounts)
    lines = _lines_by_leg(refunded, amounts)
    for n, entry in enumerate(to):
        work = {"lines": lines[n], "shipping": shipping[n]}
        yield _leg(
            found, LegKind.REFUND, terms=terms, name=f"refund-{n + 1}", amount=amounts[n], groups=refunded, work=work,
            payment_id=str(entry["payment_id"]),
        )  # fmt: skip


def _lines_by_leg(groups: Sequence[UnitGroup], amounts: Sequence[int]) -> list[list[dict[str, object]]]:
    """The refunded lines shared over the tenders; units are named once, with the first, or where they are exchanged."""
    lines: list[list[dict[str, object]]] = [[] for _ in amounts]
    for group in groups:
        shares = zip(split(group.amount, amounts), split(group.tax, amounts), strict=True)
        for n, (amount, tax) in enumerate(shares):
            units = group.quantity if n == 0 and group.resolution != "exchange" else 0
            lines[n].append({"line_id": group.line_id, "quantity": units, "amount": amount, "tax": tax})
    return lines


def _credits(found: Return, quote: Mapping[str, object], *, terms: Terms, groups: Sequence[UnitGroup]) -> Iterable[Leg]:
    credited = _given(groups, "store_credit")
    for entry in _entries(quote, "to"):
        if not entry.get("store_credit"):
            continue
        bonus = parse_amount(str(quote["bonus"]), terms.digits)
        given = parse_amount(str(entry["amount"]), terms.digits) - bonus
        (lines,) = _lines_by_leg(credited, [given])
        work: Mapping[str, object] = {"lines": lines, **({} if found.credit_to is None else {"to": found.credit_to})}
        parts = (("credit", LegKind.STORE_CREDIT, given, work), ("bonus", LegKind.BONUS, bonus, NOTHING))
        for name, kind, amount, done in parts:
            if amount:
                yield _leg(found, kind, terms=terms, name=name, amount=amount, groups=credited, work=done)


def _collects(found: Return, *, terms: Terms, groups: Sequence[UnitGroup], due: int) -> Iterable[Leg]:
    """What the shopper still has to pay; all that was decided with it waits for it."""
    if due:
        leg = _leg(found, LegKind.COLLECT, terms=terms, name="collect", amount=due, groups=groups, work={})
        yield replace(leg, state=LegState.AWAITED)


def _exchanges(
    found: Return, *, terms: Terms, groups: Sequence[UnitGroup], worth: Mapping[str, tuple[int, int]], due: int
) -> Iterable[Leg]:
    exchanged = [group for group in groups if group.resolution == "exchange" and group.exchange_for]
    lines = [
        {
            "line_id": group.line_id,
            "variant_id": (group.exchange_for or {})["variant_id"],
            "quantity": group.quantity,
            **dict(zip(("amount", "tax"), worth.get(group.id, (group.amount, group.tax)), strict=True)),
        }
        for group in exchanged
    ]
    if lines:
        work = {"lines": lines, "collected": due} if due else {"lines": lines}
        leg = _leg(found, LegKind.EXCHANGE, terms=terms, name="exchange", amount=0, groups=exchanged, work=work)
        yield replace(leg, state=LegState.HELD) if due else leg


def _leg(
    found: Return, kind: LegKind, *, terms: Terms, name: str, amount: int, groups: Sequence[UnitGroup],
    work: Mapping[str, object], payment_id: str | None = None,
) -> Leg:  # fmt: skip
    return Leg(
        key=f"{found.id}-{round_of(found)}-{name}",
        return_id=found.id,
        order_id=found.order_id,
        kind=kind,
        amount=amount,
        currency=terms.currency,
        digits=terms.digits,
        payment_id=payment_id,
        group_ids=tuple(group.id for group in groups),
        work=work,
    )


def round_of(found: Return) -> int:
    """The number of the decision: what turns up late is decided later, under keys of its own."""
    return 1 + sum(entry.act == Act.DECIDED for entry in found.history)


def _entries(quote: Mapping[str, object], name: str) -> Sequence[Mapping[str, object]]:
    entries = quote[name]
    return entries if isinstance(entries, list) else []
