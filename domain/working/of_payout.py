"""What the shopper gets in all, with the bonus on store credit, and where it goes."""

from collections.abc import Iterator

from domain.money import share, split
from domain.tenders import legs, rate_of
from domain.working.of_fees import source_of
from domain.working.of_limits import last_stage
from domain.working.step import Input, Step, nothing, some, summed
from domain.workings import Workings

BONUS = "Store credit earns this on top; it is never paid as money."
NO_BONUS = "Only store credit earns a bonus."
BY_ITEM = "The credit, shared over the items by what each leaves, because they earn at rates of their own."
POSITIVE = "An item that leaves less than nothing has no part in the credit."
TOTAL = "What the shopper gets: money, store credit, bonus."
TENDERS = "Back to the payments in proportion to what each still holds."
CREDIT = "Store credit, with its bonus."


def payout_steps(workings: Workings) -> Iterator[Step]:
    """The steps of the bonus, the total and each destination."""
    money, credit = last_stage(workings).inputs
    yield from _bonus(workings, credit)
    bonus = Input("bonus", workings.bonus)
    given = Input("capped.given", workings.capped.pot.total)
    yield summed("total", (given, bonus), because=TOTAL)
    yield from _payments(workings, money)
    if credit.value + workings.bonus:
        place = len(legs(workings.case.order, money=int(money.value), credit=0))
        yield summed(f"to[{place}].amount", (credit, bonus), because=CREDIT)


def _credited(workings: Workings) -> list[tuple[int, int]]:
    """The place in the case, and among the accepted items, of each that becomes store credit."""
    accepted = [place for place, judged in enumerate(workings.judged) if judged.accepted]
    return [(place, n) for n, place in enumerate(accepted) if workings.judged[place].item.resolution == "store_credit"]


def _bonus(workings: Workings, credit: Input) -> Iterator[Step]:
    """The bonus: rounded once where all items earn at the same rate, else for each item's part of the credit."""
    credited = _credited(workings)
    rates = {rate_of(workings.case, workings.judged[place]) for place, _ in credited}
    if not rates:
        yield nothing("bonus", NO_BONUS)
        return
    if len(rates) == 1:
        yield _percent(workings, credited[0][0], figure="bonus", of=credit)
        return
    weights = [_weight(workings, place, n) for place, n in credited]
    parts = split(int(credit.value), [max(0, int(weight.value)) for weight in weights])
    of_items = tuple(Input(f"items[{place}].credit", part) for (place, _), part in zip(credited, parts, strict=True))
    inputs = (credit, *(_at_least_nothing(weight) for weight in weights))
    yield from (step for weight in weights for step in _floored(weight))
    yield Step("credit.by_item", int(credit.value), "split", inputs, BY_ITEM, parts=of_items)
    steps = [
        _percent(workings, place, figure=f"items[{place}].bonus", of=part)
        for (place, _), part in zip(credited, of_items, strict=True)
    ]
    yield from steps
    yield Step("bonus", workings.bonus, "sum", some(step.plus for step in steps), BONUS)


def _weight(workings: Workings, place: int, n: int) -> Input:
    """What an item leaves, within the cap of its line."""
    name = f"items[{place}].{'left' if workings.capped.cuts else 'leaves'}"
    return Input(name, workings.capped.parts.of_items[n])


def _floored(weight: Input) -> Iterator[Step]:
    if weight.value < 0:
        yield Step(f"{weight.name}.at_least_nothing", 0, "not_below_zero", (weight,), POSITIVE)


def _at_least_nothing(weight: Input) -> Input:
    return Input(f"{weight.name}.at_least_nothing", 0) if weight.value < 0 else weight


def _percent(workings: Workings, place: int, *, figure: str, of: Input) -> Step:
    rate = rate_of(workings.case, workings.judged[place])
    at, who = source_of(workings, place, key="bonus_percent", default="store_credit_bonus_percent")
    value = share(int(of.value), rate.numerator, 100 * rate.denominator)
    return Step(figure, value, "percent", (of, Input(at, rate, "percent")), f"{BONUS} Set by {who}.")


def _payments(workings: Workings, money: Input) -> Iterator[Step]:
    """The money over the payments; where it comes to nothing for one, that one gets none."""
    payments = workings.case.order.payments
    if not money.value:
        return
    held = [Input(f"order.payments[{n}].held", payment.held) for n, payment in enumerate(payments)]
    given = split(int(money.value), [int(one.value) for one in held])
    parts, place = [], 0
    for n, amount in enumerate(given):
        parts.append(Input(f"to[{place}].amount" if amount else f"order.payments[{n}].gets", amount))
        place += bool(amount)
    yield Step("to", int(money.value), "split", (money, *held), TENDERS, parts=tuple(parts))
