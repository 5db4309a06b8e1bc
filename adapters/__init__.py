"""The way out: one folder a channel, all behind the protocol of adapters/channel.py."""

from collections.abc import Mapping

CHANNELS: Mapping[str, str] = {
    "shopify": "adapters.shopify.channel:ShopifyChannel",
    "store": "adapters.store.channel:StoreChannel",
    "woocommerce": "adapters.woocommerce.channel:WooCommerceChannel",
}
"""Every channel that a shop can have, by name: where its class is, imported on first use."""
