"""What is sent to Shopify, made of what is asked of the channel and of what the shop shows. Pure."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from adapters.channel import Credit, Payback, RefundedLine, ReplacementLine, Standing, StandingLine
from adapters.errors import ChannelRefused
from adapters.shopify.fields import Body, gid
from adapters.shopify.natives import ExpectedLine, NativeExchange, NativeLine, NativeReturn
from adapters.shopify.paying import note_of
from adapters.shopify.reasons import Reason, reason_for
from domain.money import format_amount

KEYS = uuid.UUID("6f0d1c52-7d0b-5d52-9a4f-2f3c4f7f6b0e")
"""The namespace of the keys that Shopify is given: the same leg has the same key for ever."""


class Returnable(Struct, frozen=True):
    """Shipped units of a line that are in no native return yet."""

    fulfilled_id: str
    line_id: str
    quantity: int


class Units(Struct, frozen=True):
    """Units of an order line, with the reason for which they come back."""

    line_id: str
    quantity: int
    reason: str | None = None
    fee_percent: float = 0.0


class Money(Struct, frozen=True):
    """How a document's amounts are written."""

    currency: str
    digits: int

    def of(self, amount: int) -> Body:
        """An amount in minor units."""
        return {"amount": format_amount(amount, self.digits), "currencyCode": self.currency}


def idempotency_key(key: str) -> str:
    """The UUID that Shopify is given for a key of ours [D]."""
    return str(uuid.uuid5(KEYS, key))


def units_of(lines: Iterable[RefundedLine | ReplacementLine]) -> tuple[Units, ...]:
    """The units of a refund or an exchange, line by line; lines that name none are money only."""
    wanted: dict[str, int] = {}
    for line in lines:
        wanted[line.line_id] = wanted.get(line.line_id, 0) + line.quantity
    return tuple(Units(line_id, quantity) for line_id, quantity in wanted.items() if quantity)


def allocated(wanted: Units, available: Sequence[Returnable]) -> tuple[tuple[str, int], ...]:
    """Units of a line over the parcels that they were shipped in; raises ChannelRefused when there are too few.

    A line of three units that went in three parcels is three fulfilment lines of one unit each.
    """
    shares, left = [], wanted.quantity
    for one in available:
        if one.line_id == wanted.line_id and left:
            shares.append((one.fulfilled_id, min(left, one.quantity)))
            left -= shares[-1][1]
    if left:
        there = wanted.quantity - left
        raise ChannelRefused(f"Of line {wanted.line_id} only {there} can still be returned in Shopify.")
    return tuple(shares)


def beyond(wanted: Iterable[Units], available: Iterable[Returnable]) -> tuple[Units, ...]:
    """What of these units cannot be returned any more."""
    left = Counter[str]()
    for one in available:
        left[one.line_id] += one.quantity
    short = ((units, max(0, units.quantity - left[units.line_id])) for units in wanted)
    return tuple(Units(units.line_id, quantity) for units, quantity in short if quantity)


def return_lines(
    wanted: Iterable[Units], available: Sequence[Returnable], *, note: str, reasons: Sequence[Reason], note_field: str
) -> list[Body]:
    """The lines of a new native return, each with the note by which it is known to be ours."""
    return [
        {
            "fulfillmentLineItemId": gid("FulfillmentLineItem", fulfilled_id),
            "quantity": quantity,
            "returnReasonDefinitionId": reason_for(units.reason, reasons).id,
            note_field: note,
            **({"restockingFee": {"percentage": units.fee_percent}} if units.fee_percent else {}),
        }
        for units in wanted
        for fulfilled_id, quantity in allocated(units, available)
    ]


def exchange_line(line: ReplacementLine, *, price: Decimal, worth: int, money: Money) -> Body:
    """A line that goes out: what it costs more than it is to cost is taken off as a discount."""
    costs = int(price.scaleb(money.digits)) * line.quantity
    off = max(0, costs - worth)
    made: Body = {"variantId": gid("ProductVariant", line.variant_id), "quantity": line.quantity}
    return {**made, "appliedDiscount": {"description": "Exchange", "value": {"amount": money.of(off)}}} if off else made


def created(order_id: str, lines: list[Body], *, exchanged: list[Body], shipping_fee: Body | None) -> Body:
    """A native return that is open at once."""
    return {
        "returnInput": {
            "orderId": gid("Order", order_id),
            "returnLineItems": lines,
            **({"exchangeLineItems": exchanged} if exchanged else {}),
            **({"returnShippingFee": {"amount": shipping_fee}} if shipping_fee else {}),
        }
    }


def requested(order_id: str, lines: list[Body], *, shipping_fee: Body | None) -> Body:
    """A native return that waits for a decision; it can hold no exchange [S]."""
    fee = {"returnShippingFee": {"amount": shipping_fee}} if shipping_fee else {}
    return {"input": {"orderId": gid("Order", order_id), "returnLineItems": lines, **fee}}


