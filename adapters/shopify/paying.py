"""What was paid for an order and what went back, in the normal form. Pure."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from adapters.channel import OrderDocument
from adapters.shopify.fields import Body, amount, minor, moment, part, parts, tail, text, whole, written
from domain.money import format_amount, split

PAID = frozenset({"SALE", "CAPTURE"})
COUNTS = frozenset({"SUCCESS", "PENDING"})
"""A refund that the gateway has not confirmed yet is on its way all the same."""
KINDS: Mapping[str, str] = {"gift_card": "gift_card", "shopify_store_credit": "store_credit", "cash": "cash"}
"""Gateways by their own name."""
WALLETS = frozenset(
    {"PaypalWalletPaymentDetails", "ShopPayInstallmentsPaymentDetails", "LocalPaymentMethodsPaymentDetails"}
)
NOTE = re.compile(r"^Return (\S+)(?: \((\S+)\))?")
"""How our own work is known again: the return's number, and the key of the leg."""


class Terms(Struct, frozen=True):
    """How an order's amounts are meant: `inclusive` amounts of goods hold their tax."""

    currency: str
    digits: int
    inclusive: bool

    def write(self, found: Decimal) -> str:
        """An amount in the normal form."""
        return written(found, self.digits)


def note_of(return_id: str, key: str) -> str:
    """What stands in the shop's books beside our work."""
    return f"Return {return_id} ({key})"


def marks_of(note: str | None) -> tuple[str | None, str | None]:
    """The return's number and the leg's key of a note of ours."""
    found = NOTE.match(note or "")
    return (found[1].rstrip(":"), found[2]) if found else (None, None)


def payments_of(order: Body, terms: Terms) -> list[OrderDocument]:
    """The payments that money came in by, each with what went back to it."""
    moved = parts(order, "transactions")
    return [
        _payment(one, terms, refunded=refunded_of(moved, tail(one)))
        for one in moved
        if text(one, "kind") in PAID and text(one, "status") == "SUCCESS"
    ]


def refunded_of(moved: Sequence[Body], payment_id: str) -> Decimal:
    """What went back to a payment, refunds on their way included."""
    return sum(
        (
            amount(one, "amountSet")
            for one in moved
            if text(one, "kind") == "REFUND" and text(one, "status") in COUNTS and _parent(one) == payment_id
        ),
        Decimal(0),
    )


def refund_of(refund: Body, terms: Terms, *, rma: Mapping[str, str]) -> OrderDocument:
    """A refund; `rma` names our return of each native one. Its lines share what was really given for goods.

    Shopify shows what the units cost, not what a fee left of it, so our own amounts are found again by sharing.
    """
    gave = _given(refund)
    shipping = sum(
        (
            amount(one, "subtotalAmountSet") + (Decimal(0) if terms.inclusive else amount(one, "taxAmountSet"))
            for one in parts(refund, "refundShippingLines")
        ),
        Decimal(0),
    )
    native = part(refund, "return")
    ours, _ = marks_of(text(refund, "note"))
    key = ours or (rma.get(tail(native)) if native else None)
    found: OrderDocument = {
        "id": tail(refund),
        "amount": terms.write(gave),
        "at": moment(refund, "createdAt").isoformat() if text(refund, "createdAt") else None,
        "shipping": terms.write(min(shipping, gave)),
        "lines": _lines(refund, terms, given=max(Decimal(0), gave - shipping)),
    }
    return {**found, "key": key} if key else found


def _payment(paid: Body, terms: Terms, *, refunded: Decimal) -> OrderDocument:
    gateway = text(paid, "gateway")
    is_manual = paid.get("manualPaymentGateway") is True
    return {
        "id": tail(paid),
        "gateway": gateway,
        "kind": "manual" if is_manual and gateway != "cash" else _kind(paid, gateway or ""),
        "amount": terms.write(amount(paid, "amountSet")),
        "refunded": terms.write(refunded),
        # A manual gateway only writes a refund down; the money itself is given by a person [D].
        "refundable": bool(gateway) and not is_manual,
    }


def _kind(paid: Body, gateway: str) -> str | None:
    details = text(part(paid, "paymentDetails"), "__typename")
    return KINDS.get(gateway) or (
        "card" if details == "CardPaymentDetails" else "wallet" if details in WALLETS else None
    )


def _parent(moved: Body) -> str | None:
    parent = part(moved, "parentTransaction")
    return tail(parent) if parent else None


def _given(refund: Body) -> Decimal:
    """What a refund gave; the total may be 0 while a gateway is at it [M], then its transactions say."""
    moved = (one for one in parts(refund, "transactions") if text(one, "kind") == "REFUND")
    counted = sum((amount(one, "amountSet") for one in moved if text(one, "status") in COUNTS), Decimal(0))
    return max(counted, amount(refund, "totalRefundedSet"))


def _lines(refund: Body, terms: Terms, *, given: Decimal) -> list[OrderDocument]:
    """The refunded lines, sharing what was given by what they cost, each amount with the tax that is in it."""
    listed = parts(refund, "refundLineItems")
    nets = [minor(amount(line, "subtotalSet"), terms.digits) for line in listed]
    taxes = [minor(amount(line, "totalTaxSet"), terms.digits) for line in listed]
    costs = [net if terms.inclusive else net + tax for net, tax in zip(nets, taxes, strict=True)]
    shares = split(minor(given, terms.digits), costs) if listed and any(costs) else [0] * len(listed)
    rows = zip(listed, shares, costs, taxes, strict=True)
    return [_refunded(line, terms, share=share, cost=cost, tax=tax) for line, share, cost, tax in rows]


def _refunded(line: Body, terms: Terms, *, share: int, cost: int, tax: int) -> OrderDocument:
    of_tax, net = split(share, [tax, cost - tax]) if cost and 0 <= tax <= cost else (0, share)
    return {
        "line_id": tail(part(line, "lineItem")),
        "quantity": whole(line, "quantity"),
        "amount": format_amount(share if terms.inclusive else net, terms.digits),
        "tax": format_amount(of_tax, terms.digits),
    }
