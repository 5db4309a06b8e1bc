"""Exchange orders: the store counts them as 0.00 (fact 20), their meta data say what was paid for them and with what.

Every exchange order is read as if its goods had been paid with what the old ones counted for, traced to the payment
that paid for those, so that they can come back like any others.
"""

from collections.abc import Mapping
from decimal import Decimal

from adapters.channel import OrderDocument
from adapters.woocommerce.fields import Body, meta, parts, required

EXCHANGE_OF = "_backhaul_exchange_of"
PAYMENT_OF = "_backhaul_exchange_payment"
KEY = "_backhaul_key"
NET = "_backhaul_net"
TAX = "_backhaul_tax"


def is_exchange(order: Body) -> bool:
    """Whether we made the order in exchange for goods of another one."""
    return EXCHANGE_OF in meta(order)


def origin_of(order: Body) -> str:
    """The order whose payment paid for an exchange order."""
    return required(meta(order)[EXCHANGE_OF], "value")


def as_paid(order: Body) -> Body:
    """The body of an exchange order with what its goods were really paid with, in place of 0.00."""
    lines = [_line_as_paid(line) for line in parts(order, "line_items")]
    paid = sum((Decimal(str(line[name])) for line in lines for name in ("total", "total_tax")), Decimal(0))
    return {**order, "line_items": lines, "total": str(paid), "coupon_lines": []}


def with_exchange_payment(document: OrderDocument, order: Body) -> OrderDocument:
    """The normal form of an exchange order; its tender stems from the payment of the order before."""
    payments = document.get("payments")
    entries = meta(order)
    first = payments[0] if isinstance(payments, list) and payments else {}
    tender = {
        **first,
        "id": required(entries[KEY], "value"),
        "gateway": "exchange",
        "kind": "exchange",
        "refundable": True,
        "of": {"order_id": origin_of(order), "payment_id": required(entries[PAYMENT_OF], "value")},
    }
    return {**document, "payments": [tender]} if first else document


def _line_as_paid(line: Body) -> Body:
    entries = meta(line)
    net, tax = (_worth(entries, name) for name in (NET, TAX))
    rates = parts(line, "taxes")
    taxes = [
        {**rate, "total": tax if n == 0 else "0.00", "subtotal": tax if n == 0 else "0.00"}
        for n, rate in enumerate(rates)
    ]
    return {**line, "subtotal": net, "total": net, "subtotal_tax": tax, "total_tax": tax, "taxes": taxes}


def _worth(entries: Mapping[str, Body], name: str) -> str:
    return required(entries[name], "value") if name in entries else "0.00"
