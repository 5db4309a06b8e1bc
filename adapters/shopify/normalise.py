"""An order as Shopify shows it becomes an order in the normal form of the quote contract. Pure.

Amounts are in the order's presentment currency. What a native return took back without a refund (an exchange) stands as
a refund of nothing, so that its units are gone; one that was called off since is a refund of nothing and no units.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct, field

from adapters.channel import OrderDocument
from adapters.shopify.fields import Body, amount, decimal, moment, part, parts, required, tail, text, whole, written
from adapters.shopify.natives import NativeReturn
from adapters.shopify.paying import Terms, payments_of, refund_of
from domain.currencies import DIGITS

USUAL_DIGITS = 2
DISPUTED = frozenset({"NEEDS_RESPONSE", "UNDER_REVIEW", "CHARGE_REFUNDED", "LOST"})
GRAMS: Mapping[str, Decimal] = {
    "GRAMS": Decimal(1),
    "KILOGRAMS": Decimal(1000),
    "OUNCES": Decimal("28.349523125"),
    "POUNDS": Decimal("453.59237"),
}
ONLY = "Title"
"""The option of a product without options."""


class OrderParts(Struct, frozen=True):
    """All that was read of one order."""

    order: Body
    lines: Sequence[Body]
    fulfillments: Sequence[tuple[Body, Sequence[Body]]] = ()
    refunds: Sequence[Body] = ()
    natives: Sequence[NativeReturn] = field(default_factory=tuple)


def normalise(found: OrderParts) -> OrderDocument:
    """The normal form of an order; raises Unreadable for what is no whole order."""
    order, terms = found.order, terms_of(found.order)
    rma = {native.id: native.return_id for native in found.natives if native.return_id}
    refunds = [refund_of(refund, terms, rma=rma) for refund in found.refunds]
    swapped = [_swapped(native, terms) for native in found.natives if native.swapped]
    lines = _lines(found, terms, gone=_gone((*refunds, *swapped)))
    removed = [str(line["id"]) for line in lines if line["cancelled"] == line["quantity"]]
    undone = {_name_of(native) for native in found.natives if native.is_called_off(removed)}
    document = {
        "id": tail(order),
        "number": required(order, "name"),
        "channel": "shopify",
        "currency": terms.currency,
        "digits": terms.digits,
        "prices_include_tax": terms.inclusive,
        "placed_at": moment(order, "createdAt").isoformat(),
        "changed_at": moment(order, "updatedAt").isoformat(),
        "cancelled_at": moment(order, "cancelledAt").isoformat() if text(order, "cancelledAt") else None,
        "tags": _words(order, "tags"),
        "customer": _customer(order),
        "ship_to": _ship_to(order),
        "lines": lines,
        "shipping": [_shipping(line, terms) for line in parts(order, "shippingLines")],
        "payments": payments_of(order, terms),
        "refunds": [*refunds, *({**one, "lines": []} if one["id"] in undone else one for one in swapped)],
        "disputed": any(text(dispute, "status") in DISPUTED for dispute in parts(order, "disputes")),
    }
    return {**document, "charges": [*_charges(order, terms), *_rounding(found, document, terms)]}


def terms_of(order: Body) -> Terms:
    """How the order's amounts are meant."""
    currency = required(order, "presentmentCurrencyCode")
    return Terms(
        currency=currency, digits=DIGITS.get(currency, USUAL_DIGITS), inclusive=order.get("taxesIncluded") is True
    )


def _lines(found: OrderParts, terms: Terms, *, gone: Mapping[str, int]) -> list[OrderDocument]:
    shipped = _shipped(found)
    return [
        _line(line, terms, shipped=shipped.get(tail(line), []), gone=gone.get(tail(line), 0)) for line in found.lines
    ]


def _line(line: Body, terms: Terms, *, shipped: list[OrderDocument], gone: int) -> OrderDocument:
    quantity = whole(line, "quantity")
    unit_price = amount(line, "originalUnitPriceSet")
    discount = _summed(parts(line, "discountAllocations"), "allocatedAmountSet")
    product, variant = part(line, "product"), part(line, "variant")
    taxes = parts(line, "taxLines")
    return {
        "id": tail(line),
        "product_id": tail(product) if product else None,
        "variant_id": tail(variant) if variant else None,
        "sku": text(line, "sku"),
        "barcode": text(variant, "barcode"),
        "title": text(line, "title"),
        "variant_title": text(line, "variantTitle"),
        "options": _options(variant),
        "quantity": quantity,
        "unit_price": terms.write(unit_price),
        "discount": terms.write(min(discount, unit_price * quantity)),
        "tax": terms.write(_summed(taxes, "priceSet")),
        "taxes": [_tax(tax, n, terms) for n, tax in enumerate(taxes, start=1)],
        "total": terms.write(max(Decimal(0), unit_price * quantity - discount)),
        "duties": terms.write(_summed(parts(line, "duties"), "price")),
        "weight_grams": _grams(part(line, "weight")),
        "gift_card": line.get("isGiftCard") is True,
        "requires_shipping": line.get("requiresShipping") is True,
        "product_type": text(product, "productType"),
        "tags": _words(product, "tags"),
        "fulfilled": shipped,
        # [D] `currentQuantity` is without units that were refunded and units that were edited away.
        "cancelled": max(0, quantity - whole(line, "currentQuantity") - gone),
    }


def _tax(tax: Body, n: int, terms: Terms) -> OrderDocument:
    rate = tax.get("rate")
    shown = f"{Decimal(str(rate)):f}" if isinstance(rate, int | float) else None
    return {"id": str(n), "title": text(tax, "title"), "rate": shown, "amount": terms.write(amount(tax, "priceSet"))}


