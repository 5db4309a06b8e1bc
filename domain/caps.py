"""Nothing comes back twice: what is given is capped by what is left of each line, the order and the payments."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from domain.books import Books, figure, taxed
from domain.calendar import day_of
from domain.case import Case, EarlierReturn
from domain.eligibility import Judged
from domain.fees import Fee
from domain.money import format_amount
from domain.orders import Refund
from domain.proceeds import Portions, Pot, own_fees, pour

MOST_NAMED = 3
"""How many earlier refunds and returns a reason names."""

CapKind = Literal["line", "order", "payment"]


@dataclass(frozen=True, slots=True)
class Capped:
    """The pot after all caps with what its items leave; `by` is the first cap that bound, and `because` says why.

    `wanted` is what the pot held before any cap, `by_line` what the caps of the lines left of it.
    """

    pot: Pot
    parts: Portions
    wanted: int
    by_line: int
    by: CapKind | None = None
    because: str = ""


def cap(case: Case, books: Books, *, accepted: Sequence[Judged], fees: Sequence[Fee], parts: Portions) -> Capped:
    """What is left after exchange and fees, capped by the lines, then the order, then the payments."""
    cuts = _line_cuts(books, accepted, fees=fees)
    left = replace(parts, of_items=tuple(leaves - cuts.get(place, 0) for place, leaves in enumerate(parts.of_items)))
    wanted = pour(accepted, parts)
    by_line = pour(accepted, left) if cuts else wanted
    by_order = by_line.less(max(0, by_line.total - books.left_of_order))
    by_payment = by_order.less(max(0, by_order.total - books.left_of_payments))
    if by_payment.total == wanted.total:
        return Capped(by_payment, left, wanted.total, by_line.total)
    if by_line.total < wanted.total:
        lines = {accepted[place].item.line_id for place in cuts}
        return Capped(
            by_payment,
            left,
            wanted.total,
            by_line.total,
            "line",
            _named(case, _given_for_lines(case, books, lines=lines)),
        )
    if by_order.total < by_line.total:
        return Capped(
            by_payment, left, wanted.total, by_line.total, "order", _named(case, _given_for_order(case, books))
        )
    return Capped(by_payment, left, wanted.total, by_line.total, "payment", _of_payments(case, books))


def _line_cuts(books: Books, accepted: Sequence[Judged], *, fees: Sequence[Fee]) -> dict[int, int]:
    """What is above the caps of the lines, by the place of the item it comes off: refunds first, then credit.

    An item counts with its goods less its own fees; exchanged goods are not money and do not count.
    """
    own = own_fees(fees)
    by_line: dict[str, dict[int, int]] = defaultdict(dict)
    for place, judged in enumerate(accepted):
        if not judged.exchanged:
            by_line[judged.item.line_id][place] = judged.goods.value - own[place]
    cuts: dict[int, int] = {}
    for line_id, worths in by_line.items():
        account = books.accounts[line_id]
        over = sum(worths.values()) - max(0, account.charged - account.given)
        for place in sorted(worths, key=lambda place: accepted[place].item.resolution != "refund"):
            if over <= 0:
                break
            cuts[place] = min(over, max(0, worths[place]))
            over -= cuts[place]
    return cuts


Given = tuple[str, int]


def _given_for_order(case: Case, books: Books) -> Iterator[Given]:
    """Who gave back, and how much of the order."""
    for refund in case.order.refunds:
        yield _refund(case, refund), refund.amount
    for earlier in books.unpaid:
        yield _return(earlier), figure(case.order, earlier)


def _given_for_lines(case: Case, books: Books, *, lines: set[str]) -> Iterator[Given]:
    """Who gave back, and how much of some lines."""
    order = case.order
    for refund in order.refunds:
        told = [taxed(order, line.amount, tax=line.tax) for line in refund.lines if line.line_id in lines]
        yield _refund(case, refund), sum(told)
    for earlier in books.unpaid:
        told = [taxed(order, item.amount, tax=item.tax) for item in earlier.items if item.line_id in lines]
        yield _return(earlier), sum(told)


def _refund(case: Case, refund: Refund) -> str:
    on = f" on {day_of(refund.at, case.policy.timezone)}" if refund.at else ""
    return f"refund {refund.id}{on} gave back"


def _return(earlier: EarlierReturn) -> str:
    return f"return {earlier.id} {'gave back' if earlier.status == 'settled' else 'was promised'}"


def _named(case: Case, given: Iterator[Given]) -> str:
    digits = case.order.digits
    sentences = [f"{who} {format_amount(amount, digits)}" for who, amount in given if amount]
    more = len(sentences) - MOST_NAMED
    named = sentences[:MOST_NAMED] + ([f"{more} more gave back the rest"] if more > 0 else [])
    return "; ".join(named) or "that is all that was charged"


def _of_payments(case: Case, books: Books) -> str:
    digits = case.order.digits
    held = f"the payments still hold {format_amount(books.held, digits)}"
    if not books.promised:
        return held
    return f"{held}, of which open returns were promised {format_amount(books.promised, digits)}"
