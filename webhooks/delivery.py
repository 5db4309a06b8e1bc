"""What every platform's deliveries are read into: first who sent them, later what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from webhooks import PLATFORMS


@dataclass(frozen=True, slots=True)
class Delivery:
    """Authentic bytes, not parsed yet: `identity` is the same whenever the same delivery is sent again."""

    identity: str
    topic: str
    body: bytes


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order is not what it was, in whatever way: it must be read anew."""

    order_id: str


@dataclass(frozen=True, slots=True)
class ProductChanged:
    """A product, a price or a stock is not what it was."""

    product_id: str


Event = OrderChanged | ProductChanged
"""What a platform can tell; events are hints in no order, and the truth is what the platform answers when asked."""


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