def _shipped(found: OrderParts) -> Mapping[str, list[OrderDocument]]:
    """The shipped units of each line; a line may have gone in several parcels."""
    shipped: dict[str, list[OrderDocument]] = {}
    for parcel, lines in found.fulfillments:
        if text(parcel, "status") != "SUCCESS":
            continue
        at = moment(parcel, "createdAt").isoformat()
        delivered = moment(parcel, "deliveredAt").isoformat() if text(parcel, "deliveredAt") else None
        for line in lines:
            entry = {"quantity": whole(line, "quantity"), "at": at, "delivered_at": delivered}
            shipped.setdefault(tail(part(line, "lineItem")), []).append(entry)
    return shipped


def _swapped(native: NativeReturn, terms: Terms) -> OrderDocument:
    """Units that came back for other goods: gone, and no money for them."""
    nothing = terms.write(Decimal(0))
    lines = [
        {"line_id": line.line_id, "quantity": line.swapped, "amount": nothing, "tax": nothing}
        for line in native.lines
        if line.swapped
    ]
    said = {"id": _name_of(native), "amount": nothing, "at": native.at.isoformat(), "lines": lines}
    return {**said, "key": native.return_id} if native.return_id else said


def _name_of(native: NativeReturn) -> str:
    return f"return-{native.id}"


def _gone(refunds: Iterable[OrderDocument]) -> Mapping[str, int]:
    gone: dict[str, int] = {}
    for refund in refunds:
        lines = refund["lines"]
        for line in lines if isinstance(lines, list) else ():
            gone[line["line_id"]] = gone.get(line["line_id"], 0) + line["quantity"]
    return gone


def _shipping(line: Body, terms: Terms) -> OrderDocument:
    price, charged = amount(line, "originalPriceSet"), amount(line, "discountedPriceSet")
    return {
        "id": (text(line, "id") and tail(line)) or "shipping",
        "title": text(line, "title"),
        "price": terms.write(price),
        "discount": terms.write(max(Decimal(0), price - charged)),
        "tax": terms.write(_summed(parts(line, "taxLines"), "priceSet")),
    }


def _charges(order: Body, terms: Terms) -> list[OrderDocument]:
    """Fees of the order, and a tip, which is no part of any line."""
    nothing = terms.write(Decimal(0))
    fees: list[OrderDocument] = [
        {"id": tail(fee), "title": text(fee, "name"), "amount": terms.write(amount(fee, "price")), "tax": nothing}
        for fee in parts(order, "additionalFees")
    ]
    tip = amount(order, "totalTipReceivedSet")
    return [*fees, {"id": "tip", "title": "Tip", "amount": terms.write(tip), "tax": nothing}] if tip else fees


def _rounding(found: OrderParts, document: OrderDocument, terms: Terms) -> list[OrderDocument]:
    """What the total is more or less than its parts, as a charge; an order that changed since tells nothing."""
    if found.refunds or found.natives or found.order.get("edited") is True:
        return []
    charged = [(line, "total") for line in _documents(document, "lines")]
    charged += [(line, "duties") for line in _documents(document, "lines")]
    charged += [(line, "price") for line in _documents(document, "shipping")]
    summed = sum((decimal(line, name) for line, name in charged), Decimal(0))
    summed -= sum((decimal(line, "discount") for line in _documents(document, "shipping")), Decimal(0))
    summed += sum((decimal(charge, "amount") for charge in _charges(found.order, terms)), Decimal(0))
    if not terms.inclusive:
        taxed = [*_documents(document, "lines"), *_documents(document, "shipping")]
        summed += sum((decimal(line, "tax") for line in taxed), Decimal(0))
    difference = amount(found.order, "totalPriceSet") - summed
    nothing = terms.write(Decimal(0))
    shown = terms.write(difference)
    return [{"id": "rounding", "title": "Rounding", "amount": shown, "tax": nothing}] if shown != nothing else []


def _documents(document: OrderDocument, name: str) -> list[Body]:
    found = document[name]
    return found if isinstance(found, list) else []


def _summed(listed: Iterable[Body], name: str) -> Decimal:
    return sum((amount(one, name) for one in listed), Decimal(0))


def _options(variant: Body) -> dict[str, str]:
    chosen = ((text(one, "name"), text(one, "value")) for one in parts(variant, "selectedOptions"))
    return {name: value for name, value in chosen if name and value and name != ONLY}


def _grams(weight: Body) -> int | None:
    unit, value = text(weight, "unit"), weight.get("value")
    if unit is None or unit not in GRAMS or not isinstance(value, int | float):
        return None
    return int(written(Decimal(str(value)) * GRAMS[unit], 0))


def _words(body: Body, name: str) -> list[str]:
    found = body.get(name)
    return [str(word) for word in found] if isinstance(found, list) else []


def _customer(order: Body) -> OrderDocument:
    """Who bought; without the customer's data being granted, what the order itself says."""
    customer = part(order, "customer")
    return {
        "id": tail(customer) if customer else None,
        "email": text(order, "email") or text(part(customer, "defaultEmailAddress"), "emailAddress"),
        "phone": text(order, "phone") or text(part(customer, "defaultPhoneNumber"), "phoneNumber"),
        "name": text(customer, "displayName"),
        "tags": _words(customer, "tags"),
        "locale": text(order, "customerLocale"),
    }


def _ship_to(order: Body) -> OrderDocument:
    """Where the goods went: the delivery address, else the billing address."""
    address = part(order, "shippingAddress") or part(order, "billingAddress")
    return {
        "country": text(address, "countryCodeV2"),
        "region": text(address, "provinceCode"),
        "postal_code": text(address, "zip"),
        "city": text(address, "city"),
    }
