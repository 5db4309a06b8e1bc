"""What the shop's own tills write down: orders as they are after a refund, and the orders of exchanges.

Pure: documents in the normal form of the quote contract in and out.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from adapters.channel import OrderDocument, Payback, Replacement, ReplacementLine
from adapters.errors import ChannelRefused
from domain.money import format_amount, parse_amount, split

Document = Mapping[str, object]


def refunded(order: OrderDocument, payback: Payback, *, at: datetime) -> OrderDocument:
    """The order with a refund written down; raises ChannelRefused when the payment, or the order, holds less."""
    _check_order(order, payback)
    payments = [_paid_back(payment, payback) for payment in listed(order, "payments")]
    if payback.payment_id not in [payment["id"] for payment in payments]:
        raise ChannelRefused(f"The order has no payment '{payback.payment_id}'.")
    return {**order, "payments": payments, "refunds": [*listed(order, "refunds"), _refund(payback, at=at)]}


def exchange_order(
    order: OrderDocument, replacement: Replacement, *, variants: Mapping[str, Document], at: datetime
) -> OrderDocument:
    """The order of what the shopper takes instead, paid with the goods that were handed in."""
    digits = replacement.digits
    lines = [
        _line(n, line, variant=variants[line.variant_id], digits=digits, at=at)
        for n, line in enumerate(replacement.lines, start=1)
    ]
    inclusive = bool(order.get("prices_include_tax"))
    paid = sum(line.amount + (0 if inclusive else line.tax) for line in replacement.lines)
    suffix = _suffix(replacement)
    return {
        "id": f"{order['id']}-{suffix}",
        "number": f"{order.get('number') or order['id']}-{suffix}",
        "channel": "store",
        "currency": replacement.currency,
        "digits": digits,
        "prices_include_tax": inclusive,
        "placed_at": at.isoformat(),
        "customer": order.get("customer"),
        "ship_to": order.get("ship_to"),
        "lines": lines,
        "payments": _payments(order, replacement, paid=paid),
    }


def _suffix(replacement: Replacement) -> str:
    """The return's own signs; from the second decision on with its number, since each may make an exchange order."""
    name = replacement.return_id.removeprefix("RMA-")
    number = replacement.key.removeprefix(f"{replacement.return_id}-").partition("-")[0]
    return f"{name}-{number}" if number.isdigit() and int(number) > 1 else name


def listed(document: Document, name: str) -> Sequence[Document]:
    """A list of a document; left out or null is empty."""
    found = document.get(name)
    return found if isinstance(found, list) else []


def _check_order(order: OrderDocument, payback: Payback) -> None:
    """All refunds together give back at most all that was paid, whichever payment they name."""
    paid = sum(parse_amount(payment["amount"], payback.digits) for payment in listed(order, "payments"))
    given = sum(parse_amount(refund["amount"], payback.digits) for refund in listed(order, "refunds"))
    if payback.amount > paid - given:
        held = format_amount(max(0, paid - given), payback.digits)
        raise ChannelRefused(f"The order holds {held} {payback.currency}, not that much.")


def _paid_back(payment: Document, payback: Payback) -> Document:
    if payment["id"] != payback.payment_id:
        return payment
    gone = parse_amount(payment.get("refunded") or format_amount(0, payback.digits), payback.digits)
    left = parse_amount(payment["amount"], payback.digits) - gone
    if payback.amount > left:
        held = format_amount(left, payback.digits)
        raise ChannelRefused(f"The payment '{payback.payment_id}' holds {held} {payback.currency}, not that much.")
    return {**payment, "refunded": format_amount(gone + payback.amount, payback.digits)}


def _refund(payback: Payback, *, at: datetime) -> Document:
    digits = payback.digits
    return {
        "id": payback.key,
        "at": at.isoformat(),
        "amount": format_amount(payback.amount, digits),
        "shipping": format_amount(payback.shipping, digits),
        "lines": [
            {
                "line_id": line.line_id,
                "quantity": line.quantity,
                "amount": format_amount(line.amount, digits),
                "tax": format_amount(line.tax, digits),
            }
            for line in payback.lines
        ],
        "key": payback.return_id,
    }


def _line(n: int, line: ReplacementLine, *, variant: Document, digits: int, at: datetime) -> Document:
    """A line at what the old goods counted for; the rest of an uneven division is a discount."""
    unit_price = -(-line.amount // line.quantity)
    return {
        "id": f"x{n}",
        "product_id": variant["product_id"],
        "variant_id": variant["id"],
        "sku": variant.get("sku"),
        "title": variant.get("product_title") or variant.get("title"),
        "variant_title": variant.get("title"),
        "options": variant.get("options") or {},
        "quantity": line.quantity,
        "unit_price": format_amount(unit_price, digits),
        "discount": format_amount(unit_price * line.quantity - line.amount, digits),
        "tax": format_amount(line.tax, digits),
        "fulfilled": [{"quantity": line.quantity, "at": at.isoformat(), "delivered_at": None}],
    }


def _payments(order: OrderDocument, replacement: Replacement, *, paid: int) -> list[Document]:
    """What an exchange order was paid with: the goods that were handed in, and the balance that was collected."""
    digits, collected = replacement.digits, replacement.collected
    handed_in = _exchange_payments(order, amount=paid - collected, digits=digits, key=replacement.key)
    if not collected:
        return handed_in
    balance = {
        "id": f"{replacement.key}-balance",
        "gateway": replacement.tender,
        "kind": replacement.tender,
        "amount": format_amount(collected, digits),
        "refundable": True,
    }
    return [*handed_in, balance]


def _exchange_payments(order: OrderDocument, *, amount: int, digits: int, key: str) -> list[Document]:
    """The value of what was handed in, traced to all that paid for it, in proportion to what each still holds."""
    origins = listed(order, "payments")
    if not origins:
        return [_exchange_payment(order, None, amount=format_amount(amount, digits), id_=key)]
    shares = split(amount, [_held(one, digits) for one in origins])
    stems = [(one, share) for one, share in zip(origins, shares, strict=True) if share] or [(origins[0], amount)]
    return [
        _exchange_payment(order, one, amount=format_amount(share, digits), id_=key if n == 1 else f"{key}-{n}")
        for n, (one, share) in enumerate(stems, start=1)
    ]


def _held(payment: Document, digits: int) -> int:
    gone = payment.get("refunded") or format_amount(0, digits)
    return max(0, parse_amount(payment["amount"], digits) - parse_amount(gone, digits))


def _exchange_payment(order: OrderDocument, origin: Document | None, *, amount: str, id_: str) -> Document:
    """A part of that value; what cannot go back to where it stems from by itself cannot go back to this either."""
    return {
        "id": id_,
        "gateway": "exchange",
        "kind": "exchange",
        "amount": amount,
        "refundable": origin is None or bool(origin.get("refundable")),
        "of": {"order_id": order["id"], "payment_id": origin["id"]} if origin else None,
    }
