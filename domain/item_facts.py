"""What conditions may ask of a case, item by item."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property

from msgspec import Struct

from domain.accounts import Account
from domain.books import Books
from domain.calendar import day_of
from domain.case import Case, Item
from domain.conditions import Fact


class Asked:
    """What the goods of a case would give back, worked out when a condition first asks for it.

    All items count as accepted, one after the other, with at most what is left.
    """

    def __init__(self, case: Case, books: Books) -> None:
        self._case = case
        self._books = books

    @cached_property
    def values(self) -> list[int]:
        """What each item would give back."""
        taken: dict[str, int] = defaultdict(int)
        values = []
        for item in self._case.items:
            account = self._books.accounts[item.line_id]
            first = account.back + taken[item.line_id]
            count = min(item.quantity, account.units - first)
            taken[item.line_id] += count
            values.append(account.goods(first, count).value)
        return values

    @cached_property
    def value(self) -> int:
        """What all of them would."""
        return sum(self.values)


class ItemFacts(Struct, frozen=True):
    """The facts of one item: `place` is its place among those `asked`, `withdrawn` that it is not just returned."""

    case: Case
    books: Books
    item: Item
    account: Account
    asked: Asked
    place: int
    withdrawn: bool

    def fact(self, field: str) -> Fact | None:
        """The value of a condition's field; None where it is missing, which an empty text or list is too."""
        fact = READERS[field](self)
        return None if fact in ("", ()) else fact


def facts_of(case: Case, books: Books) -> list[ItemFacts]:
    """The facts of every item."""
    asked = Asked(case, books)
    return [
        ItemFacts(case, books, item, books.accounts[item.line_id], asked, place, case.withdraws(item))
        for place, item in enumerate(case.items)
    ]


def _age_days(facts: ItemFacts) -> int:
    zone = facts.case.policy.timezone
    return (day_of(facts.case.judged_at, zone) - day_of(facts.case.order.placed_at, zone)).days


def _discount_percent(facts: ItemFacts) -> Fraction | None:
    line = facts.account.line
    listed = line.unit_price * line.quantity
    return Fraction(100 * (listed - facts.account.worth), listed) if listed else None


READERS: Mapping[str, Callable[[ItemFacts], Fact | None]] = {
    "item.reason": lambda facts: facts.item.reason,
    "item.quantity": lambda facts: facts.item.quantity,
    "item.value": lambda facts: facts.asked.values[facts.place],
    "line.sku": lambda facts: facts.account.line.sku,
    "line.tags": lambda facts: facts.account.line.tags,
    "line.product_type": lambda facts: facts.account.line.product_type,
    "line.collections": lambda facts: facts.account.line.collections,
    "line.price": lambda facts: facts.account.line.unit_price,
    "line.discount_percent": _discount_percent,
    "order.total": lambda facts: facts.books.charged,
    "order.tags": lambda facts: facts.case.order.tags,
    "order.channel": lambda facts: facts.case.order.channel,
    "order.age_days": _age_days,
    "customer.tags": lambda facts: facts.case.order.customer.tags,
    "customer.email": lambda facts: facts.case.order.customer.email,
    "customer.returns_90_days": lambda facts: facts.case.order.customer.returns_90_days,
    "customer.return_rate": lambda facts: facts.case.order.customer.return_rate,
    "ship_to.country": lambda facts: facts.case.order.ship_to.country,
    "request.channel": lambda facts: facts.case.channel,
    "request.resolution": lambda facts: facts.item.resolution,
    "request.value": lambda facts: facts.asked.value,
}
"""How each field of a condition is read from an item's facts."""
