"""The newest orders of a customer who is signed in at the shop's platform, to choose one without typing its number."""

from collections.abc import Sequence
from typing import cast

from adapters.channel import Listing, RecentOrder
from adapters.errors import ChannelError
from connector.application import Application
from connector.storage.shop_store import Shop

MOST = 5


def recent_orders(app: Application, shop: Shop, *, customer: str) -> Sequence[RecentOrder]:
    """At most five, the newest first; none where the platform cannot say, or not just now: then the number is asked."""
    try:
        channel = app.channels.for_shop(shop, shop.channel)
        if not channel.capabilities.lists:
            return ()
        return cast("Listing", channel).orders_of(customer, limit=MOST)
    except ChannelError:
        return ()
