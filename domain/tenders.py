"""Where what is given goes: back to the payments in proportion to what they hold, or to store credit with its bonus."""

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct

from domain.case import Case
from domain.eligibility import Judged
from domain.money import share, split
from domain.orders import Order, Origin


class Leg(Struct, frozen=True):
    """An amount on its way: to a payment (`of` is where an exchange tender stems from), or None: to store credit."""

    payment_id: str | None
    amount: int
    of: Origin | None = None


def legs(order: Order, *, money: int, credit: int) -> tuple[Leg, ...]:
    """Money to payments by what each still holds, then store credit; zero ones left out."""
    shares = split(money, [payment.held for payment in order.payments]) if money else []
    payments = [
        Leg(payment.id, amount, payment.of if payment.kind == "exchange" else None)
        for payment, amount in zip(order.payments, shares, strict=False)
        if amount
    ]
    return (*payments, Leg(None, credit)) if credit else tuple(payments)


def bonus(case: Case, accepted: Sequence[Judged], *, leaves: Sequence[int], credit: int) -> int:
    """The bonus on what goes to store credit: rounded once at one rate, else for each item's part of the credit."""
    if not credit:
        return 0
    credited = [
        (rate_of(case, judged), max(0, left))
        for judged, left in zip(accepted, leaves, strict=True)
        if judged.item.resolution == "store_credit"
    ]
    rates = {rate for rate, _ in credited}
    if len(rates) == 1:
        return _percent_of(credit, rates.pop())
    parts = split(credit, [left for _, left in credited])
    return sum(_percent_of(part, rate) for part, (rate, _) in zip(parts, credited, strict=True))


def rate_of(case: Case, judged: Judged) -> Fraction:
    """The bonus in percent that an item earns as store credit: a rule's, else the policy's."""
    chosen = judged.settings.bonus_percent
    return case.policy.store_credit_bonus_percent if chosen is None else chosen


def _percent_of(amount: int, percent: Fraction) -> int:
    return share(amount, percent.numerator, 100 * percent.denominator)
