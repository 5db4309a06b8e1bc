"""What each line of the order cost, and what of it came back or was given back before."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from domain.accounts import Account
from domain.books import discount_shares
from domain.money import share, split
from domain.orders import Line, Order, discounted
from domain.working.step import Input, Step, above_zero, count, summed
from domain.workings import Workings

LISTED = "The list price of all units."
CHARGED_AS_TOLD = "The shop charged this for all units of the line."
PAID = "What was paid counts: the list price less the line's discounts and its share of the order's."
SHARED = "A discount of the order is shared over its lines by their list prices."
MOVED = f"{SHARED} What is above what a line bears moves to the first ones that bear it."
NOT_CANCELLED = "Units that were removed from the order were never charged."
ONE_MORE_TAX = "What the line's tax says beyond the sum of its taxes counts as one more."
CAME_BACK = "Units that came back before, by earlier returns or by refunds of the shop."
AT_MOST_ALL = "No more units come back than there were."
GIVEN = "What was given back for the line before."
LEFT = "A line gives back no more than was charged for it."

Contributions = Mapping[str, list[Input]]


def places_of(order: Order) -> dict[str, int]:
    """The place of each line in the order, by its id."""
    return {line.id: place for place, line in enumerate(order.lines)}


def tax_inputs(line: Line, place: int) -> list[Input]:
    """Each tax on all units of a line, as the account counts them."""
    at = f"order.lines[{place}]"
    taxes = [Input(f"case.{at}.taxes[{n}].amount", tax.amount) for n, tax in enumerate(line.taxes)]
    if line.tax is None or line.tax == _sum_of_taxes(line):
        return taxes
    if not taxes:
        return [Input(f"case.{at}.tax", line.tax)]
    return [*taxes, Input(f"{at}.other_tax", line.tax - _sum_of_taxes(line))]


def line_steps(workings: Workings) -> Iterator[Step]:
    """The steps of all lines."""
    order, books = workings.case.order, workings.books
    for place, line in enumerate(order.lines):
        inputs = (
            Input(f"case.order.lines[{place}].unit_price", line.unit_price),
            count(f"case.order.lines[{place}].quantity", line.quantity),
        )
        yield Step(f"order.lines[{place}].listed", line.unit_price * line.quantity, "times", inputs, LISTED)
    shares = discount_shares(order) if needs_shares(workings) else []
    yield from _shared_discounts(order, shares)
    returned, given = _units_back(workings), _money_back(workings)
    asked = {judged.item.line_id for judged in workings.accepted}
    for place, account in enumerate(books.accounts.values()):
        yield _paid(account, place, shares=shares)
        yield from _charged(account, place)
        yield from _back(account, place, returned=returned[account.line.id])
        if account.line.id in asked:
            yield from _left(account, place, given=given[account.line.id])


def needs_shares(workings: Workings) -> bool:
    """Whether discounts of the order are shared over its lines, to know what was paid or what is taken back."""
    order = workings.case.order
    sharing = any(line.discount is None and line.total is None for line in order.lines)
    return bool(order.discounts) and (sharing or workings.case.policy.promotions == "clawback")


def _sum_of_taxes(line: Line) -> int:
    return sum(tax.amount for tax in line.taxes)


def _shared_discounts(order: Order, shares: list[dict[str, int]]) -> Iterator[Step]:
    """Each discount over the lines that share it; where some do not bear their share, with the room of each."""
    places = places_of(order)
    lines = discounted(order)
    weights = [Input(f"order.lines[{places[line.id]}].listed", line.unit_price * line.quantity) for line in lines]
    worths = [int(weight.value) for weight in weights]
    plain = all(split(order.discounts[n].amount, worths) == list(part.values()) for n, part in enumerate(shares))
    rooms = weights
    for n, shared in enumerate(shares):
        whole = Input(f"case.order.discounts[{n}].amount", order.discounts[n].amount)
        parts = tuple(Input(f"order.discounts[{n}].lines[{places[line_id]}]", part) for line_id, part in shared.items())
        if plain:
            yield Step(f"order.discounts[{n}]", int(whole.value), "split", (whole, *weights), SHARED, parts=parts)
            continue
        inputs = (whole, *weights, *rooms)
        yield Step(f"order.discounts[{n}]", int(whole.value), "split_within", inputs, MOVED, parts=parts)
        left = list(_rooms(n, rooms, parts=parts))
        yield from left
        rooms = [room.plus for room in left]


def _rooms(place: int, rooms: list[Input], *, parts: tuple[Input, ...]) -> Iterator[Step]:
    """What each line can still bear after a discount."""
    for n, (room, part) in enumerate(zip(rooms, parts, strict=True)):
        inputs = (room, Input(part.name, -part.value))
        yield summed(f"order.discounts[{place}].room[{n}]", inputs, because="What the line can still bear.")


def _paid(account: Account, place: int, *, shares: list[dict[str, int]]) -> Step:
    """What all units of a line cost in the order's price terms."""
    line, at = account.line, f"order.lines[{place}]"
    if line.total is not None:
        inputs: tuple[Input, ...] = (Input(f"case.{at}.total", line.total),)
        return Step(f"{at}.paid", account.worth, "given", inputs, CHARGED_AS_TOLD)
    listed = Input(f"{at}.listed", line.unit_price * line.quantity)
    if line.discount is not None:
        inputs = (listed, Input(f"case.{at}.discount", -line.discount))
    else:
        parts = (Input(f"order.discounts[{n}].lines[{place}]", -shared[line.id]) for n, shared in enumerate(shares))
        inputs = (listed, *parts)
    return Step(f"{at}.paid", account.worth, "sum", tuple(given for given in inputs if given.value), PAID)


