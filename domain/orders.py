"""The normal form of an order, into which every channel's orders are translated.

Field names are those of the quote contract. Amounts are minor units of the order's currency, times aware UTC.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct, field

from domain.currencies import DIGITS
from domain.errors import Malformed
from domain.reading import Money, Number, Quantity, SignedMoney, read_count, read_text, record

MOST_DIGITS = 8

MOST_SHARES = 200_000
"""How many shares of discounts an order may have, each discount over all lines."""


class Customer(Struct, frozen=True):
    """Who bought; `return_rate` is a share of what they bought, as the merchant counts it."""

    id: str | None = None
    email: str | None = None
    phone: str | None = None
    name: str | None = None
    tags: tuple[str, ...] = ()
    locale: str | None = None
    returns_90_days: int | None = None
    return_rate: Number | None = None


class Address(Struct, frozen=True):
    """Where the goods went; `country` (ISO 3166-1) decides the statutory regime, `region` is its subdivision."""

    country: str | None = None
    region: str | None = None
    postal_code: str | None = None
    city: str | None = None


class Tax(Struct, frozen=True):
    """One of the taxes on a line."""

    id: str
    amount: Money
    title: str | None = None
    rate: Number | None = None


class Fulfillment(Struct, frozen=True):
    """Units of a line that were shipped together."""

    quantity: Quantity
    at: datetime | None = None
    delivered_at: datetime | None = None


class Line(Struct, frozen=True):
    """A line of an order; all figures are for `quantity` units, of which the last `cancelled` ones were removed.

    `unit_price` is listed, before any discount. `discount` and `total` are None where the platform recorded none: then
    the line takes its share of the order's discounts.
    """

    id: str
    quantity: Quantity
    unit_price: Money
    product_id: str | None = None
    variant_id: str | None = None
    sku: str | None = None
    barcode: str | None = None
    title: str | None = None
    variant_title: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    discount: Money | None = None
    tax: Money | None = None
    taxes: tuple[Tax, ...] = ()
    total: Money | None = None
    duties: Money = 0
    weight_grams: int | None = None
    gift_card: bool = False
    requires_shipping: bool | None = None
    product_type: str | None = None
    collections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    exempt: Literal["personalised", "hygiene_unsealed", "perishable", "digital_started"] | None = None
    serials: tuple[str, ...] = ()
    lot: str | None = None
    bundle: str | None = None
    fulfilled: tuple[Fulfillment, ...] = ()
    cancelled: int = 0


class OrderDiscount(Struct, frozen=True):
    """A discount on the whole order, unearned when the kept goods fall below `threshold`."""

    amount: Money
    title: str | None = None
    threshold: Money | None = None


class ShippingLine(Struct, frozen=True):
    """A delivery that was charged; `standard_price` is what the standard delivery would have cost."""

    id: str
    price: Money
    title: str | None = None
    discount: Money = 0
    tax: Money = 0
    standard_price: Money | None = None


class Charge(Struct, frozen=True):
    """A fee or surcharge of the order; negative ones lower what it cost."""

    id: str
    amount: SignedMoney
    title: str | None = None
    tax: SignedMoney = 0


class Origin(Struct, frozen=True):
    """The payment of another order that a tender stems from."""

    order_id: str
    payment_id: str


class Payment(Struct, frozen=True):
    """A tender: `amount` was paid with it, `refunded` of that already went back."""

    id: str
    amount: Money
    gateway: str | None = None
    kind: Literal["card", "gift_card", "store_credit", "cash", "manual", "wallet", "exchange"] | None = None
    refunded: Money = 0
    refundable: bool = False
    of: Origin | None = None

    @property
    def held(self) -> int:
        """What can still go back to it."""
        return max(0, self.amount - self.refunded)


class RefundedLine(Struct, frozen=True):
    """What a refund gave back for a line; quantity 0 is a price cut."""

    line_id: str
    amount: Money
    quantity: int = 0
    tax: Money = 0


class Refund(Struct, frozen=True):
    """What the platform already gave back; `key` is our return's id where it was ours, `shipping` includes tax."""

    id: str
    amount: Money
    at: datetime | None = None
    shipping: Money = 0
    lines: tuple[RefundedLine, ...] = ()
    key: str | None = None


