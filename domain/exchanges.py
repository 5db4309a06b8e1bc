"""What the shopper takes instead of what comes back."""

from collections.abc import Iterable

from domain.books import taxed
from domain.case import Case, ExchangeFor, Item
from domain.eligibility import Judged
from domain.orders import Line
from domain.policy import Policy


def exchange_value(case: Case, accepted: Iterable[Judged]) -> int:
    """The value of all replacements, tax included; in an even exchange that of the goods they replace."""
    return sum(_value(case, judged) for judged in accepted if judged.exchanged)


def worth(case: Case, item: Item) -> tuple[int, int] | None:
    """What the replacement's units cost, price and tax, in minor units; None where they count for what they replace."""
    wanted = item.exchange_for
    line = next(line for line in case.order.lines if line.id == item.line_id)
    if wanted is None or item.resolution != "exchange" or is_even(case.policy, line, wanted):
        return None
    return item.quantity * wanted.price, item.quantity * wanted.tax


def is_even(policy: Policy, line: Line, wanted: ExchangeFor) -> bool:
    """Within a product it is, unless the policy asks for equal list prices; another product's never is."""
    if line.product_id is None or wanted.product_id != line.product_id:
        return False
    return policy.even_exchange == "same_product" or wanted.price == line.unit_price


def _value(case: Case, judged: Judged) -> int:
    wanted = judged.item.exchange_for
    if wanted is None:
        return 0
    if is_even(case.policy, judged.account.line, wanted):
        return judged.goods.value
    return judged.item.quantity * taxed(case.order, wanted.price, tax=wanted.tax)
