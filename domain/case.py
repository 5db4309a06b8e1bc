"""A case: an order, a policy, what was already returned, and what the shopper asks for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Struct, field

from domain.errors import Malformed
from domain.orders import Order, check_unique, digits_of, read_order
from domain.policy import Policy, Resolution, read_policy
from domain.reading import Money, Quantity, SignedMoney, record

CaseKind = Literal["return", "withdrawal"]

MOST_WORK = 5_000_000
"""Questions of conditions to texts of items that one case may ask: seconds, where a real case takes microseconds."""


class ExchangeFor(Struct, frozen=True):
    """What the shopper takes instead; price and tax of one unit, `available` None means enough."""

    variant_id: str
    price: Money
    product_id: str | None = None
    tax: Money = 0
    available: int | None = None


class Item(Struct, frozen=True):
    """Units of a line that the shopper wants to give back, and what for; `diminished` is an evidenced loss of value."""

    line_id: str
    quantity: Quantity
    reason: str | None = None
    kind: CaseKind | None = None
    resolution: Resolution = "refund"
    exchange_for: ExchangeFor | None = None
    diminished: Money = 0


class ReturnedItem(Struct, frozen=True):
    """Units of a line in an earlier return; exchanged ones still count as kept where a promotion asks for them.

    `tax` is what a quote said: where a line's taxes sum to more than its tax, a unit's share may be negative.
    """

    line_id: str
    quantity: Quantity
    amount: Money
    tax: SignedMoney = 0
    resolution: Resolution | None = None


class ChargedFee(Struct, frozen=True):
    """A fee of an earlier return; a negative promotion gave one back."""

    code: Literal["restocking", "return_fee", "diminished", "promotion"]
    amount: SignedMoney
    line_id: str | None = None


class EarlierReturn(Struct, frozen=True):
    """An earlier return of the order: open ones are promised, settled ones paid out."""

    id: str
    status: Literal["open", "settled"] = "open"
    items: tuple[ReturnedItem, ...] = ()
    fees: tuple[ChargedFee, ...] = ()
    shipping: Money = 0
    duties: Money = 0
    charges: Money = 0


def _as_order(value: dict[str, object] | Order, _digits: int) -> Order:
    return value if isinstance(value, Order) else read_order(value)


def _as_policy(value: dict[str, object] | Policy, digits: int) -> Policy:
    return value if isinstance(value, Policy) else read_policy(value, digits)


class Case(Struct, frozen=True):
    """The question a quote answers; `opened_at` is when eligibility is judged, `return_id` names the return itself."""

    now: datetime
    order: Annotated[Order, _as_order]
    items: tuple[Item, ...]
    opened_at: datetime | None = None
    return_id: str | None = None
    kind: CaseKind = "return"
    channel: Literal["online", "store"] = "online"
    policy: Annotated[Policy, _as_policy] = field(default_factory=Policy)
    earlier: tuple[EarlierReturn, ...] = ()

    @property
    def judged_at(self) -> datetime:
        """When eligibility is judged."""
        return self.opened_at or self.now

    def withdraws(self, item: Item) -> bool:
        """Whether an item is withdrawn from the contract rather than returned."""
        return (item.kind or self.kind) == "withdrawal"


_read_case = record(Case)


def read_case(document: Mapping[str, object]) -> Case:
    """The case of a document of the quote contract, its order and policy as documents or as read; raises Malformed."""
    if not isinstance(document, Mapping):
        raise Malformed("must be an object")
    case = _read_case(document, _digits_of(document))
    lines = {line.id for line in case.order.lines}
    _check_items(case, lines)
    check_unique("earlier", (earlier.id for earlier in case.earlier))
    for index, earlier in enumerate(case.earlier):
        _check_earlier(earlier, lines, at=f"earlier[{index}]")
    _check_work(case)
    return case


def _digits_of(document: Mapping[str, object]) -> int:
    """The decimals of the order's amounts, which all others of the case have too."""
    order = document.get("order")
    if order is None:
        raise Malformed("is missing", at="order")
    if isinstance(order, Order):
        return order.digits
    try:
        return digits_of(order)
    except Malformed as fault:
        raise fault.within("order") from None


def _check_items(case: Case, lines: set[str]) -> None:
    if not case.items:
        raise Malformed("asks for nothing", at="items")
    for index, item in enumerate(case.items):
        if item.line_id not in lines:
            raise Malformed(f"the order has no line {item.line_id!r}", at=f"items[{index}].line_id")
        if item.resolution == "exchange" and item.exchange_for is None:
            raise Malformed("an exchange says what for", at=f"items[{index}].exchange_for")


def _check_earlier(earlier: EarlierReturn, lines: set[str], *, at: str) -> None:
    for index, item in enumerate(earlier.items):
        if item.line_id not in lines:
            raise Malformed(f"the order has no line {item.line_id!r}", at=f"{at}.items[{index}].line_id")
    for index, fee in enumerate(earlier.fees):
        if fee.amount < 0 and fee.code != "promotion":
            raise Malformed("must not be negative", at=f"{at}.fees[{index}].amount")


def _check_work(case: Case) -> None:
    """Conditions are held against every item and all of its texts; nobody means that many of both."""
    asked = case.policy.work()
    if not asked:
        return
    order = case.order
    lines = {line.id: line for line in order.lines}
    common = 1 + len(order.tags) + len(order.customer.tags)
    texts = sum(common + len(lines[item.line_id].tags) + len(lines[item.line_id].collections) for item in case.items)
    if asked * texts > MOST_WORK:
        raise Malformed("asks too much of so many items and tags", at="policy.rules")
