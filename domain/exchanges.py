"""What the shopper takes instead of what comes back."""

from collections.abc import Iterable

from domain.books import taxed
from domain.case import Case
from domain.eligibility import Judged


def exchange_value(case: Case, accepted: Iterable[Judged]) -> int:
    """The value of all replacements, tax included; in an even exchange that of the goods they replace."""
    return sum(_value(case, judged) for judged in accepted if judged.exchanged)


def _value(case: Case, judged: Judged) -> int:
    wanted = judged.item.exchange_for
    if wanted is None:
        return 0
    if _is_even(case, judged):
        return judged.goods.value
    return judged.item.quantity * taxed(case.order, wanted.price, tax=wanted.tax)


def _is_even(case: Case, judged: Judged) -> bool:
    """Within a product it is, unless the policy asks for equal list prices; another product's never is."""
    line, wanted = judged.account.line, judged.item.exchange_for
    if wanted is None or line.product_id is None or wanted.product_id != line.product_id:
        return False
    return case.policy.even_exchange == "same_product" or wanted.price == line.unit_price
