"""What the goods of each item give back: their share of the line, each tax on its own, their duties."""

from collections import defaultdict
from collections.abc import Iterator

from domain.accounts import portion
from domain.deliveries import duties_of
from domain.eligibility import Judged
from domain.working.laws import of_giving_back
from domain.working.of_lines import places_of, tax_inputs
from domain.working.step import Input, Step, count, nothing, some, summed
from domain.workings import Workings

PARTS = "Any split of a return gives back exactly what was paid: the running total is rounded, not each unit."
EACH_TAX = "Each tax is shared on its own, like the goods."
AFTER = "Units of the line that came back before, and those of the items before this one."
VALUE = "The goods with the tax that the order's prices leave out."
INCLUDED = "The goods; the order's prices include their tax."
GOODS = "The goods that come back, tax included."
DUTIES = "The policy gives duties back with their goods."


def goods_steps(workings: Workings) -> Iterator[Step]:
    """The steps of every item, and the sum of the goods."""
    places, taken, values = places_of(workings.case.order), defaultdict[str, list[Input]](list), []
    for place, judged in enumerate(workings.judged):
        if not judged.accepted:
            yield from _refused(judged, place)
            continue
        line = places[judged.item.line_id]
        before = taken[judged.item.line_id]
        back = count(f"order.lines[{line}].back", judged.account.back)
        after = Step(f"items[{place}].after", _total(back, before), "sum", some((back, *before)), AFTER, "count")
        yield after
        yield from _item(workings, judged, place=place, line=line, first=after.plus)
        before.append(count(f"case.items[{place}].quantity", judged.item.quantity))
        values.append(Input(f"items[{place}].value", judged.goods.value))
    yield Step("goods", workings.worth.goods, "sum", some(values), GOODS)


def _total(back: Input, before: list[Input]) -> int:
    return int(back.value) + sum(int(one.value) for one in before)


def _refused(judged: Judged, place: int) -> Iterator[Step]:
    """A refused item gives nothing, for its reasons."""
    because = " ".join(reason.text for reason in judged.reasons)
    yield nothing(f"items[{place}].amount", because)
    yield nothing(f"items[{place}].tax", because)


def _item(workings: Workings, judged: Judged, *, place: int, line: int, first: Input) -> Iterator[Step]:
    """An item's goods, each tax on them, their value, their duties."""
    figure, order = f"items[{place}]", workings.case.order
    whole, quantity, at = judged.account.line.quantity, judged.item.quantity, f"order.lines[{line}]"
    units = (count(f"case.{at}.quantity", whole), first, count(f"case.{figure}.quantity", quantity))
    paid = Input(f"{at}.paid", judged.account.worth)
    amount = Step(f"{figure}.amount", judged.goods.amount, "units", (paid, *units), PARTS)
    yield amount
    taxes = []
    for n, levied in enumerate(tax_inputs(judged.account.line, line)):
        value = portion(int(levied.value), int(first.value), count=quantity, whole=whole)
        taxes.append(Step(f"{figure}.taxes[{n}]", value, "units", (levied, *units), EACH_TAX))
    yield from taxes
    tax = Step(f"{figure}.tax", judged.goods.tax, "sum", some(one.plus for one in taxes), "All taxes on the item.")
    yield tax
    parts = (amount.plus,) if order.prices_include_tax else (amount.plus, tax.plus)
    yield summed(f"{figure}.value", parts, because=INCLUDED if order.prices_include_tax else VALUE)
    duties = duties_of(workings.case, judged)
    if duties:
        because = of_giving_back(order) if judged.withdrawn else DUTIES
        levied = Input(f"case.{at}.duties", judged.account.line.duties)
        yield Step(f"{figure}.duties", duties, "units", (levied, *units), because)