class Order(Struct, frozen=True):
    """An order as the shopper paid it; `digits` are the decimals of its amounts.

    `changed_at` is when the platform last changed it, so that what was told later wins over what was told before.
    `without_receipt`: nobody knows the order, and this one stands for goods that were brought without one.
    """

    currency: str
    placed_at: datetime
    lines: tuple[Line, ...]
    digits: int
    id: str | None = None
    number: str | None = None
    channel: Literal["shopify", "woocommerce", "store"] | None = None
    tags: tuple[str, ...] = ()
    prices_include_tax: bool = False
    cancelled_at: datetime | None = None
    changed_at: datetime | None = None
    customer: Customer = field(default_factory=Customer)
    ship_to: Address = field(default_factory=Address)
    discounts: tuple[OrderDiscount, ...] = ()
    shipping: tuple[ShippingLine, ...] = ()
    charges: tuple[Charge, ...] = ()
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    disputed: bool = False
    without_receipt: bool = False


_read_order = record(Order)


def read_order(document: Mapping[str, object]) -> Order:
    """The order of a document in the normal form; raises Malformed."""
    digits = digits_of(document)
    order = _read_order({**document, "digits": digits}, digits)
    _check_lines(order)
    _check_refunds(order)
    for name, entries in (("lines", order.lines), ("payments", order.payments), ("refunds", order.refunds)):
        check_unique(name, (entry.id for entry in entries))
    return order


def check_unique(name: str, ids: Iterable[str]) -> None:
    """Raises Malformed where an id stands twice in a list."""
    seen: set[str] = set()
    for index, entry_id in enumerate(ids):
        if entry_id in seen:
            raise Malformed(f"{entry_id!r} is there twice", at=f"{name}[{index}].id")
        seen.add(entry_id)


def digits_of(document: object) -> int:
    """The decimals of an order document's amounts: its own, else those of ISO 4217; raises Malformed."""
    if not isinstance(document, Mapping):
        raise Malformed("must be an object")
    currency, digits = document.get("currency"), document.get("digits")
    if currency is None:
        raise Malformed("is missing", at="currency")
    try:
        iso = DIGITS.get(read_text(currency, 0))
    except Malformed as fault:
        raise fault.within("currency") from None
    if iso is None:
        raise Malformed("is no currency of ISO 4217", at="currency")
    return iso if digits is None else _own_digits(digits)


def _own_digits(value: object) -> int:
    try:
        digits = read_count(value, 0)
    except Malformed as fault:
        raise fault.within("digits") from None
    if digits > MOST_DIGITS:
        raise Malformed(f"must not be more than {MOST_DIGITS}", at="digits")
    return digits


def _check_lines(order: Order) -> None:
    """No line gives more away, or loses more units, than it has."""
    for index, line in enumerate(order.lines):
        if line.discount is not None and line.discount > line.unit_price * line.quantity:
            raise Malformed("is above the line", at=f"lines[{index}].discount")
        if line.cancelled > line.quantity:
            raise Malformed("is more than the line's quantity", at=f"lines[{index}].cancelled")
    for index, shipping in enumerate(order.shipping):
        if shipping.discount > shipping.price:
            raise Malformed("is above the price", at=f"shipping[{index}].discount")
    _check_discounts(order)


def _check_discounts(order: Order) -> None:
    """What is to be shared over lines is not above those lines."""
    if not order.discounts:
        return
    if len(order.discounts) * len(order.lines) > MOST_SHARES:
        raise Malformed("are too many for so many lines", at="discounts")
    room = sum(line.unit_price * line.quantity for line in discounted(order))
    if sum(discount.amount for discount in order.discounts) > room and _shares_discounts(order):
        raise Malformed("are above the lines that share them", at="discounts")


def _shares_discounts(order: Order) -> bool:
    return any(line.discount is None and line.total is None for line in order.lines)


def discounted(order: Order) -> tuple[Line, ...]:
    """The lines over which order discounts are shared: those without a discount or total of their own, else all."""
    sharing = tuple(line for line in order.lines if line.discount is None and line.total is None)
    return sharing or order.lines


def _check_refunds(order: Order) -> None:
    known = {line.id for line in order.lines}
    for index, refund in enumerate(order.refunds):
        for place, refunded in enumerate(refund.lines):
            if refunded.line_id not in known:
                raise Malformed(
                    f"the order has no line {refunded.line_id!r}", at=f"refunds[{index}].lines[{place}].line_id"
                )
