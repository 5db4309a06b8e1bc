"""Where our books, the platform's and a return's own state say different things, and what a person does about it.

Nothing here changes anything: every drift is a sentence and what to do.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct, field

from domain.errors import IllegalStep, NotSupported
from domain.money import format_amount
from domain.orders import Order
from domain.replay import replayed
from domain.returns import Return
from domain.settlement import Leg, LegKind, LegState, follow, is_undone
from domain.transitions import Settlement

BY_HAND = "by_hand"
PAYING: frozenset[str] = frozenset({LegKind.REFUND})
PAYING_WITH_CREDIT = PAYING | {LegKind.STORE_CREDIT}
"""What a platform shows among an order's refunds; on some the store credit as well, never a bonus on it."""
SHOWN_BY_KEY = (LegKind.STORE_CREDIT, LegKind.BONUS, LegKind.EXCHANGE, LegKind.RESTOCK)
UNDER_WAY = (LegState.SENDING, LegState.UNKNOWN)
"""What the platform may show before we know it; such legs wait for a job or for a person already."""


class Drift(Struct, frozen=True):
    """Two that should say the same do not: `code` is stable, `about` names a return, leg or order.

    `said` is a sentence that says what differs, `do` one that says what a person does about it; `order_id` is the
    order that was looked at, once it is known.
    """

    code: str
    about: str
    said: str
    do: str
    order_id: str = ""


class Booked(Struct, frozen=True):
    """A line of the ledger: what was given under a leg's key, in minor units; `by_hand` when a person gave it."""

    key: str
    return_id: str
    kind: str
    amount: int
    by_hand: bool = False


class Evidence(Struct, frozen=True):
    """All that is known of an order: our returns of it, their legs and ledger, and the order as its channel tells it.

    `order` is None where the channel does not know it; `shown` says for the key of a settled leg whether the channel
    shows anything under it; `heard` are the ids of the refunds that it told before; `standing` are the keys of
    legs that have stood in one state for longer than any job takes; `paying` are the kinds of legs that the channel
    shows as refunds of the order.
    """

    order_id: str
    returns: Sequence[Return]
    legs: Sequence[Leg]
    ledger: Sequence[Booked]
    order: Order | None = None
    heard: frozenset[str] | None = None
    shown: Mapping[str, bool] = field(default_factory=dict)
    standing: frozenset[str] = frozenset()
    paying: frozenset[str] = PAYING


Check = Callable[[Evidence], Iterable[Drift]]


def drifts(evidence: Evidence) -> tuple[Drift, ...]:
    """Everything of an order that does not agree."""
    return (*_found(BESIDE_THE_PLATFORM, evidence), *drifts_of_ours(evidence))


def drifts_of_ours(evidence: Evidence) -> tuple[Drift, ...]:
    """What does not agree on our side alone, for an order whose channel could not be asked."""
    return _found(OURS, evidence)


def _found(checks: Sequence[Check], evidence: Evidence) -> tuple[Drift, ...]:
    return tuple(drift for check in checks for drift in check(evidence))


def _order_gone(evidence: Evidence) -> Iterable[Drift]:
    if evidence.order is None:
        yield Drift(
            "order_gone",
            evidence.order_id,
            f"The channel does not know order {evidence.order_id} any more.",
            "Look for it there. What is still to be given for its returns must be given by hand.",
        )


def _refunds(evidence: Evidence) -> Iterable[Drift]:
    """Our refunds of a return beside those that the platform shows under its number.

    What a person noted as given may stand there too: they saw it there, or gave it there themselves.
    """
    if evidence.order is None:
        return
    for found in evidence.returns:
        if any(leg.return_id == found.id and leg.state in UNDER_WAY for leg in evidence.legs):
            continue
        lines = [line for line in evidence.ledger if line.return_id == found.id and line.kind in evidence.paying]
        most = sum(line.amount for line in lines)
        least = sum(line.amount for line in lines if not line.by_hand)
        theirs = sum(refund.amount for refund in evidence.order.refunds if refund.key == found.id)
        if theirs > most:
            yield _more(evidence.order, found, ours=most, theirs=theirs)
        elif theirs < least:
            yield _less(evidence.order, found, ours=least, theirs=theirs)


def _more(order: Order, found: Return, *, ours: int, theirs: int) -> Drift:
    return Drift(
        "refunded_more",
        found.id,
        f"The platform refunded {_money(theirs, order)} for {found.id}, our ledger says {_money(ours, order)}.",
        "Look at the order's refunds on the platform. If one went out twice, ask the shopper to give it back.",
    )


