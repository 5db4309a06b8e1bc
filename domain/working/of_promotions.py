"""How much of a discount is taken back, because the goods that are kept do not earn it any more."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from domain.accounts import portion
from domain.books import discount_shares
from domain.promotions import kept_units
from domain.working.of_lines import units_of
from domain.working.step import Input, Step, count, some, summed
from domain.workings import Workings

KEPT = "Units that stay with the shopper, exchanged ones among them."
AT_MOST_ALL = "No more units are kept than there were."
LISTED = "What is kept, at its list price."
GONE = "Units that come before the kept ones, which are the last."
CLAWBACK = "What unearned discounts gave on the goods that are kept, less what was taken back before."


def promotion_steps(workings: Workings, owed: int, *, figure: str) -> Iterator[Step]:
    """What is taken back of discounts; the last step is the whole of it."""
    kept = kept_units(workings.books, workings.accepted)
    yield from _kept(workings, kept)
    worth = summed("kept.listed", _listed(workings, kept), because="All that is kept, at list prices.")
    yield worth
    parts: list[Input] = []
    for n, shares in enumerate(discount_shares(workings.case.order)):
        threshold = workings.case.order.discounts[n].threshold
        if threshold is not None and worth.value < threshold:
            steps = list(_unearned(workings, n, shares=shares, kept=kept))
            yield from steps
            parts.extend(step.plus for step in steps)
    unearned = summed("promotion.unearned", parts, because="Unearned: what is kept is below the discount's threshold.")
    yield unearned
    before = [
        Input(f"case.earlier[{place}].fees[{n}].amount", -fee.amount)
        for place, earlier in enumerate(workings.case.earlier)
        for n, fee in enumerate(earlier.fees)
        if fee.code == "promotion" and earlier.id != workings.case.return_id
    ]
    yield Step(figure, owed, "sum", some((unearned.plus, *before)), CLAWBACK)


def _kept(workings: Workings, kept: Mapping[str, int]) -> Iterator[Step]:
    """How many units of each line are kept, what they list at, and how many are gone."""
    exchanged, gone = _exchanged(workings), _gone(workings)
    for place, (line_id, account) in enumerate(workings.books.accounts.items()):
        at, units = f"order.lines[{place}]", units_of(account, place)
        before = units
        if account.back:
            inputs = (units, count(f"{at}.back", -account.back), *exchanged[line_id])
            still = Step(f"{at}.still", account.left + account.exchanged, "sum", inputs, KEPT, "count")
            yield still
            least = min(account.units, still.value)
            most = Step(f"{at}.kept_before", least, "least", (units, still.plus), AT_MOST_ALL, "count")
            yield most
            before = most.plus
        left = Step(f"{at}.kept", kept[line_id], "sum", (before, *gone[line_id]), KEPT, "count")
        yield left
        price = Input(f"case.{at}.unit_price", account.line.unit_price)
        listed = account.line.unit_price * left.value
        yield Step(f"{at}.kept.listed", listed, "times", (price, left.plus), LISTED)
        yield Step(f"{at}.gone", account.units - left.value, "sum", (units, left.minus), GONE, "count")


def _exchanged(workings: Workings) -> Mapping[str, list[Input]]:
    """Units of earlier returns for which the shopper took something else, by line id."""
    found = defaultdict[str, list[Input]](list)
    for place, earlier in enumerate(workings.case.earlier):
        for n, item in enumerate(earlier.items if earlier.id != workings.case.return_id else ()):
            if item.resolution == "exchange":
                found[item.line_id].append(count(f"case.earlier[{place}].items[{n}].quantity", item.quantity))
    return found


def _gone(workings: Workings) -> Mapping[str, list[Input]]:
    """Units of this request that are not exchanged, by line id."""
    found = defaultdict[str, list[Input]](list)
    for place, judged in enumerate(workings.judged):
        if judged.accepted and not judged.exchanged:
            found[judged.item.line_id].append(count(f"case.items[{place}].quantity", -judged.item.quantity))
    return found


def _listed(workings: Workings, kept: Mapping[str, int]) -> Iterator[Input]:
    for place, (line_id, account) in enumerate(workings.books.accounts.items()):
        yield Input(f"order.lines[{place}].kept.listed", account.line.unit_price * kept[line_id])


def _unearned(workings: Workings, place: int, *, shares: Mapping[str, int], kept: Mapping[str, int]) -> Iterator[Step]:
    """The shares of a discount on the units that are kept."""
    discount = workings.case.order.discounts[place]
    because = f"Unearned: the goods kept are below the threshold of {discount.title or 'the discount'}."
    for n, (line_id, account) in enumerate(workings.books.accounts.items()):
        share = shares.get(line_id, 0)
        if not share or not kept[line_id]:
            continue
        at, first = f"order.lines[{n}]", account.units - kept[line_id]
        inputs = (
            Input(f"order.discounts[{place}].lines[{n}]", share),
            count(f"case.{at}.quantity", account.line.quantity),
            count(f"{at}.gone", first),
            count(f"{at}.kept", kept[line_id]),
        )
        value = portion(share, first, count=kept[line_id], whole=account.line.quantity)
        yield Step(f"order.discounts[{place}].kept[{n}]", value, "units", inputs, because)
