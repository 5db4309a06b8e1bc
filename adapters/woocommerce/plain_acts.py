"""Refunds and restocks by WooCommerce's own API, which has no keys: the mark that we leave is what we look for."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from adapters.channel import Receipt, Restock
from adapters.sendings import Sending
from adapters.woocommerce import looking
from adapters.woocommerce.client import StoreClient
from adapters.woocommerce.fields import Body
from adapters.woocommerce.stock import raise_stock


class Acts(Protocol):
    """The ways in which money goes back and goods go on sale."""

    def refund_of(self, key: str, *, orders: Callable[[], Iterable[str]]) -> Receipt | None:
        """The refund under a key, of one of the orders whose payment it may go back to."""

    def restock_of(self, key: str) -> Receipt | None:
        """The restock under a key, where the store keeps it."""

    def declined(self, sending: Sending) -> str:
        """Why what was sent was refused; empty when it was not."""

    def refund(self, key: str, body: Body, *, order_id: str) -> Receipt:
        """Refund."""

    def restock(self, restock: Restock) -> Receipt:
        """Raise stock."""


class PlainActs:
    """Refunds and restocks by the plain API."""

    def __init__(self, client: StoreClient, *, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._clock = clock

    def refund_of(self, key: str, *, orders: Callable[[], Iterable[str]]) -> Receipt | None:
        """The refund that bears the key; raises InFlight, DoneTwice."""
        found = (looking.refund_of(self._client, order_id, key=key) for order_id in orders())
        return next((receipt for receipt in found if receipt is not None), None)

    def restock_of(self, key: str) -> Receipt | None:  # noqa: ARG002  the form of Acts
        """Nobody can tell of all variants at once; each of them tells when it is raised."""
        return None

    def declined(self, sending: Sending) -> str:
        """Fact 3: a refund that was seen in flight and is gone was declined."""
        return "The payment's gateway declined it." if sending.seen else ""

    def refund(self, key: str, body: Body, *, order_id: str) -> Receipt:
        """Refund; the same again is a second refund (fact 1)."""
        return looking.refund_receipt(self._client.send("POST", f"/orders/{order_id}/refunds", body), key=key)

    def restock(self, restock: Restock) -> Receipt:
        """Raise the stock of each variant once for the key."""
        for line in restock.lines:
            raise_stock(self._client, line.variant_id, quantity=line.quantity, key=restock.key)
        return Receipt(key=restock.key, kind="restock", reference=restock.key, at=self._clock())
