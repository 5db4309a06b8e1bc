"""An order exactly as WooCommerce gives it becomes an order in the normal form of the quote contract.

Nothing is lost about money: what the lines, the delivery and the charges of the document cost is the order's `total`.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from adapters.channel import OrderDocument
from adapters.errors import Unreadable
from adapters.woocommerce.exchange import as_paid, is_exchange, with_exchange_payment
from adapters.woocommerce.fields import (
    Body,
    amount,
    decimals,
    identity,
    meta,
    moment,
    needed_decimals,
    part,
    parts,
    required,
    text,
    unescaped,
    whole,
    written,
)
from adapters.woocommerce.refunds import embedded_refunds, with_refunds
from domain.currencies import DIGITS

ERASED_EMAIL = "deleted@site.invalid"
USUAL_DECIMALS = 2
TRACKING = "_wc_shipment_tracking_items"
LONGEST_SECONDS = 10


class Standing(StrEnum):
    """What a status says about the goods."""

    WAITING = "waiting"
    SHIPPED = "shipped"
    OFF = "off"
    DRAFT = "draft"


STANDINGS: Mapping[str, Standing] = {
    "pending": Standing.WAITING,
    "on-hold": Standing.WAITING,
    "processing": Standing.WAITING,
    "completed": Standing.SHIPPED,
    "cancelled": Standing.OFF,
    "failed": Standing.OFF,
    "trash": Standing.OFF,
    "checkout-draft": Standing.DRAFT,
    "auto-draft": Standing.DRAFT,
}
"""Statuses by word; any other (`refunded`, a plugin's own) says nothing, then the date of completion decides."""

PAYMENT_KINDS: Mapping[str, str] = {
    "cod": "cash",
    "bacs": "manual",
    "cheque": "manual",
    "stripe": "card",
    "woocommerce_payments": "card",
    "paypal": "wallet",
    "ppcp-gateway": "wallet",
}

WITHOUT_REFUNDS = frozenset({"cod", "bacs", "cheque"})
"""Fact 4: gateways that cannot be refunded by API."""


class Terms(Struct, frozen=True):
    """How an order's amounts are meant; WooCommerce itself keeps every amount without its tax."""

    digits: int
    inclusive: bool

    def write(self, found: Decimal) -> str:
        """An amount in the normal form."""
        return written(found, self.digits)

    def of(self, net: Decimal, tax: Decimal) -> Decimal:
        """An amount in the order's price terms: with its tax where prices include tax."""
        return net + tax if self.inclusive else net


def normalise(order: Body, *, shipped: frozenset[str] = frozenset()) -> OrderDocument:
    """The normal form of an order; raises Unreadable for what is no whole order.

    `shipped` are statuses of the shop's own that say that the goods have left.
    """
    if is_exchange(order):
        return with_exchange_payment(_normalised(as_paid(order), shipped=shipped), order)
    return _normalised(order, shipped=shipped)


def _normalised(order: Body, *, shipped: frozenset[str]) -> OrderDocument:
    status = text(order, "status") or ""
    standing = Standing.SHIPPED if status in shipped else STANDINGS.get(status)
    if standing is Standing.DRAFT:
        raise Unreadable("It is the draft of a checkout, not an order yet.")  # fact 14
    terms = terms_of(order)
    changed_at = moment(order, "date_modified_gmt")
    document = {
        "id": required(order, "id"),
        "number": required(order, "number"),
        "channel": "woocommerce",
        "currency": required(order, "currency"),
        "digits": terms.digits,
        "prices_include_tax": terms.inclusive,
        "placed_at": moment(order, "date_created_gmt"),
        "changed_at": changed_at,
        "cancelled_at": changed_at if standing is Standing.OFF else None,
        "customer": _customer(order),
        "ship_to": _ship_to(order),
        "lines": _lines(order, terms, shipped_at=_shipped_at(order, standing)),
        "discounts": [_discount(coupon, terms) for coupon in parts(order, "coupon_lines")],
        "shipping": [_shipping(line, terms) for line in parts(order, "shipping_lines")],
        "charges": [*(_charge(fee, terms) for fee in parts(order, "fee_lines")), *_rounding(order, terms)],
        "payments": _payments(order, terms),
    }
    return with_refunds(document, embedded_refunds(order, digits=terms.digits))


def terms_of(order: Body) -> Terms:
    """How the order's amounts are meant.

    Fact 11: decimals follow the store's setting, not the currency, so they are read off the total. More of them than
    the currency has come from a request with `?dp=`; then zeros at the end that no amount needs are dropped.
    """
    shown = decimals(order, "total")
    usual = max(USUAL_DECIMALS, DIGITS.get(required(order, "currency"), 0))
    needed = max(needed_decimals(found) for found in _amounts(order)) if shown > usual else shown
    return Terms(
        digits=shown if shown <= usual else max(usual, needed), inclusive=order.get("prices_include_tax") is True
    )


def _amounts(order: Body) -> Sequence[Decimal]:
    """The amounts of an order that are rounded to its decimals; those of single tax rates are not."""
    charged = [*parts(order, "line_items"), *parts(order, "shipping_lines"), *parts(order, "fee_lines")]
    listed = [amount(line, name) for line in parts(order, "line_items") for name in ("subtotal", "subtotal_tax")]
    whole_lines = [amount(line, name) for line in charged for name in ("total", "total_tax")]
    refunded = [amount(refund, "total") for refund in parts(order, "refunds")]
    return [amount(order, "total"), *listed, *whole_lines, *refunded]


def _lines(order: Body, terms: Terms, *, shipped_at: str | None) -> list[OrderDocument]:
    rates = {identity(rate, "rate_id"): rate for rate in parts(order, "tax_lines")}
    return [_line(line, terms, rates=rates, shipped_at=shipped_at) for line in parts(order, "line_items")]


def _line(line: Body, terms: Terms, *, rates: Mapping[str | None, Body], shipped_at: str | None) -> OrderDocument:
    quantity = whole(line, "quantity")
    if quantity < 1:
        raise Unreadable(f"Line {line.get('id')} has the quantity {quantity}.")
    listed = terms.of(amount(line, "subtotal"), amount(line, "subtotal_tax"))
    charged = terms.of(amount(line, "total"), amount(line, "total_tax"))
    unit_price = Decimal(terms.write(listed / quantity))
    options = _options(line)
    return {
        "id": required(line, "id"),
        # Fact 16: a deleted product is product 0 without SKU, a deleted variation is variation 0.
        "product_id": identity(line, "product_id"),
        "variant_id": identity(line, "variation_id") or _only_variant(line),
        "sku": unescaped(line, "sku"),
        "barcode": text(line, "global_unique_id"),
        "title": unescaped(line, "parent_name") or unescaped(line, "name"),
        "variant_title": ", ".join(options.values()) or None if text(line, "parent_name") else None,
        "options": options,
        "quantity": quantity,
        "unit_price": terms.write(unit_price),
        # The price of one is rounded, so the discount is cut to what the line then bears, and `total` says the truth.
        "discount": terms.write(min(max(listed - charged, Decimal(0)), unit_price * quantity)),
        "tax": terms.write(amount(line, "total_tax")),
        "taxes": [_tax(tax, terms, rates=rates) for tax in parts(line, "taxes")],
        "total": terms.write(charged),
        "fulfilled": [{"quantity": quantity, "at": shipped_at, "delivered_at": None}] if shipped_at else [],
    }


def _only_variant(line: Body) -> str | None:
    """A product without variations is its own only variant; a line with options had one, which is deleted (fact 16)."""
    return None if text(line, "parent_name") or _options(line) else identity(line, "product_id")


def _tax(tax: Body, terms: Terms, *, rates: Mapping[str | None, Body]) -> OrderDocument:
    """Fact 10: a line's tax is known by the id of its rate. Fact 11: with `?dp=4` it is not rounded."""
    rate = rates.get(identity(tax, "id"), {})
    percent = rate.get("rate_percent")
    return {
        "id": required(tax, "id"),
        "title": unescaped(rate, "label"),
        "rate": f"{Decimal(str(percent)) / 100:f}" if isinstance(percent, int | float) else None,
        "amount": terms.write(amount(tax, "total")),
    }


def _options(line: Body) -> dict[str, str]:
    """What was chosen for a line, for humans.

    Fact 15: `display_key` and `display_value` are for humans, keys with an underscore are internal, and an attribute
    that a variation leaves open ("any") stands in the order's meta only.
    """
    chosen = {
        unescaped(entry, "display_key") or key: unescaped(entry, "display_value")
        for key, entry in meta(line).items()
        if not key.startswith("_")
    }
    return {name: value for name, value in chosen.items() if value is not None}


def _shipped_at(order: Body, standing: Standing | None) -> str | None:
    """When all goods left: WooCommerce knows no parcels, only that the order was completed."""
    completed_at = moment(order, "date_completed_gmt")
    if standing is Standing.SHIPPED:
        return _tracked_at(order) or completed_at or moment(order, "date_modified_gmt")
    return (_tracked_at(order) or completed_at) if standing is None and completed_at else None


def _tracked_at(order: Body) -> str | None:
    """When the last parcel left, where the plugin Shipment Tracking says so (its meta, seconds since 1970)."""
    found = meta(order).get(TRACKING, {}).get("value")
    parcels = found if isinstance(found, list) else []
    sent = [str(parcel.get("date_shipped") or "") for parcel in parcels if isinstance(parcel, dict)]
    dates = [int(seconds) for seconds in sent if seconds.isdecimal() and len(seconds) <= LONGEST_SECONDS]
    return datetime.fromtimestamp(max(dates), tz=UTC).isoformat() if dates else None


def _discount(coupon: Body, terms: Terms) -> OrderDocument:
    """Fact 19: a coupon, store credit included, lowers the lines; the lines already bear their shares."""
    value = terms.of(amount(coupon, "discount"), amount(coupon, "discount_tax"))
    return {"amount": terms.write(value), "title": unescaped(coupon, "code"), "threshold": None}


def _shipping(line: Body, terms: Terms) -> OrderDocument:
    tax = amount(line, "total_tax")
    return {
        "id": required(line, "id"),
        "title": unescaped(line, "method_title"),
        "price": terms.write(terms.of(amount(line, "total"), tax)),
        "discount": terms.write(Decimal(0)),
        "tax": terms.write(tax),
    }


def _charge(fee: Body, terms: Terms) -> OrderDocument:
    tax = amount(fee, "total_tax")
    return {
        "id": required(fee, "id"),
        "title": unescaped(fee, "name"),
        "amount": terms.write(terms.of(amount(fee, "total"), tax)),
        "tax": terms.write(tax),
    }


def _rounding(order: Body, terms: Terms) -> list[OrderDocument]:
    """What the total is more or less than its parts, as a charge.

    A store may round taxes per order rather than per line, and with fewer decimals than it sold at (fact 11: "139") the
    rounded parts no longer sum to the rounded total.
    """
    charged = [*parts(order, "line_items"), *parts(order, "shipping_lines"), *parts(order, "fee_lines")]
    summed = sum(
        (Decimal(terms.write(amount(line, name))) for line in charged for name in ("total", "total_tax")), Decimal(0)
    )
    difference = amount(order, "total") - summed
    if not difference:
        return []
    return [{"id": "rounding", "title": "Rounding", "amount": terms.write(difference), "tax": terms.write(Decimal(0))}]


def _payments(order: Body, terms: Terms) -> list[OrderDocument]:
    """The one payment of an order; without `date_paid` nothing was paid yet (cash on delivery before delivery)."""
    method = text(order, "payment_method") or ""
    paid = amount(order, "total")
    if moment(order, "date_paid_gmt") is None or not paid:
        return []
    return [
        {
            "id": f"paid-{required(order, 'id')}",
            "gateway": method or None,
            "kind": PAYMENT_KINDS.get(method),
            "amount": terms.write(paid),
            "refunded": terms.write(Decimal(0)),
            "refundable": bool(method) and method not in WITHOUT_REFUNDS,
        }
    ]


def _customer(order: Body) -> OrderDocument:
    """Who bought; of an erased person (fact 32) nothing is left, so that nothing can prove the order. Names are raw."""
    billing = part(order, "billing")
    email = text(billing, "email")
    names = (text(billing, "first_name"), text(billing, "last_name"))
    return {
        "id": identity(order, "customer_id"),
        "email": None if email == ERASED_EMAIL else email,
        "phone": text(billing, "phone"),
        "name": " ".join(name for name in names if name) or None,
    }


def _ship_to(order: Body) -> OrderDocument:
    """Where the goods went: the delivery address, else the billing address (virtual goods, pick-up)."""
    shipping = part(order, "shipping")
    address = shipping if text(shipping, "country") else part(order, "billing")
    return {
        "country": text(address, "country"),
        "region": text(address, "state"),
        "postal_code": text(address, "postcode"),
        "city": text(address, "city"),
    }
