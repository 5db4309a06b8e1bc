"""What is sent to a store, made of what is asked of the channel and of the order as the store shows it.

Pure. Amounts are strings at the order's decimals: a number is refused (fact 6), a float is not exact (fact 11).
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from adapters.channel import Bill, Credit, Payback, RefundedLine, Replacement, ReplacementLine
from adapters.errors import ChannelRefused
from adapters.woocommerce.exchange import BILL, COLLECTED, EXCHANGE_OF, KEY, NET, PAYMENT_OF, TAX, TENDER
from adapters.woocommerce.fields import Body, amount, identity, meta, part, parts, text
from adapters.woocommerce.normalise import ERASED_EMAIL, terms_of
from adapters.woocommerce.refunds import MARKER
from domain.money import format_amount, parse_amount, share, split

FOR_ORDER = "_backhaul_for_order"
"""The exchange order that a refund of its origin's payment is for."""
CREDIT_OF = "_backhaul_credit_of"
"""The order whose customer store credit belongs to."""
ADDRESSES = ("billing", "shipping")


def reason_of(payback: Payback) -> str:
    """What stands in the store's books; fact 3: of a refund in flight this is seen, its meta data are not."""
    return f"Return {payback.return_id} ({payback.key})"


def refund_body(payback: Payback, order: Body, *, refunds: Iterable[Body], by_gateway: bool) -> Body:
    """A refund of an order's own payment; raises ChannelRefused for lines and units that are not there to refund.

    Fact 7: the store checks no line, so it is done here. Fact 8: stock moves when goods are graded to the shelf, not
    with their money. Fact 5: without a word about `api_refund` the gateway would be called.
    """
    _check_digits(payback, order)
    _check_units(payback.lines, order, refunds=refunds)
    goods = [_goods(line, payback, order) for line in payback.lines]
    return {
        "amount": format_amount(payback.amount, payback.digits),
        "reason": reason_of(payback),
        "api_refund": by_gateway,
        "api_restock": False,
        "line_items": [*goods, *_delivery(payback, order)],
        "meta_data": markers(payback.key, payback.return_id),
    }


def origin_refund_body(payback: Payback, *, by_gateway: bool) -> Body:
    """A refund of what an exchange order was paid with: of its origin's payment, without lines of its own there."""
    return {
        "amount": format_amount(payback.amount, payback.digits),
        "reason": reason_of(payback),
        "api_refund": by_gateway,
        "api_restock": False,
        "line_items": [],
        "meta_data": [*markers(payback.key, payback.return_id), {"key": FOR_ORDER, "value": payback.order_id}],
    }


def coupon_body(credit: Credit, order: Body, *, code: str) -> Body:
    """Store credit as a coupon for the order's own e-mail, once (fact 19); raises ChannelRefused without an e-mail."""
    email = text(part(order, "billing"), "email")
    if email is None or email == ERASED_EMAIL:
        raise ChannelRefused("The order has no e-mail to which store credit could be given.")
    return {
        "code": code,
        "amount": format_amount(coupon_amount(credit.amount, order), credit.digits),
        "discount_type": "fixed_cart",
        "description": f"Store credit for return {credit.return_id}",
        "individual_use": False,
        "usage_limit": 1,
        "email_restrictions": [email],
        "meta_data": credit_marks(credit.key, credit.return_id, order_id=credit.order_id),
    }


def credit_marks(key: str, return_id: str, *, order_id: str) -> list[Body]:
    """By what we know store credit again, and whose it is."""
    return [*markers(key, return_id), {"key": CREDIT_OF, "value": order_id}]


def coupon_amount(worth: int, order: Body) -> int:
    """What a coupon must say to be worth so much to the shopper, in minor units.

    Fact 19: where prices exclude tax, a coupon lowers the tax too, here by the share that it had in the order.
    """
    if order.get("prices_include_tax") is True:
        return worth
    total, tax = amount(order, "total"), amount(order, "total_tax")
    if total <= 0 or not 0 < tax < total:
        return worth
    net = Fraction(total - tax) / Fraction(total)
    return share(worth, net.numerator, net.denominator)


def exchange_body(replacement: Replacement, order: Body, *, products: Mapping[str, str]) -> Body:
    """An exchange order of 0.00 (fact 20) that says what it was paid with; `products` names each variant's product."""
    return {
        "status": "processing",
        "customer_id": order.get("customer_id", 0),
        "currency": replacement.currency,
        "payment_method": "",
        **{name: {key: value for key, value in part(order, name).items() if value} for name in ADDRESSES},
        "line_items": [
            _exchanged(line, replacement, order, product=products[line.variant_id]) for line in replacement.lines
        ],
        "meta_data": [
            *markers(replacement.key, replacement.return_id),
            {"key": EXCHANGE_OF, "value": replacement.order_id},
            {"key": PAYMENT_OF, "value": payment_id_of(order)},
            *_collected(replacement),
        ],
    }


def bill_body(bill: Bill, order: Body) -> Body:
    """An order over the balance of an exchange, to be paid on the storefront: one fee, its tax within it."""
    return {
        "status": "pending",
        "customer_id": order.get("customer_id", 0),
        "currency": bill.currency,
        "billing": {key: value for key, value in part(order, "billing").items() if value},
        "fee_lines": [
            {
                "name": f"Difference for the exchange, return {bill.return_id}",
                "tax_status": "none",
                "total": format_amount(bill.amount, bill.digits),
            }
        ],
        "meta_data": markers(bill.key, bill.return_id),
    }


