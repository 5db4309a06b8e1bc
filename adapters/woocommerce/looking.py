"""What a store shows of an order number, and of what we did there: orders, refunds and coupons that bear our key."""

import re
from datetime import UTC, datetime, timedelta

from adapters.channel import Receipt
from adapters.errors import ChannelSlow, DoneTwice, Unreadable
from adapters.woocommerce.client import StoreClient
from adapters.woocommerce.compose import FOR_ORDER, is_marked
from adapters.woocommerce.faults import NoSuchThing
from adapters.woocommerce.fields import Body, identity, meta, moment, required, text
from adapters.woocommerce.refunds import FINISHED
from domain.proof import number_key

DRAFTS = frozenset({"checkout-draft", "auto-draft"})
"""Fact 14: carts that never became orders."""
UNSEARCHABLE = re.compile(r"[/%\s]+")
MOST_PAGES = 3
CLOCKS_APART = timedelta(minutes=15)
"""Fact 34: a store whose clock is further off takes no signature anyway."""


class InFlight(ChannelSlow):
    """The store shows it, and it may still succeed or be declined (fact 3)."""

    code = "in_flight"


def order_of_number(client: StoreClient, number: str) -> Body | None:
    """The order of exactly this number.

    Fact 13: the search is a contains match over names, addresses and goods as well, so it only proposes. Where numbers
    are ids (all stores without a plugin for numbers) one request is enough.
    """
    if not number:
        return None
    body = _same_id(client, number)
    if body is not None:
        return body
    term = max(UNSEARCHABLE.split(number), key=len)
    found = client.listed("/orders", {"search": term}, most_pages=MOST_PAGES) if term else iter(())
    return next((order for order in found if _is_named(order, number)), None)


def currency_of(client: StoreClient) -> str | None:
    """The store's own currency."""
    for entry in client.listed("/settings/general"):
        if identity(entry, "id") == "woocommerce_currency":
            return text(entry, "value")
    return None


def refund_of(client: StoreClient, order_id: str, *, key: str) -> Receipt | None:
    """The refund that bears our key; raises InFlight while it is, DoneTwice when there are two.

    Fact 3: in flight it has no meta data yet, only its reason, and it may still be declined: then it is gone.
    """
    mine = [refund for refund in client.listed(f"/orders/{order_id}/refunds") if _is_ours(refund, key)]
    if not mine:
        return None
    if any(FINISHED not in meta(refund) for refund in mine):
        raise InFlight("The payment's gateway is still at it.")
    if len(mine) > 1:
        raise DoneTwice(f"The store shows {len(mine)} refunds for {key}.")
    return refund_receipt(mine[0], key=key)


def refund_receipt(refund: Body, *, key: str) -> Receipt:
    """The receipt of a refund: its number, and whether the gateway gave the money."""
    details = {"amount": required(refund, "amount"), "by_gateway": refund.get("refunded_payment") is True}
    return Receipt(key=key, kind="refund", reference=required(refund, "id"), at=made_at(refund), details=details)


def is_for(refund: Body, order_id: str) -> bool:
    """Whether a refund gives back what an exchange order was paid with."""
    return identity(meta(refund).get(FOR_ORDER, {}), "value") == order_id


def coupon_of(client: StoreClient, code: str, *, key: str) -> Receipt | None:
    """The coupon that we made under a key; codes are lower-cased (fact 19)."""
    for coupon in client.listed("/coupons", {"code": code}):
        if text(coupon, "code") == code.lower() and is_marked(coupon, key):
            return coupon_receipt(coupon, key=key)
    return None


def coupon_receipt(coupon: Body, *, key: str) -> Receipt:
    """The receipt of store credit: its code."""
    details = {"coupon": required(coupon, "id"), "amount": required(coupon, "amount")}
    reference = required(coupon, "code").upper()
    return Receipt(key=key, kind="store_credit", reference=reference, at=made_at(coupon), details=details)


def order_of_key(client: StoreClient, key: str, *, since: datetime) -> Body | None:
    """The order of ours that bears our key, among those made since we first sent it; raises DoneTwice."""
    after = (since.astimezone(UTC) - CLOCKS_APART).strftime("%Y-%m-%dT%H:%M:%S")
    made = client.listed("/orders", {"after": after, "dates_are_gmt": "true"})
    mine = [order for order in made if is_marked(order, key)]
    if len(mine) > 1:
        raise DoneTwice(f"The store shows {len(mine)} orders for {key}.")
    return mine[0] if mine else None


def exchange_receipt(order: Body, *, key: str) -> Receipt:
    """The receipt of an exchange: the number of its order."""
    details = {"order": required(order, "id")}
    return Receipt(key=key, kind="exchange", reference=required(order, "number"), at=made_at(order), details=details)


def bill_receipt(order: Body, *, key: str) -> Receipt:
    """The receipt of a balance that is asked for: the order to be paid, and where."""
    details = {"order": required(order, "id"), "address": required(order, "payment_url")}
    return Receipt(key=key, kind="bill", reference=required(order, "number"), at=made_at(order), details=details)


def _same_id(client: StoreClient, number: str) -> Body | None:
    if not (number.isascii() and number.isdigit()):
        return None
    try:
        body = client.one(f"/orders/{int(number)}")
    except NoSuchThing:
        return None
    return body if _is_named(body, number) else None


def _is_named(order: Body, number: str) -> bool:
    return number_key(text(order, "number") or "") == number and text(order, "status") not in DRAFTS


def _is_ours(refund: Body, key: str) -> bool:
    return is_marked(refund, key) or (text(refund, "reason") or "").endswith(f"({key})")


def made_at(body: Body) -> datetime:
    """When something was made (UTC)."""
    found = moment(body, "date_created_gmt")
    if found is None:
        raise Unreadable("`date_created_gmt` is missing.")
    return datetime.fromisoformat(found)
