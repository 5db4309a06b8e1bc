"""Open connections to the platforms of shops: one client a connection, kept while the process lives."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from msgspec import Struct, field

from adapters.errors import NotConnected
from adapters.shopify.channel import ShopifyChannel
from adapters.shopify.channel import Ways as ShopifyWays
from adapters.shopify.client import ShopClient
from adapters.woocommerce.channel import Ways, WooCommerceChannel
from adapters.woocommerce.client import Reach, StoreClient
from connector.one_by_one import go_out
from connector.services import app_tokens
from connector.services.app_tokens import new_shop_client
from connector.services.connect_store import CHANNEL, read_credentials
from connector.services.sealing import opened_with
from connector.services.store_ways import ways_in
from connector.settings import Settings
from connector.storage import connection_store
from connector.storage.connection_store import Connection
from connector.storage.database import Database
from connector.storage.sending_store import DatabaseSendings
from connector.storage.shop_store import Shop

SIGNS = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
CODE_LENGTH = 16


class StoreClients(Struct, frozen=True):
    """The clients of an install; `clock` gives aware UTC."""

    settings: Settings
    database: Database
    clock: Callable[[], datetime]
    _clients: dict[int, tuple[str, StoreClient]] = field(default_factory=dict)
    _shopify: dict[int, ShopClient] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def channel(self, shop: Shop) -> WooCommerceChannel:
        """The shop's store as a channel, which takes its time to answer; raises NotConnected."""
        go_out()
        with self.database.read(shop) as unit:
            found = connection_store.get(unit, CHANNEL)
        if found is None:
            raise NotConnected("This shop is not connected to its WooCommerce store.")
        return WooCommerceChannel(
            self._client(shop, found),
            DatabaseSendings(self.database, shop),
            clock=self.clock,
            code=lambda key: credit_code(self.settings.secrets.signing_key, f"{shop.id}:{key}"),
            ways=ways_of(found),
        )

    def shopify(self, shop: Shop) -> ShopifyChannel:
        """The shop at Shopify as a channel, which takes its time to answer; raises NotConnected."""
        go_out()
        with self.database.read(shop) as unit:
            found = connection_store.get(unit, app_tokens.CHANNEL)
        if found is None or not found.sealed or self.settings.shopify is None:
            raise NotConnected(app_tokens.NOT_HERE)
        sendings = DatabaseSendings(self.database, shop)
        location = found.details.get("location")
        ways = ShopifyWays(location=str(location) if location else None)
        return ShopifyChannel(self._shop_client(shop, found), sendings, clock=self.clock, ways=ways)

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for _, client in self._clients.values():
                client.close()
            for shop_client in self._shopify.values():
                shop_client.close()
            self._clients.clear()
            self._shopify.clear()

    def _shop_client(self, shop: Shop, found: Connection) -> ShopClient:
        """The client of a shop at Shopify; its tokens come and go, the client stays."""
        with self._lock:
            if shop.id not in self._shopify:
                self._shopify[shop.id] = new_shop_client(self.settings, self.database, shop, found, clock=self.clock)
            return self._shopify[shop.id]

    def _client(self, shop: Shop, found: Connection) -> StoreClient:
        """The client of a connection; one whose key is no longer the shop's is closed."""
        with self._lock:
            sealed, client = self._clients.get(shop.id, ("", None))
            if client is not None and sealed == found.sealed:
                return client
            if client is not None:
                client.close()
            credentials = read_credentials(found, opened_with(self.settings.secrets, found.sealed))
            fresh = StoreClient(credentials, reach=Reach(allows_private=self.settings.private_stores))
            self._clients[shop.id] = (found.sealed, fresh)
            return fresh


def ways_of(connection: Connection) -> Ways:
    """How a shop wants its store used, and whether our plugin is there."""
    wanted = ways_in(connection.details)
    return Ways(
        shipped=frozenset(wanted.shipped), settled=wanted.settled, plugin=bool(connection.details.get("plugin"))
    )


def credit_code(signing_key: bytes, name: str) -> str:
    """The code of store credit: always the same for the same name, and nobody can guess it without the key."""
    number = int.from_bytes(hmac.digest(signing_key, f"store credit {name}".encode(), hashlib.sha256))
    signs = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(SIGNS))
        signs.append(SIGNS[place])
    return "".join(signs)
