"""What comes back beside the goods, and what is taken instead of them."""

from collections.abc import Iterator

from domain.books import cost_of_charge, paid_for_shipping
from domain.deliveries import duties_of, policy_gives_delivery, whole_order_withdrawn
from domain.eligibility import Judged
from domain.exchanges import is_even
from domain.money import share
from domain.orders import ShippingLine
from domain.working.laws import of_giving_back
from domain.working.of_order import charge, delivery
from domain.working.step import Input, Step, count, nothing, some, summed
from domain.workings import Workings

BY_POLICY = {
    "whole_order": "The policy gives delivery back when the whole order came back.",
    "faulty": "The policy gives delivery back when the goods were at fault.",
}
NO_DELIVERY = "Neither the policy nor the law gives delivery back here."
STANDARD = "Of a delivery, at most what the standard one would have cost."
IN_PROPORTION = "Its tax, in proportion."
BEFORE = "Delivery that was given back before."
NO_CHARGES = "Only the withdrawal of a whole order gives charges back."
EVEN = "Within a product the exchange is even: it counts what was paid for the goods."
UNEVEN = "What is taken instead counts at its price."


def extra_steps(workings: Workings) -> Iterator[Step]:
    """The steps of delivery, duties, charges and the exchange."""
    yield from _delivery(workings)
    duties = (
        Input(f"items[{place}].duties", duties_of(workings.case, judged))
        for place, judged in enumerate(workings.judged)
        if judged.accepted
    )
    yield Step("duties", workings.worth.duties, "sum", some(duties), "Duties that come back with their goods.")
    yield from _charges(workings)
    yield from _exchange(workings)


def _delivery(workings: Workings) -> Iterator[Step]:
    case, books, given = workings.case, workings.books, workings.worth.shipping
    by_policy = policy_gives_delivery(case, books, accepted=workings.accepted)
    by_law = whole_order_withdrawn(books, workings.accepted)
    if not by_policy and not by_law:
        yield nothing("shipping", NO_DELIVERY)
        return
    paid = (
        [Input(delivery(n), paid_for_shipping(case.order, line)) for n, line in enumerate(case.order.shipping)]
        if by_policy
        else []
    )
    because = BY_POLICY.get(case.policy.shipping_refund, NO_DELIVERY)
    of_policy = summed("delivery.by_policy", paid, because=because if by_policy else NO_DELIVERY)
    yield of_policy
    standard: list[Input] = []
    for place, line in enumerate(case.order.shipping if by_law else ()):
        steps = list(_standard(workings, line, place=place))
        yield from steps
        standard.append(steps[-1].plus)
    of_law = summed("delivery.by_law", standard, because=of_giving_back(case.order) if by_law else NO_DELIVERY)
    yield of_law
    before = summed("delivery.before", _before(workings), because=BEFORE)
    yield before
    why = of_law.because if of_law.value >= of_policy.value and by_law else of_policy.because
    yield Step("shipping", given, "delivery", (of_policy.plus, of_law.plus, before.plus), why)


def _standard(workings: Workings, line: ShippingLine, *, place: int) -> Iterator[Step]:
    """What a withdrawal gives back of one delivery."""
    at, case_at = f"order.shipping[{place}]", f"case.order.shipping[{place}]"
    prices = (Input(f"{case_at}.price", line.price), Input(f"{case_at}.discount", -line.discount))
    paid = summed(f"{at}.price_paid", prices, because="The price less its discount.")
    yield paid
    owed = paid
    if line.standard_price is not None:
        standard = Input(f"{case_at}.standard_price", line.standard_price)
        value = min(paid.value, line.standard_price)
        owed = Step(f"{at}.standard", value, "least", (paid.plus, standard), STANDARD)
        yield owed
    tax = Input(f"{case_at}.tax", 0 if workings.case.order.prices_include_tax else line.tax)
    if tax.value and owed.value != paid.value:
        inputs = (tax, owed.plus, paid.plus)
        taxed = Step(f"{at}.standard_tax", share(line.tax, owed.value, paid.value), "share", inputs, IN_PROPORTION)
        yield taxed
        tax = taxed.plus
    yield summed(f"{at}.owed", (owed.plus, tax), because=of_giving_back(workings.case.order))


def _before(workings: Workings) -> Iterator[Input]:
    unpaid = {earlier.id for earlier in workings.books.unpaid}
    for n, refund in enumerate(workings.case.order.refunds):
        yield Input(f"case.order.refunds[{n}].shipping", refund.shipping)
    for n, earlier in enumerate(workings.case.earlier):
        if earlier.id in unpaid:
            yield Input(f"case.earlier[{n}].shipping", earlier.shipping)


def _charges(workings: Workings) -> Iterator[Step]:
    """The positive charges of the order, which the withdrawal of all of it gives back."""
    case, books = workings.case, workings.books
    if not whole_order_withdrawn(books, workings.accepted):
        yield nothing("charges", NO_CHARGES)
        return
    ours = {earlier.id for earlier in books.earlier}
    costs = [
        Input(charge(n), cost_of_charge(case.order, one)) for n, one in enumerate(case.order.charges) if one.amount > 0
    ]
    before = [
        Input(f"case.earlier[{n}].charges", -earlier.charges)
        for n, earlier in enumerate(case.earlier)
        if earlier.id in ours
    ]
    inputs = some((*costs, *before))
    yield Step("charges", workings.worth.charges, "not_below_zero", inputs, of_giving_back(case.order))


def _exchange(workings: Workings) -> Iterator[Step]:
    """What the shopper takes instead, item by item."""
    taken: list[Input] = []
    for place, judged in enumerate(workings.judged):
        if judged.accepted and judged.exchanged:
            steps = list(_instead(workings, judged, place=place))
            yield from steps
            taken.append(steps[-1].plus)
    yield Step("exchange", workings.worth.exchange, "sum", some(taken), "All that is taken instead, tax included.")


def _instead(workings: Workings, judged: Judged, *, place: int) -> Iterator[Step]:
    wanted, case, figure = judged.item.exchange_for, workings.case, f"items[{place}].exchange"
    if wanted is None:
        return
    if is_even(case.policy, judged.account.line, wanted):
        yield summed(figure, [Input(f"items[{place}].value", judged.goods.value)], because=EVEN)
        return
    units = count(f"case.items[{place}].quantity", judged.item.quantity)
    parts = []
    taxes = () if case.order.prices_include_tax else (("tax", wanted.tax),)
    for name, price in (("price", wanted.price), *taxes):
        inputs = (Input(f"case.items[{place}].exchange_for.{name}", price), units)
        parts.append(Step(f"{figure}.{name}", judged.item.quantity * price, "times", inputs, UNEVEN))
    yield from parts
    yield summed(figure, [part.plus for part in parts], because=UNEVEN)
