"""What is kept back: restocking, a flat fee, diminished value, unearned promotions; cut to what there is."""

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from domain.books import Books
from domain.case import Case
from domain.eligibility import Judged
from domain.money import share
from domain.promotions import promotion_owed

FeeCode = Literal["restocking", "return_fee", "diminished", "promotion"]


class Fee(Struct, frozen=True):
    """A fee: `place` is the item's among the accepted ones, None for fees of the whole request."""

    code: FeeCode
    amount: int
    place: int | None = None
    line_id: str | None = None


def fees_owed(case: Case, books: Books, *, accepted: Sequence[Judged]) -> list[Fee]:
    """Every fee in the order of the codes, before it is cut; zero ones left out, a negative promotion gives back."""
    fees = [
        *_restocking(case, accepted),
        Fee("return_fee", _flat_fee(case, books, accepted=accepted)),
        *_diminished(accepted),
        Fee("promotion", promotion_owed(case, books, accepted=accepted)),
    ]
    return [fee for fee in fees if fee.amount]


def cut_fees(fees: Sequence[Fee], room: int) -> tuple[Fee, ...]:
    """The fees, in order, as far as there is room for them."""
    kept = []
    left = max(0, room)
    for fee in fees:
        amount = min(fee.amount, left)
        left -= max(0, amount)
        if amount:
            kept.append(fee if amount == fee.amount else replace(fee, amount=amount))
    return tuple(kept)


def _restocking(case: Case, accepted: Sequence[Judged]) -> Iterator[Fee]:
    for place, judged in enumerate(accepted):
        chosen = judged.settings.restocking_percent
        percent = case.policy.restocking_percent if chosen is None else chosen
        if percent and owes_fees(case, judged):
            amount = share(judged.goods.amount, percent.numerator, 100 * percent.denominator)
            yield Fee("restocking", amount, place, judged.item.line_id)


def _flat_fee(case: Case, books: Books, *, accepted: Sequence[Judged]) -> int:
    """The highest flat fee that any item owes; nothing where it is owed once an order and was charged before."""
    if case.policy.return_fee_per == "order" and books.fees_charged("return_fee") > 0:
        return 0
    owed = 0
    for judged in accepted:
        chosen = judged.settings.return_fee
        fee = case.policy.return_fee if chosen is None else chosen
        if fee > owed and owes_fees(case, judged):
            owed = fee
    return owed


def _diminished(accepted: Sequence[Judged]) -> Iterator[Fee]:
    """Evidenced loss of value, whatever the kind and the reason, at most what the goods give back."""
    for place, judged in enumerate(accepted):
        if judged.item.diminished:
            yield Fee("diminished", min(judged.item.diminished, judged.goods.value), place, judged.item.line_id)


def owes_fees(case: Case, judged: Judged) -> bool:
    """Whether an item owes restocking and the flat fee: a withdrawn one does not, nor where the policy waives them."""
    waived_for, waived_when = case.policy.fees_waived_for, case.policy.fees_waived_when
    return not (judged.withdrawn or judged.item.reason in waived_for or judged.item.resolution in waived_when)
