"""Whether a key works, told before anything depends on it, and what kind of store it opens."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from msgspec import Struct

from adapters.errors import ChannelError, ChannelRefused
from adapters.woocommerce.auth import Credentials, Manner
from adapters.woocommerce.client import Reach, StoreClient
from adapters.woocommerce.faults import UNKNOWN_KEY, KeyRefused
from adapters.woocommerce.fields import identity, text

READ_ONLY = "The key may read only. Give it the permission Read/Write in WooCommerce, Settings, Advanced, REST API."
HIDDEN = "The key's owner may not read the store's settings. Make the key for an administrator or a shop manager."


class Opened(Struct, frozen=True):
    """A key that works, the manner in which it does, and the store's general settings."""

    credentials: Credentials
    settings: Mapping[str, str]

    @property
    def currency(self) -> str:
        """The store's own currency."""
        return self.settings.get("woocommerce_currency", "")

    @property
    def decimals(self) -> int:
        """With how many decimals the store writes all amounts (fact 11)."""
        found = self.settings.get("woocommerce_price_num_decimals", "")
        return int(found) if found.isdecimal() else 2


def try_key(credentials: Credentials, *, reach: Reach) -> Opened:
    """Read with the key, see whether it may write; raises what the store says, with words for its owner.

    Some web servers remove the Authorization header; WooCommerce then takes a signature in the address instead.
    """
    try:
        return _tried(replace(credentials, manner=Manner.BASIC), reach)
    except KeyRefused as refused:
        if refused.reason != UNKNOWN_KEY or credentials.address.startswith("http://"):
            raise
        try:
            return _tried(replace(credentials, manner=Manner.SIGNED), reach)
        except ChannelError:
            raise refused from None


def _tried(credentials: Credentials, reach: Reach) -> Opened:
    with StoreClient(credentials, reach=reach) as client:
        list(client.listed("/orders", {"per_page": 1, "_fields": "id"}, most_pages=1))
        _check_writes(client)
        return Opened(credentials, settings=_settings(client))


def _check_writes(client: StoreClient) -> None:
    """Fact 22: the key's permission is looked at before the order, so order 0, which never is, tells."""
    try:
        with suppress(ChannelRefused):
            client.send("PUT", "/orders/0", {})
    except KeyRefused as refused:
        raise KeyRefused(READ_ONLY, reason=refused.reason) from refused


def _settings(client: StoreClient) -> Mapping[str, str]:
    try:
        found = list(client.listed("/settings/general"))
    except KeyRefused as refused:
        raise KeyRefused(HIDDEN, reason=refused.reason) from refused
    return {identity(entry, "id") or "": text(entry, "value") or "" for entry in found}
