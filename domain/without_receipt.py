"""Goods that are brought without the buyer's receipt: what they are worth, how much a person gets, by which terms."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from domain.money import format_amount
from domain.proof import email_key

Document = Mapping[str, object]

KEPT_OF_A_RULE = ("destination", "evidence")
"""What a rule still decides for goods that somebody else bought: where they go, and what must be seen."""

NO_GIFT: Document = {
    "resolutions": ["store_credit"],
    "store_credit_bonus_percent": "0",
    "shipping_refund": "never",
    "duties_refund": False,
    "keep_item_below": "0",
}
NO_RECEIPT: Document = {
    **NO_GIFT,
    "days": 1,
    "starts": "placed",
    "extended": [],
    "restocking_percent": "0",
    "return_fee": "0",
    "promotions": "as_allocated",
    "approval": "auto",
    "settle_on": "inspected",
}


class Price(Struct, frozen=True):
    """What a variant cost from a time (UTC) on, in minor units."""

    since: datetime
    amount: int


class Worth(Struct, frozen=True):
    """Units of a variant with what each of them is worth, in minor units of the shop's currency."""

    variant: Document
    quantity: int
    unit_price: int


def lowest_price(history: Sequence[Price], *, now: datetime, days: int) -> int | None:
    """The lowest price that held at any time of the last days, None where none was kept; oldest first."""
    begins = now - timedelta(days=days)
    before = [price for price in history if price.since <= begins]
    within = [price for price in history if begins < price.since <= now]
    return min((price.amount for price in (*before[-1:], *within)), default=None)


def left_of_cap(cap: int, *, given: int) -> int:
    """What a person may still be given in the period."""
    return max(0, cap - given)


def person_of(email: str) -> str:
    """An e-mail address as one person's: what follows a plus before the @ makes no other person."""
    name, at, host = email_key(email).rpartition("@")
    return f"{name.partition('+')[0]}{at}{host}"


def gift_terms(policy: Document) -> Document:
    """The policy for who shows a gift receipt: store credit for the goods alone, by the windows of the purchase."""
    rules = [{**rule, "then": _without(rule["then"])} for rule in _rules(policy)]
    return {**policy, **NO_GIFT, "rules": rules}


def terms_without_receipt(policy: Document) -> Document:
    """The policy for goods without a receipt: what they are worth as store credit, nothing added and nothing kept."""
    return {**policy, **NO_RECEIPT, "rules": _rules_of_place(policy)}


def order_of(order_id: str, goods: Sequence[Worth], *, currency: str, digits: int, now: datetime) -> Document:
    """The order that stands for goods whose order nobody knows, in the normal form: bought now for what they are worth.

    It names no channel, so that nobody looks for it on a platform.
    """
    at = now.isoformat()
    total = sum(worth.quantity * worth.unit_price for worth in goods)
    lines = [_line(n, worth, digits=digits, at=at) for n, worth in enumerate(goods, start=1)]
    paid = {"id": "none", "kind": "manual", "amount": format_amount(total, digits), "refundable": False}
    return {
        "id": order_id,
        "number": order_id,
        "currency": currency,
        "digits": digits,
        "prices_include_tax": True,
        "placed_at": at,
        "without_receipt": True,
        "customer": None,
        "lines": lines,
        "payments": [paid],
    }


def _line(n: int, worth: Worth, *, digits: int, at: str) -> Document:
    variant = worth.variant
    names = ("product_id", "sku", "barcode", "product_type")
    return {
        **{name: variant[name] for name in names if variant.get(name)},
        "id": str(n),
        "variant_id": variant["id"],
        "title": variant.get("product_title") or variant.get("title"),
        "variant_title": variant.get("title"),
        "tags": list(variant.get("tags") or ()),  # type: ignore[call-overload]
        "quantity": worth.quantity,
        "unit_price": format_amount(worth.unit_price, digits),
        "tax": format_amount(0, digits),
        "fulfilled": [{"quantity": worth.quantity, "at": at, "delivered_at": at}],
    }


def _rules(policy: Document) -> list[dict[str, dict[str, object]]]:
    rules = policy.get("rules")
    return rules if isinstance(rules, list) else []


def _rules_of_place(policy: Document) -> list[Document]:
    return [
        {**rule, "then": {name: value for name, value in rule["then"].items() if name in KEPT_OF_A_RULE}}
        for rule in _rules(policy)
    ]


def _without(then: Mapping[str, object]) -> Document:
    """What a rule sets, without what would pay more than the goods or in another way."""
    return {name: value for name, value in then.items() if name not in ("resolutions", "bonus_percent", "keep_item")}
