"""The way in: pure reading of platform deliveries."""

from collections.abc import Mapping

PLATFORMS: Mapping[str, str] = {"shopify": "webhooks.shopify", "woocommerce": "webhooks.woocommerce"}
"""Every channel that sends deliveries, by name: the module that reads them, imported on first use."""
