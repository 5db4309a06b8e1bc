"""What every platform's deliveries are read into: first who sent them, later what they say."""

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol, cast

from msgspec import Struct

from webhooks import PLATFORMS
from webhooks.errors import Unreadable

HIGHEST_ID = 2**64 - 1
"""WordPress keeps ids as `bigint unsigned`, Shopify calls its own `UnsignedInt64`."""


class Delivery(Struct, frozen=True):
    """Authentic bytes, not parsed yet: `identity` is the same whenever the same delivery is sent again."""

    identity: str
    topic: str
    body: bytes


class OrderChanged(Struct, frozen=True):
    """An order is not what it was, in whatever way: it must be read anew."""

    order_id: str


class CouponsUsed(Struct, frozen=True):
    """Coupons were used in an order; whether they are store credit of ours, and for how much, the platform says."""

    order_id: str
    codes: tuple[str, ...]


class ProductChanged(Struct, frozen=True):
    """A product, a price or a stock is not what it was."""

    product_id: str


class ReturnChanged(Struct, frozen=True):
    """A return of the platform's own is not what it was; which order it belongs to the platform says."""

    native_id: str


class SomethingChanged(Struct, frozen=True):
    """Something that a return may stand on is not what it was, and the delivery does not say what."""


class AppRemoved(Struct, frozen=True):
    """The merchant took the app off: its tokens are void."""


class ScopesChanged(Struct, frozen=True):
    """The merchant lets the app do other things than before."""

    scopes: tuple[str, ...]


class PersonAsked(Struct, frozen=True):
    """A customer wants to know what is kept of them."""

    customer_id: str
    email: str
    order_ids: tuple[str, ...]


class PersonErased(Struct, frozen=True):
    """A customer is to be forgotten."""

    customer_id: str
    email: str
    order_ids: tuple[str, ...]


class ShopErased(Struct, frozen=True):
    """The shop is gone for good: its people are to be forgotten."""


Event = (
    OrderChanged
    | CouponsUsed
    | ProductChanged
    | ReturnChanged
    | SomethingChanged
    | AppRemoved
    | ScopesChanged
    | PersonAsked
    | PersonErased
    | ShopErased
)
"""What a platform can tell; events are hints in no order, and the truth is what the platform answers when asked."""


def read_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object of a delivery; raises Unreadable."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("The delivery is no JSON.") from None
    if not isinstance(document, dict):
        raise Unreadable("The delivery is no object.")
    return document


def read_id(document: Mapping[str, object], name: str) -> str:
    """The number by which a platform knows a thing; raises Unreadable."""
    found = document.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 < found <= HIGHEST_ID:
        raise Unreadable(f"The delivery has no `{name}`.")
    return str(found)


class Platform(Protocol):
    """How one platform's deliveries are read; a module of this package has these two functions."""

    def verify(self, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str]) -> Delivery | None:
        """The delivery that one of the shop's secrets signed; None for a greeting that says nothing.

        Names of headers are in lower case. Raises errors.NotAuthentic.
        """

    def translate(self, topic: str, body: bytes) -> tuple[Event, ...]:
        """What the delivery says, nothing for topics that concern no return; raises errors.Unreadable."""


def platform(name: str) -> Platform | None:
    """How deliveries of the channel of that name are read; None for a channel that sends none."""
    if name not in PLATFORMS:
        return None
    return cast("Platform", import_module(PLATFORMS[name]))
