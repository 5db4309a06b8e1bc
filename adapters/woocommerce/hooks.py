"""The webhooks of a store that tell us: made with a secret of our own, looked after, removed again."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from adapters.errors import ChannelRefused, Unreadable
from adapters.woocommerce.client import A_PAGE, MOST_PAGES, Query, StoreClient
from adapters.woocommerce.fields import Body, identity, moment, parts, required, text

TOPICS = ("order.created", "order.updated", "order.deleted", "product.updated")
"""Fact 27: there is no topic for refunds; order.updated tells of them."""
NAME = "Backhaul"
A_SECOND = timedelta(seconds=1)
"""A store keeps no smaller parts of one, and several orders may change in the same."""


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


class Changes(Struct, frozen=True):
    """Orders that changed; `until` is up to when they are all, None where there are no more."""

    orders: tuple[Changed, ...]
    until: datetime | None


def changed_since(
    client: StoreClient, since: datetime, *, a_page: int = A_PAGE, most_pages: int = MOST_PAGES
) -> Changes:
    """The orders that changed after a time, those that changed first first; about so many pages at a time.

    What changes while it asks moves to the end of the list, and what stood behind it from the next page to this one.
    So it asks for the first page again, of what changed since the last one that it knows; only of those that changed
    within one second it asks for the next page, and for all of them.
    """
    found: dict[str, Changed] = {}
    after, number, pages = since, 1, 0
    while number > 1 or pages < most_pages:
        page = client.page("/orders", _changed_after(after, a_page), number=number)
        found |= {one.order_id: one for one in map(_changed, page.things)}
        if page.is_last:
            return Changes(tuple(found.values()), until=None)
        known = _known_until(page.things)
        after, number = (known, 1) if known > after else (after, number + 1)
        pages += 1
    return Changes(tuple(found.values()), until=after)


def _changed_after(time: datetime, a_page: int) -> Query:
    """Fact 12: a time is said to be GMT, else the store's own zone would count."""
    return {
        "modified_after": time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "dates_are_gmt": "true",
        "orderby": "modified",
        "order": "asc",
        "per_page": a_page,
        "_fields": "id,date_modified_gmt,coupon_lines",
    }


def _changed(order: Body) -> Changed:
    found = identity(order, "id")
    if found is None:
        raise ChannelRefused("The store lists an order without an id.")
    return Changed(found, tuple(required(line, "code") for line in parts(order, "coupon_lines")))


def _known_until(orders: Sequence[Body]) -> datetime:
    """Up to when all are known of which these changed first: another may have changed in the second of the last one.

    WordPress puts posts in the order of their local time, of which an hour comes twice in autumn.
    """
    times = [_modified(order) for order in orders]
    return (times[-1] if times == sorted(times) else min(times)) - A_SECOND


def _modified(order: Body) -> datetime:
    found = moment(order, "date_modified_gmt")
    if found is None:
        raise Unreadable("The store lists an order without saying when it changed.")
    return datetime.fromisoformat(found)


def _ours(client: StoreClient, delivery_url: str) -> Iterator[Body]:
    return (hook for hook in client.listed("/webhooks") if text(hook, "delivery_url") == delivery_url)
