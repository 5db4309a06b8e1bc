"""The webhooks of a store that tell us: made with a secret of our own, looked after, removed again."""

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct

from adapters.errors import ChannelRefused
from adapters.woocommerce.client import StoreClient
from adapters.woocommerce.fields import Body, identity, parts, required, text

TOPICS = ("order.created", "order.updated", "order.deleted", "product.updated")
"""Fact 27: there is no topic for refunds; order.updated tells of them."""
NAME = "Backhaul"


def make_hooks(client: StoreClient, *, delivery_url: str, secret: str) -> int:
    """Make our webhooks anew; how many. Fact 27: a secret that is left out is one that nobody knows."""
    remove_hooks(client, delivery_url=delivery_url)
    for topic in TOPICS:
        client.send("POST", "/webhooks", {"name": NAME, "topic": topic, "delivery_url": delivery_url, "secret": secret})
    return len(TOPICS)


def remove_hooks(client: StoreClient, *, delivery_url: str) -> int:
    """Remove our webhooks; how many there were."""
    ours = list(_ours(client, delivery_url))
    for hook in ours:
        client.send("DELETE", f"/webhooks/{required(hook, 'id')}", {}, query={"force": "true"})
    return len(ours)


def switch_on(client: StoreClient, *, delivery_url: str) -> int:
    """Switch on what the store has switched off; how many.

    Fact 25: after seven failures in a row a webhook is disabled, nothing that failed is sent again, and one more
    failure disables it again.
    """
    off = [hook for hook in _ours(client, delivery_url) if text(hook, "status") != "active"]
    for hook in off:
        client.send("PUT", f"/webhooks/{required(hook, 'id')}", {"status": "active"})
    return len(off)


class Changed(Struct, frozen=True):
    """An order that changed, and the codes of the coupons that were used in it."""

    order_id: str
    codes: tuple[str, ...]


def changed_since(client: StoreClient, since: datetime) -> Iterator[Changed]:
    """The orders that changed after a time (fact 12: said to be GMT, else the store's own zone would count)."""
    after = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    query = {"modified_after": after, "dates_are_gmt": "true", "_fields": "id,coupon_lines"}
    for order in client.listed("/orders", query):
        found = identity(order, "id")
        if found is None:
            raise ChannelRefused("The store lists an order without an id.")
        yield Changed(found, tuple(required(line, "code") for line in parts(order, "coupon_lines")))


def _ours(client: StoreClient, delivery_url: str) -> Iterator[Body]:
    return (hook for hook in client.listed("/webhooks") if text(hook, "delivery_url") == delivery_url)
