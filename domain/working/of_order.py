"""What the whole order cost, what was given back of it, and what its payments still hold."""

from collections.abc import Iterator

from domain.books import cost_of_charge, figure, paid_for_shipping
from domain.case import EarlierReturn
from domain.orders import Charge, Order, ShippingLine
from domain.working.of_lines import priced
from domain.working.step import Input, Step, above_zero, some
from domain.workings import Workings

CHARGED = "Everything that the order cost: goods, taxes, duties, delivery, charges."
GIVEN = "What refunds gave back, and returns that no refund has paid yet."
LEFT = "An order gives back no more than it cost."
HELD = "A payment gives back no more than was paid with it."
PROMISED = "What open returns were promised and no refund has paid yet."
LEFT_TO_PAY = "What the payments hold and no open return was promised."
EARLIER = "What an earlier return gives by its own figures."


def order_steps(workings: Workings) -> Iterator[Step]:
    """The steps of the order's own books."""
    yield from _charged(workings)
    yield from _given(workings)
    yield from _payments(workings)


def delivery(place: int) -> str:
    """What the figure of a delivery's cost is called."""
    return f"order.shipping[{place}].paid"


def charge(place: int) -> str:
    """What the figure of a charge's cost is called."""
    return f"order.charges[{place}].cost"


def _charged(workings: Workings) -> Iterator[Step]:
    order, accounts = workings.case.order, list(workings.books.accounts.values())
    costs = [Input(f"order.lines[{place}].charged", account.charged) for place, account in enumerate(accounts)]
    for place, account in enumerate(accounts):
        duties = Input(f"case.order.lines[{place}].duties", account.line.duties)
        if account.line.cancelled and account.line.duties:
            value = account.goods(0, account.units).duties
            inputs = (duties, *_units(place, units=account.units, quantity=account.line.quantity))
            step = Step(f"order.lines[{place}].duties.of_units", value, "share", inputs, "Duties of the units kept.")
            yield step
            duties = step.plus
        costs.append(duties)
    for place, line in enumerate(order.shipping):
        yield Step(
            delivery(place), paid_for_shipping(order, line), "sum", _delivery(order, line, place=place), "Delivery."
        )
        costs.append(Input(delivery(place), paid_for_shipping(order, line)))
    for place, one in enumerate(order.charges):
        yield Step(charge(place), cost_of_charge(order, one), "sum", _charge(order, one, place=place), "A charge.")
        costs.append(Input(charge(place), cost_of_charge(order, one)))
    yield Step("order.charged", workings.books.charged, "sum", some(costs), CHARGED)


def _units(place: int, *, units: int, quantity: int) -> tuple[Input, Input]:
    at = f"order.lines[{place}]"
    return Input(f"{at}.units", units, "count"), Input(f"case.{at}.quantity", quantity, "count")


def _delivery(order: Order, line: ShippingLine, *, place: int) -> tuple[Input, ...]:
    at = f"case.order.shipping[{place}]"
    tax = 0 if order.prices_include_tax else line.tax
    return some((Input(f"{at}.price", line.price), Input(f"{at}.discount", -line.discount), Input(f"{at}.tax", tax)))


def _charge(order: Order, one: Charge, *, place: int) -> tuple[Input, ...]:
    at = f"case.order.charges[{place}]"
    return some((Input(f"{at}.amount", one.amount), Input(f"{at}.tax", 0 if order.prices_include_tax else one.tax)))


def _given(workings: Workings) -> Iterator[Step]:
    """What was given back, by refunds and by earlier returns that no refund has paid."""
    case, books = workings.case, workings.books
    given = [Input(f"case.order.refunds[{n}].amount", refund.amount) for n, refund in enumerate(case.order.refunds)]
    promised = []
    unpaid = {earlier.id for earlier in books.unpaid}
    for place, earlier in enumerate(case.earlier):
        if earlier.id not in unpaid:
            continue
        inputs = some(_earlier(case.order, earlier, place=place))
        step = Step(f"earlier[{place}]", figure(case.order, earlier), "not_below_zero", inputs, EARLIER)
        yield step
        given.append(step.plus)
        if earlier.status == "open":
            promised.append(step.plus)
    yield Step("order.given", books.given, "sum", some(given), GIVEN)
    inputs = some((Input("order.charged", books.charged), Input("order.given", -books.given)))
    yield Step("order.left", books.left_of_order, "not_below_zero", inputs, LEFT)
    yield Step("payments.promised", books.promised, "sum", some(promised), PROMISED)


def _earlier(order: Order, earlier: EarlierReturn, *, place: int) -> Iterator[Input]:
    at = f"case.earlier[{place}]"
    for n, item in enumerate(earlier.items):
        yield from priced(order, f"{at}.items[{n}]", amount=item.amount, tax=item.tax)
    for name in ("shipping", "duties", "charges"):
        yield Input(f"{at}.{name}", getattr(earlier, name))
    for n, fee in enumerate(earlier.fees):
        yield Input(f"{at}.fees[{n}].amount", -fee.amount)


def _payments(workings: Workings) -> Iterator[Step]:
    books, held = workings.books, []
    for place, payment in enumerate(workings.case.order.payments):
        at = f"case.order.payments[{place}]"
        inputs = some((Input(f"{at}.amount", payment.amount), Input(f"{at}.refunded", -payment.refunded)))
        step = Step(f"order.payments[{place}].held", payment.held, "not_below_zero", inputs, HELD)
        yield step
        held.append(step.plus)
    promised = Input("payments.promised", -books.promised)
    yield above_zero("payments.left", (*held, promised), because=LEFT_TO_PAY)
