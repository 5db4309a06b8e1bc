"""What comes back besides the goods: delivery, duties and the charges of the order."""

from collections.abc import Iterable, Sequence

from domain.books import Books, cost_of_charge, paid_for_shipping
from domain.case import Case
from domain.eligibility import Judged
from domain.withdrawal import standard_delivery


def shipping_back(case: Case, books: Books, *, accepted: Sequence[Judged]) -> int:
    """The delivery given back: what the policy gives or what a withdrawal does, the larger, less what was given."""
    by_policy, by_law = 0, 0
    if policy_gives_delivery(case, books, accepted=accepted):
        by_policy = sum(paid_for_shipping(case.order, line) for line in case.order.shipping)
    if whole_order_withdrawn(books, accepted):
        by_law = standard_delivery(case.order)
    return max(0, max(by_policy, by_law) - books.shipping_given)


def duties_of(case: Case, judged: Judged) -> int:
    """The duties that come back with an item's goods: with a withdrawn item always, else where the policy says so."""
    return judged.goods.duties if judged.withdrawn or case.policy.duties_refund else 0


def charges_back(case: Case, books: Books, *, accepted: Sequence[Judged]) -> int:
    """The positive charges of the order, which only the withdrawal of a whole order gives back."""
    if not whole_order_withdrawn(books, accepted):
        return 0
    owed = sum(cost_of_charge(case.order, charge) for charge in case.order.charges if charge.amount > 0)
    return max(0, owed - sum(earlier.charges for earlier in books.earlier))


def whole_order_withdrawn(books: Books, accepted: Sequence[Judged]) -> bool:
    """Whether no unit is left after this request, and a withdrawn item is part of it."""
    return any(judged.withdrawn for judged in accepted) and _nothing_is_left(books, accepted)


def policy_gives_delivery(case: Case, books: Books, *, accepted: Sequence[Judged]) -> bool:
    """The policy's word on delivery is for returns."""
    if case.policy.shipping_refund == "never":
        return False
    returned = [judged for judged in accepted if not judged.withdrawn]
    if case.policy.shipping_refund == "faulty":
        return any(judged.item.reason in case.policy.fees_waived_for for judged in returned)
    return bool(returned) and _nothing_is_left(books, accepted)


def _nothing_is_left(books: Books, accepted: Iterable[Judged]) -> bool:
    left = sum(account.left for account in books.accounts.values())
    return left == sum(judged.item.quantity for judged in accepted)
