"""Nothing comes back twice: what is given is capped by what is left of each line, the order and the payments."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from domain.books import Books, figure, taxed
from domain.calendar import day_of
from domain.case import Case, EarlierReturn
from domain.eligibility import Judged
from domain.fees import Fee
from domain.money import format_amount
from domain.orders import Refund
from domain.proceeds import Gathered, Portions, Pot, gather, own_fees

MOST_NAMED = 3
"""How many earlier refunds and returns a reason names."""

CapKind = Literal["line", "order", "payment"]


class Capped(Struct, frozen=True):
    """The pot after all caps, and how it came to it; `by` is the first cap that bound, and `because` says why.

    `wanted` was gathered before any cap, `gathered` after those of the lines, which took `cuts` off accepted items by
    their place and left `parts`. `pot_of_order` is what the cap of the order left of that.
    """

    pot: Pot
    parts: Portions
    wanted: Gathered
    gathered: Gathered
    cuts: Mapping[int, int]
    pot_of_order: Pot
    by: CapKind | None = None
    because: str = ""


def cap(case: Case, books: Books, *, accepted: Sequence[Judged], fees: Sequence[Fee], parts: Portions) -> Capped:
    """What is left after exchange and fees, capped by the lines, then the order, then the payments."""
    cuts = _line_cuts(books, accepted, fees=fees)
    left = _less_cuts(parts, cuts) if cuts else parts
    wanted = gather(accepted, parts)
    gathered = gather(accepted, left) if cuts else wanted
    whole, of_lines = wanted.pot.total, gathered.pot
    of_order = of_lines.at_most(books.left_of_order)
    pot = of_order.at_most(books.left_of_payments)
    capped = Capped(pot, left, wanted, gathered, cuts, of_order)
    if pot.total == whole:
        return capped
    if of_lines.total < whole:
        lines = {accepted[place].item.line_id for place in cuts}
        return replace(capped, by="line", because=_named(case, _given_for_lines(case, books, lines=lines)))
    if of_order.total < of_lines.total:
        return replace(capped, by="order", because=_named(case, _given_for_order(case, books)))
    return replace(capped, by="payment", because=_of_payments(case, books))


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
        if over > 0:
            cuts |= _cuts_of_line(accepted, worths, over=over)
    return cuts


def _cuts_of_line(accepted: Sequence[Judged], worths: Mapping[int, int], *, over: int) -> dict[int, int]:
    """What is over comes off the items of a line, one after the other."""
    cuts: dict[int, int] = {}
    for place in sorted(worths, key=lambda place: accepted[place].item.resolution != "refund"):
        if over <= 0:
            break
        cuts[place] = min(over, max(0, worths[place]))
        over -= cuts[place]
    return cuts


def _less_cuts(parts: Portions, cuts: Mapping[int, int]) -> Portions:
    """The portions after what the caps of the lines take off."""
    return replace(parts, of_items=tuple(leaves - cuts.get(place, 0) for place, leaves in enumerate(parts.of_items)))


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
