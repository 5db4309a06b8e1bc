"""Exchange orders: the store counts them as 0.00 (fact 20), their meta data say what was paid for them and with what.

Every exchange order is read as if its goods had been paid with what the old ones counted for, traced to the payment
that paid for those, so that they can come back like any others.
"""

from collections.abc import Mapping
from decimal import Decimal

from adapters.channel import OrderDocument
from adapters.woocommerce.fields import Body, identity, meta, parts, required, written

EXCHANGE_OF = "_backhaul_exchange_of"
PAYMENT_OF = "_backhaul_exchange_payment"
KEY = "_backhaul_key"
COLLECTED = "_backhaul_collected"
TENDER = "_backhaul_collected_by"
BILL = "_backhaul_bill"
"""The part that the shopper paid besides: how much, how, and the order by which, where there is one."""
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
    """The normal form of an exchange order: its tender stems from the payment of the order before.

    What the shopper paid besides is a payment of its own, which goes back to where it came from.
    """
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
    if not first:
        return document
    besides = _worth(entries, COLLECTED)
    if not Decimal(besides):
        return {**document, "payments": [tender]}
    exchanged = str(Decimal(str(first["amount"])) - Decimal(besides))
    return {**document, "payments": [{**tender, "amount": exchanged}, _paid_besides(first, order, amount=besides)]}


def payments_of(order: Body) -> Mapping[str, str]:
    """The payments of an exchange order that a store can give back, each with the order that it came in by."""
    key, bill = required(meta(order)[KEY], "value"), bill_of(order)
    return {key: origin_of(order), **({besides(key): bill} if bill else {})}


def bill_of(order: Body) -> str:
    """The order by which the balance of an exchange was paid; empty when there is none."""
    return identity(meta(order).get(BILL, {}), "value") or ""


def besides(key: str) -> str:
    """The id of the payment of a balance."""
    return f"{key}-balance"


def given_back(document: OrderDocument, amounts: Mapping[str, Decimal], *, digits: int) -> OrderDocument:
    """The normal form with what each of its payments has given back."""
    payments = document.get("payments")
    told = [
        {**payment, "refunded": written(amounts.get(str(payment["id"]), Decimal(0)), digits)}
        for payment in (payments if isinstance(payments, list) else [])
    ]
    return {**document, "payments": told}


def _paid_besides(payment: OrderDocument, order: Body, *, amount: str) -> OrderDocument:
    """A balance: paid on the storefront it goes back to that payment, paid at a counter a person gives it back."""
    entries, bill = meta(order), bill_of(order)
    tender = identity(entries.get(TENDER, {}), "value") or "card"
    made = {
        **{name: value for name, value in payment.items() if name not in ("of", "transaction_id")},
        "id": besides(required(entries[KEY], "value")),
        "gateway": tender,
        "kind": "cash" if tender == "cash" else "card",
        "amount": amount,
        "refundable": bool(bill),
    }
    return {**made, "of": {"order_id": bill, "payment_id": f"paid-{bill}"}} if bill else made


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
