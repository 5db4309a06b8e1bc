"""Deliveries of WooCommerce stores: hints that something changed, in no order, and none of them ever sent again.

"Fact n" is a thing seen on a real WooCommerce 11.0.1 store, whose deliveries are kept in tests/recordings/woocommerce.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence

from webhooks.delivery import CouponsUsed, Delivery, Event, OrderChanged, ProductChanged, read_id, read_object
from webhooks.errors import NotAuthentic
from webhooks.signature import is_signed

SIGNATURE = "x-wc-webhook-signature"
PING = re.compile(rb"webhook_id=\d{1,20}")
REFUNDED = "action.woocommerce_order_refunded"


def verify(headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str]) -> Delivery | None:
    """The delivery that one of the shop's secrets signed; None for the ping of a new webhook.

    Fact 26: a ping is a form without a signature, and must be answered with 200. Fact 23: the raw bytes are signed.
    Fact 24: ids of deliveries are given twice, so a delivery is known by its webhook and its body. Raises NotAuthentic.
    """
    if SIGNATURE not in headers and PING.fullmatch(body):
        return None
    if not is_signed(body, headers.get(SIGNATURE, ""), secrets=[secret.encode() for secret in secrets]):
        raise NotAuthentic("No secret of this shop signed the delivery.")
    webhook_id = headers.get("x-wc-webhook-id", "")
    identity = f"{webhook_id}:{hashlib.sha256(body).hexdigest()}"
    return Delivery(identity=identity, topic=headers.get("x-wc-webhook-topic", ""), body=body)


def translate(topic: str, body: bytes) -> tuple[Event, ...]:
    """Which order or product must be read anew; raises errors.Unreadable.

    Facts 28 and 29: bodies come late, in any order, and for things that were never deleted: only ids and codes count.
    """
    reader = READERS.get(topic.partition(".")[0] if topic != REFUNDED else REFUNDED)
    if reader is None:
        return ()
    document = read_object(body)
    return () if _was_gone(document) else (reader(document), *_coupons(document))


def _coupons(document: Mapping[str, object]) -> tuple[Event, ...]:
    """The coupons of an order: their codes only say whether it is worth asking the store."""
    lines = document.get("coupon_lines")
    found = [line.get("code") for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
    codes = tuple(code for code in found if isinstance(code, str) and code)
    return (CouponsUsed(read_id(document, "id"), codes),) if codes else ()


def _was_gone(document: Mapping[str, object]) -> bool:
    """What is gone when the store composes its delivery comes as the API's error, in place of the thing."""
    return {"code", "message"} <= document.keys() and "id" not in document


def _product(document: Mapping[str, object]) -> str:
    """Fact 31: a variation comes under its own id and as a product; its product is its parent."""
    return read_id(document, "parent_id" if document.get("type") == "variation" else "id")


READERS: Mapping[str, Callable[[Mapping[str, object]], Event]] = {
    REFUNDED: lambda document: OrderChanged(read_id(document, "arg")),
    "order": lambda document: OrderChanged(read_id(document, "id")),
    "product": lambda document: ProductChanged(_product(document)),
}
"""What a delivery tells, by its topic or the part of it before the dot."""