def processed_lines(lines: Iterable[tuple[NativeLine, int]]) -> list[Body]:
    """Units that are confirmed."""
    return [{"id": gid("ReturnLineItem", line.id), "quantity": quantity} for line, quantity in lines]


def processed_exchanges(exchanges: Iterable[NativeExchange]) -> list[Body]:
    """Units that are let go."""
    return [
        {"id": gid("ExchangeLineItem", one.id), "quantity": one.quantity - one.processed}
        for one in exchanges
        if one.quantity > one.processed
    ]


def process(native: NativeReturn, lines: list[Body], *, note: str, more: Mapping[str, object]) -> Body:
    """Confirmation of units; nobody is written to by Shopify, Backhaul tells the shopper itself."""
    said = {"returnId": gid("Return", native.id), "returnLineItems": lines, "note": note, "notifyCustomer": False}
    return {"input": {**said, **more}}


def to_payment(payback: Payback) -> Body:
    """Money back to the payment that it came from, never more than is there."""
    money = Money(payback.currency, payback.digits)
    parent = gid("OrderTransaction", payback.payment_id)
    transfer = {
        "orderTransactions": [{"parentId": parent, "transactionAmount": money.of(payback.amount)}],
        "allowOverRefunding": False,
    }
    delivery = {"refundShipping": {"shippingRefundAmount": money.of(payback.shipping)}} if payback.shipping else {}
    return {"financialTransfer": {"issueRefund": transfer}, **delivery}


def to_store_credit(credit: Credit) -> Body:
    """Money back as store credit: a method of the refund itself, never a gift card or a code (requirement 1.1.15)."""
    money = Money(credit.currency, credit.digits)
    method = {"storeCreditRefund": {"amount": money.of(credit.amount)}}
    transfer = {"orderTransactions": [], "refundMethods": [method], "allowOverRefunding": False}
    return {"financialTransfer": {"issueRefund": transfer}}


def money_only(payback: Payback, *, gateway: str) -> Body:
    """Money for no units of its own, by refundCreate, which knows its key."""
    entry = {
        "orderId": gid("Order", payback.order_id),
        "parentId": gid("OrderTransaction", payback.payment_id),
        "amount": format_amount(payback.amount, payback.digits),
        "gateway": gateway,
        "kind": "REFUND",
    }
    said = {
        "orderId": gid("Order", payback.order_id),
        "currency": payback.currency,
        "note": note_of(payback.return_id, payback.key),
        "notify": False,
        "allowOverRefunding": False,
        "transactions": [entry],
    }
    shipping = {"shipping": {"amount": format_amount(payback.shipping, payback.digits)}} if payback.shipping else {}
    return {"input": {**said, **shipping}, "key": idempotency_key(payback.key)}


def credit_only(credit: Credit) -> Body:
    """Store credit for no units of its own: a method of refundCreate, which knows its key."""
    money = Money(credit.currency, credit.digits)
    said = {
        "orderId": gid("Order", credit.order_id),
        "currency": credit.currency,
        "note": note_of(credit.return_id, credit.key),
        "notify": False,
        "allowOverRefunding": False,
        "transactions": [],
        "refundMethods": [{"storeCreditRefund": {"amount": money.of(credit.amount)}}],
    }
    return {"input": said, "key": idempotency_key(credit.key)}


def removed(
    native: NativeReturn, lines: Iterable[tuple[NativeLine, int]], *, exchanges: Iterable[NativeExchange]
) -> Body:
    """Units off a native return, with what of these exchanges did not go out."""
    return {
        "returnId": gid("Return", native.id),
        "returnLineItems": [
            {"returnLineItemId": gid("ReturnLineItem", line.id), "quantity": quantity} for line, quantity in lines
        ],
        "exchangeLineItems": [
            {"exchangeLineItemId": gid("ExchangeLineItem", one.id), "quantity": one.quantity - one.processed}
            for one in exchanges
            if one.quantity > one.processed
        ],
    }


def disposed(lines: Iterable[tuple[ExpectedLine, int]], *, location_id: str) -> Body:
    """Units that go back on the shelf of a location."""
    return {
        "dispositionInputs": [
            {
                "reverseFulfillmentOrderLineItemId": gid("ReverseFulfillmentOrderLineItem", line.id),
                "quantity": quantity,
                "dispositionType": "RESTOCKED",
                "locationId": location_id,
            }
            for line, quantity in lines
        ]
    }


def units_standing(lines: Iterable[StandingLine]) -> tuple[Units, ...]:
    """The units of a return of ours."""
    return tuple(Units(one.line_id, one.quantity, one.reason, one.fee_percent) for one in lines if one.quantity)


def shipping_fee_of(standing: Standing) -> Body | None:
    """What the way back costs the shopper, None for nothing."""
    return Money(standing.currency, standing.digits).of(standing.shipping_fee) if standing.shipping_fee else None