def _charged(account: Account, place: int) -> Iterator[Step]:
    """What the units of a line that were not removed cost, tax included."""
    line, at = account.line, f"order.lines[{place}]"
    taxes = tax_inputs(line, place)
    if taxes and taxes[-1].name == f"{at}.other_tax":
        told = (Input(f"case.{at}.tax", line.tax or 0), *(Input(tax.name, -tax.value) for tax in taxes[:-1]))
        yield summed(taxes[-1].name, told, because=ONE_MORE_TAX)
    parts = [Input(f"{at}.paid", account.worth), *([] if account.prices_include_tax else taxes)]
    if line.cancelled:
        removed = (count(f"case.{at}.quantity", line.quantity), count(f"case.{at}.cancelled", -line.cancelled))
        yield Step(f"{at}.units", account.units, "sum", removed, NOT_CANCELLED, "count")
        shares = [_of_units(account, place, whole=part) for part in parts]
        yield from shares
        parts = [step.plus for step in shares]
    charged = tuple(part for part in parts if part.value)
    yield Step(f"{at}.charged", account.charged, "sum", charged, "What was charged for the line, tax included.")


def _of_units(account: Account, place: int, *, whole: Input) -> Step:
    """The part of an amount for all units of a line that falls on those that were not removed."""
    at = f"order.lines[{place}]"
    inputs = (whole, count(f"{at}.units", account.units), count(f"case.{at}.quantity", account.line.quantity))
    value = share(int(whole.value), account.units, account.line.quantity)
    return Step(f"{whole.name.removeprefix('case.')}.of_units", value, "share", inputs, NOT_CANCELLED)


def units_of(account: Account, place: int) -> Input:
    """The units of a line that were not removed, as an input."""
    at = f"order.lines[{place}]"
    return count(f"{at}.units" if account.line.cancelled else f"case.{at}.quantity", account.units)


def _back(account: Account, place: int, *, returned: list[Input]) -> Iterator[Step]:
    """How many units of a line came back before, where any did."""
    if not returned:
        return
    at = f"order.lines[{place}]"
    came = Step(f"{at}.came_back", account.returned + account.refunded, "sum", tuple(returned), CAME_BACK, "count")
    yield came
    yield Step(f"{at}.back", account.back, "least", (units_of(account, place), came.plus), AT_MOST_ALL, "count")


def _left(account: Account, place: int, *, given: list[Input]) -> Iterator[Step]:
    """What a line can still give back."""
    at = f"order.lines[{place}]"
    back = Step(f"{at}.given", account.given, "sum", tuple(given), GIVEN)
    if given:
        yield back
    yield above_zero(f"{at}.left", (Input(f"{at}.charged", account.charged), back.minus), because=LEFT)


def _units_back(workings: Workings) -> Contributions:
    """Who brought back units of each line, by its id; refunds of our own returns do not count twice."""
    case, found = workings.case, defaultdict[str, list[Input]](list)
    ours = {earlier.id for earlier in workings.books.earlier}
    for place, earlier in enumerate(case.earlier):
        for n, item in enumerate(earlier.items if earlier.id in ours else ()):
            found[item.line_id].append(count(f"case.earlier[{place}].items[{n}].quantity", item.quantity))
    for place, refund in enumerate(case.order.refunds):
        for n, line in enumerate(() if refund.key in ours else refund.lines):
            if line.quantity:
                found[line.line_id].append(count(f"case.order.refunds[{place}].lines[{n}].quantity", line.quantity))
    return found


def _money_back(workings: Workings) -> Contributions:
    """Who gave back money for each line, by its id: refunds, and returns of whose lines no refund tells."""
    case, found = workings.case, defaultdict[str, list[Input]](list)
    told = {refund.key for refund in case.order.refunds if refund.lines}
    ours = {earlier.id for earlier in workings.books.earlier}
    for place, refund in enumerate(case.order.refunds):
        for n, line in enumerate(refund.lines):
            at = f"case.order.refunds[{place}].lines[{n}]"
            found[line.line_id].extend(priced(case.order, at, amount=line.amount, tax=line.tax))
    for place, earlier in enumerate(case.earlier):
        if earlier.id not in ours or earlier.id in told:
            continue
        for n, item in enumerate(earlier.items):
            at = f"case.earlier[{place}].items[{n}]"
            found[item.line_id].extend(priced(case.order, at, amount=item.amount, tax=item.tax))
        for n, fee in enumerate(earlier.fees):
            if fee.line_id is not None:
                found[fee.line_id].append(Input(f"case.earlier[{place}].fees[{n}].amount", -fee.amount))
    return found


def priced(order: Order, at: str, *, amount: int, tax: int) -> Iterator[Input]:
    """An amount of the case with the tax that its terms leave out; nothing is left out."""
    if amount:
        yield Input(f"{at}.amount", amount)
    if tax and not order.prices_include_tax:
        yield Input(f"{at}.tax", tax)