def _collected(replacement: Replacement) -> list[Body]:
    """What the shopper paid besides, where they did."""
    if not replacement.collected:
        return []
    said = {COLLECTED: format_amount(replacement.collected, replacement.digits), TENDER: replacement.tender}
    if replacement.bill:
        said[BILL] = replacement.bill
    return [{"key": key, "value": value} for key, value in said.items()]


def markers(key: str, return_id: str) -> list[Body]:
    """By what we know our own work again: the key of the leg and the id of the return."""
    return [{"key": KEY, "value": key}, {"key": MARKER, "value": return_id}]


def is_marked(body: Body, key: str) -> bool:
    """Whether something bears the key."""
    return identity(meta(body).get(KEY, {}), "value") == key


def payment_id_of(order: Body) -> str:
    """The id of an order's one payment in the normal form."""
    return f"paid-{order.get('id')}"


def left_of(order: Body, *, digits: int) -> int:
    """What an order still bears, in minor units: its total less all refunds, those in flight too (facts 3 and 9)."""
    given = sum((amount(refund, "total") for refund in parts(order, "refunds")), Decimal(0))
    return int((amount(order, "total") + given).scaleb(digits))


def _check_digits(payback: Payback, order: Body) -> None:
    """Fact 11: decimals are the store's setting, and it may have changed since the order was read."""
    shown = terms_of(order).digits
    if shown != payback.digits:
        raise ChannelRefused(f"The store now writes {shown} decimals, not {payback.digits}: read the order again.")


def _check_units(lines: Sequence[RefundedLine], order: Body, *, refunds: Iterable[Body]) -> None:
    gone = _refunded_units(refunds)
    for line in lines:
        sold = _line(order, line.line_id).get("quantity")
        left = (sold if isinstance(sold, int) else 0) - gone.get(line.line_id, 0)
        if line.quantity > left:
            raise ChannelRefused(f"Of line {line.line_id} only {max(0, left)} can still be refunded in the store.")


def _refunded_units(refunds: Iterable[Body]) -> Mapping[str, int]:
    """Fact 9: quantities are negative, and the order's line is in the meta data."""
    gone: dict[str, int] = {}
    for refund in refunds:
        for line in parts(refund, "line_items"):
            line_id = identity(meta(line).get("_refunded_item_id", {}), "value") or ""
            quantity = line.get("quantity")
            gone[line_id] = gone.get(line_id, 0) + (abs(quantity) if isinstance(quantity, int) else 0)
    return gone


def _line(order: Body, line_id: str) -> Body:
    for line in parts(order, "line_items"):
        if identity(line, "id") == line_id:
            return line
    raise ChannelRefused(f"The order has no line {line_id} in the store.")


def _goods(line: RefundedLine, payback: Payback, order: Body) -> Body:
    """A refunded line: the amount without its tax, and the tax by its rates."""
    inclusive = order.get("prices_include_tax") is True
    net = line.amount - line.tax if inclusive else line.amount
    sold = _line(order, line.line_id)
    return _entry(sold, payback, quantity=line.quantity, net=net, tax=line.tax)


def _delivery(payback: Payback, order: Body) -> list[Body]:
    """Fact 10: delivery is refunded as a line of quantity 0; what comes back includes its tax."""
    lines = parts(order, "shipping_lines")
    if not payback.shipping:
        return []
    if not lines:
        raise ChannelRefused("The order has no delivery that could be refunded in the store.")
    costs = [_minor(line, "total", payback) + _minor(line, "total_tax", payback) for line in lines]
    shares = zip(lines, split(payback.shipping, costs), strict=True)
    return [_delivered(line, payback, gross=gross) for line, gross in shares if gross]


def _delivered(line: Body, payback: Payback, *, gross: int) -> Body:
    net, tax = split(gross, [_minor(line, "total", payback), _minor(line, "total_tax", payback)])
    return _entry(line, payback, quantity=0, net=net, tax=tax)


def _entry(sold: Body, payback: Payback, *, quantity: int, net: int, tax: int) -> Body:
    return {
        "id": sold["id"],
        "quantity": quantity,
        "refund_total": format_amount(net, payback.digits),
        "refund_tax": _taxes(sold, payback, tax=tax),
    }


def _taxes(sold: Body, payback: Payback, *, tax: int) -> list[Body]:
    """Fact 10: a tax is named by the id of its rate; several rates share it as they did in the line."""
    rates = parts(sold, "taxes")
    weights = [_minor(rate, "total", payback) for rate in rates]
    shares = split(tax, weights) if tax else []
    return [
        {"id": rate["id"], "refund_total": format_amount(part_of_it, payback.digits)}
        for rate, part_of_it in zip(rates, shares, strict=False)
        if part_of_it
    ]


def _minor(line: Body, name: str, payback: Payback) -> int:
    """An amount in minor units; what the store keeps with more decimals is rounded (fact 11)."""
    return parse_amount(f"{abs(amount(line, name)):.{payback.digits}f}", payback.digits)


def _exchanged(line: ReplacementLine, replacement: Replacement, order: Body, *, product: str) -> Body:
    inclusive = order.get("prices_include_tax") is True
    net = line.amount - line.tax if inclusive else line.amount
    worth = {NET: net, TAX: line.tax}
    variation = {} if line.variant_id == product else {"variation_id": int(line.variant_id)}
    return {
        "product_id": int(product),
        **variation,
        "quantity": line.quantity,
        "subtotal": "0",
        "total": "0",
        "meta_data": [{"key": key, "value": format_amount(value, replacement.digits)} for key, value in worth.items()],
    }