def _less(order: Order, found: Return, *, ours: int, theirs: int) -> Drift:
    return Drift(
        "refunded_less",
        found.id,
        f"Our ledger says that {_money(ours, order)} was refunded for {found.id}, the platform shows "
        f"{_money(theirs, order)}.",
        "Look at the order's refunds on the platform. If the money did not go out, refund the rest there by hand.",
    )


def _refunded_elsewhere(evidence: Evidence) -> Iterable[Drift]:
    if evidence.order is None or evidence.heard is None:
        return
    for refund in evidence.order.refunds:
        if not refund.key and refund.id not in evidence.heard:
            yield Drift(
                "refunded_elsewhere",
                evidence.order_id,
                f"The platform refunded {_money(refund.amount, evidence.order)} outside Backhaul, and nobody told us.",
                "Nothing, if it was meant for something else. Else decline the open returns of this order.",
            )


def _above_payments(evidence: Evidence) -> Iterable[Drift]:
    if evidence.order is None:
        return
    paid = sum(payment.amount for payment in evidence.order.payments)
    back = sum(refund.amount for refund in evidence.order.refunds)
    if back > paid:
        yield Drift(
            "refunded_above_payments",
            evidence.order_id,
            f"{_money(back, evidence.order)} was refunded of {_money(paid, evidence.order)} that was paid.",
            "Look at the order's refunds on the platform; every further return of it quotes nothing.",
        )


def _not_shown(evidence: Evidence) -> Iterable[Drift]:
    for leg in evidence.legs:
        if leg.state == LegState.SETTLED and leg.kind in SHOWN_BY_KEY and evidence.shown.get(leg.key) is False:
            yield Drift(
                "not_shown",
                leg.key,
                f"We noted {_word(leg)} as given, and the platform shows nothing under {leg.key}.",
                "Look for it on the platform. If it is not there, give it by hand.",
            )


def _ledger(evidence: Evidence) -> Iterable[Drift]:
    """Every settled leg has its line, of its amount, and every line its settled leg."""
    lines = {line.key: line for line in evidence.ledger}
    for leg in evidence.legs:
        line = lines.pop(leg.key, None)
        is_settled = leg.state == LegState.SETTLED
        if is_settled and (line is None or line.amount != leg.amount):
            yield _torn(leg.key, "settled, and the ledger does not say so")
        if line is not None and not is_settled and leg.state != LegState.UNKNOWN and not is_undone(leg):
            yield _torn(leg.key, f"{leg.state}, and the ledger says that it was given")
    for key in lines:
        yield _torn(key, "unknown to its return, and the ledger says that it was given")


def _torn(key: str, said: str) -> Drift:
    return Drift(
        "ledger_torn",
        key,
        f"The payment {key} is {said}.",
        "This does not happen by itself: the database was changed by hand or restored in part. Compare with a backup.",
    )


def _states(evidence: Evidence) -> Iterable[Drift]:
    """A return stands as its legs do, and as its history tells."""
    for found in evidence.returns:
        legs = [leg for leg in evidence.legs if leg.return_id == found.id]
        if _as_its_legs(found, legs) != found:
            yield _unlike(found, "its payments stand otherwise than it does")
        if not _is_told(found):
            yield _unlike(found, "its history tells of another state")


def _as_its_legs(found: Return, legs: Sequence[Leg]) -> Return | None:
    begun = {group_id for leg in legs if leg.state != LegState.LAPSED for group_id in leg.group_ids}
    if any(group.id in begun and group.settlement is Settlement.NONE for group in found.groups):
        return None
    try:
        return follow(found, legs)
    except IllegalStep:
        return None


def _is_told(found: Return) -> bool:
    try:
        return replayed(found) == found
    except NotSupported:
        return True
    except IllegalStep:
        return False


def _unlike(found: Return, said: str) -> Drift:
    return Drift(
        "state_torn",
        found.id,
        f"{found.id}: {said}.",
        "This does not happen by itself: the database was changed by hand or restored in part. Compare with a backup.",
    )


def _standing(evidence: Evidence) -> Iterable[Drift]:
    for leg in evidence.legs:
        if leg.key in evidence.standing:
            yield Drift(
                "standing",
                leg.key,
                f"{_word(leg).capitalize()} for {leg.return_id} has been {leg.state.replace('_', ' ')} for long.",
                "Open the return: it shows both sides and asks for an answer.",
            )


def _money(amount: int, order: Order) -> str:
    return f"{format_amount(amount, order.digits)} {order.currency}"


def _word(leg: Leg) -> str:
    return f"the {leg.kind.replace('_', ' ')} of {format_amount(leg.amount, leg.digits)} {leg.currency}"


BESIDE_THE_PLATFORM: Sequence[Check] = (_order_gone, _refunds, _refunded_elsewhere, _above_payments, _not_shown)
OURS: Sequence[Check] = (_ledger, _states, _standing)
