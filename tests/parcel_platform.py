"""A small platform for tests: it signs like the others, and says which order it means and nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.channel import Capabilities
from webhooks.delivery import Delivery, Event, OrderChanged
from webhooks.errors import NotAuthentic, Unreadable
from webhooks.signature import is_signed, sign

NAME = "parcel"
SECRET = "tuppence"


class ParcelPlatform:
    """Signs the raw body, names each delivery, greets without a name."""

    def verify(self, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[str]) -> Delivery | None:
        if not is_signed(body, headers.get("x-signature", ""), secrets=[secret.encode() for secret in secrets]):
            raise NotAuthentic("No secret of this connection signed that.")
        if "x-id" not in headers:
            return None
        return Delivery(identity=headers["x-id"], topic=headers.get("x-topic", "order"), body=body)

    def translate(self, topic: str, body: bytes) -> tuple[Event, ...]:
        if topic == "bug":
            raise ZeroDivisionError
        if topic != "order":
            return ()
        try:
            return tuple(OrderChanged(order_id) for order_id in json.loads(body)["orders"])
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable("It names no orders.") from error


def platform(name: str) -> ParcelPlatform | None:
    return ParcelPlatform() if name == NAME else None


def signed(body: bytes, *, identity: str | None = "d1", secret: str = SECRET, topic: str = "order") -> dict[str, str]:
    """The headers of a delivery."""
    named = {} if identity is None else {"X-Id": identity}
    return {"X-Signature": sign(secret.encode(), body), "X-Topic": topic, **named}


@dataclass
class ParcelChannel:
    """Where orders live that others change: what it says is what stands in `orders` at that moment."""

    capabilities = Capabilities()

    orders: dict[str, Mapping[str, object]] = field(default_factory=dict)
    refusal: Exception | None = None

    def for_shop(self, shop: object, name: str) -> "ParcelChannel":
        return self

    def read_order(self, order_id: str) -> Mapping[str, object] | None:
        if self.refusal is not None:
            raise self.refusal
        return self.orders.get(order_id)
