"""What we are about to do at a platform and have done: our own ledger, where a platform takes the same request twice.

WooCommerce knows no idempotency key, and most of Shopify's mutations know none. So what is sent is written down first,
and whoever comes later looks first.
"""

from datetime import datetime
from typing import Protocol

from msgspec import Struct

from adapters.channel import Receipt


class Sending(Struct, frozen=True):
    """A request under a key: sent at `last_at`, first at `first_at` (UTC); `receipt` once it is known to be done.

    `seen` says that the platform showed it as under way (WooCommerce), or that a person was
    asked to look (Shopify).
    """

    key: str
    kind: str
    order_id: str
    first_at: datetime
    last_at: datetime
    receipt: Receipt | None = None
    seen: bool = False


class Sendings(Protocol):
    """The ledger of a shop; every entry is committed before the call returns."""

    def get(self, key: str) -> Sending | None:
        """What was sent under a key."""

    def begin(self, sending: Sending, *, after: Sending | None) -> None:
        """Write down what is sent now; raises ChannelSlow when the entry is no longer what it was (`after`)."""

    def under_way(self, key: str) -> None:
        """Write down that it was seen."""

    def done(self, receipt: Receipt) -> None:
        """Write down what was done."""

    def forget(self, key: str) -> None:
        """Strike an entry out: the platform has refused it, nothing was done."""
