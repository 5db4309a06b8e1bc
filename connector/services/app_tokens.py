"""The tokens of an install's app at Shopify: a pair a shop, renewed early, by one process at a time, kept whole.

A refresh token counts once. Should a process die between using it up and writing the next pair down, the shop's next
visit in its admin makes a new one: nothing else can, so the page of the connection says so.
"""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from msgspec import Struct, field

from adapters.errors import ChannelSlow, NotConnected
from adapters.shopify import tokens
from adapters.shopify.auth import AppKeys
from adapters.shopify.client import ShopClient, TokenClient
from adapters.shopify.faults import REOPEN, TokenRefused
from adapters.shopify.fields import Body
from adapters.shopify.tokens import TokenPair
from connector.secrets_file import Secrets
from connector.services.sealing import opened_with, sealed_with
from connector.settings import Settings
from connector.storage import connection_store, lease_store
from connector.storage.connection_store import Connection
from connector.storage.cost_store import DatabaseBucket
from connector.storage.database import Database, Unit
from connector.storage.shop_store import Shop

CHANNEL = "shopify"
SEEN_DAYS = 60
LEASE = "shopify tokens"
LEASE_LASTS = timedelta(seconds=20)
WAITS_SECONDS = 6.0
LOOKS_EVERY = 0.1
NEEDS_VISIT = "needs_visit"
NOT_HERE = "This shop is not connected to Shopify."
NO_APP = "This install has no app at Shopify (BACKHAUL_SHOPIFY_CLIENT_ID)."

Ask = Callable[[Mapping[str, object]], Body]
"""A request for a token: Shopify's answer; raises faults.TokenRefused, ChannelSlow."""


class ShopTokens(Struct, frozen=True):
    """The tokens of one shop, as adapters.shopify.client.Tokens; `clock` gives aware UTC."""

    database: Database
    shop: Shop
    secrets: Secrets
    app: AppKeys
    ask: Ask
    clock: Callable[[], datetime]
    holder: str = field(default_factory=lambda: secrets.token_hex(8))

    def current(self) -> str:
        """The token to send, renewed when it is about to expire; raises NotConnected."""
        pair = self._pair()
        if not pair.is_due(self.clock()):
            return pair.access
        try:
            return self.renewed(pair.access)
        except ChannelSlow:
            if pair.expires_at > self.clock():
                return pair.access
            raise

    def renewed(self, refused: str) -> str:
        """The token after this one; raises faults.TokenRefused when only a visit in the admin makes another."""
        ends = time.monotonic() + WAITS_SECONDS
        while True:
            pair = self._pair()
            if pair.access != refused:
                return pair.access
            if self.database.write(self.shop, self._taken):
                break
            if time.monotonic() > ends:
                raise ChannelSlow("Another process is renewing the shop's token.")
            time.sleep(LOOKS_EVERY)
        try:
            return self._made_after(refused)
        finally:
            self.database.write(self.shop, lambda unit: lease_store.give_up(unit, LEASE, holder=self.holder))

    def keep_warm(self) -> None:
        """Renew a pair that nobody used for long: it must not die of that. Raises faults.TokenRefused, ChannelSlow."""
        pair = self._pair()
        if pair.is_cold(self.clock()):
            self.renewed(pair.access)

    def keep(self, pair: TokenPair) -> None:
        """Write a pair down, both halves in one commit."""
        self.database.write(self.shop, lambda unit: keep_pair(unit, pair, secrets_of=self.secrets))

    def _made_after(self, refused: str) -> str:
        """Whoever waited for the lease looks once more: somebody may have renewed it meanwhile."""
        pair = self._pair()
        if pair.access != refused:
            return pair.access
        if not pair.can_renew(self.clock()):
            self._say_so()
            raise TokenRefused(f"The shop's token has expired. {REOPEN}")
        try:
            made = tokens.read_pair(self.ask(tokens.by_refresh(self.app, pair)), now=self.clock())
        except TokenRefused:
            self._say_so()
            raise
        self.keep(made)
        return made.access

    def _taken(self, unit: Unit) -> bool:
        now = self.clock()
        return lease_store.take(unit, LEASE, holder=self.holder, at=now, until=now + LEASE_LASTS)

    def _pair(self) -> TokenPair:
        with self.database.read(self.shop) as unit:
            found = connection_store.get(unit, CHANNEL)
        if found is None or not found.sealed:
            raise NotConnected(NOT_HERE)
        return tokens.unkept(json.loads(opened_with(self.secrets, found.sealed)))

    def _say_so(self) -> None:
        def work(unit: Unit) -> None:
            found = connection_store.get(unit, CHANNEL)
            if found is not None:
                connection_store.save(unit, replace(found, details={**found.details, NEEDS_VISIT: True}))

        self.database.write(self.shop, work)


def shop_tokens(
    settings: Settings, database: Database, shop: Shop, found: Connection, *, clock: Callable[[], datetime]
) -> ShopTokens:
    """The tokens of a connected shop; raises NotConnected where this install has no app at Shopify."""
    if settings.shopify is None:
        raise NotConnected(NO_APP)
    ask = TokenClient(platform_address(settings, found)).post
    return ShopTokens(database, shop, settings.secrets, settings.shopify, ask, clock)


def new_shop_client(
    settings: Settings, database: Database, shop: Shop, found: Connection, *, clock: Callable[[], datetime]
) -> ShopClient:
    """A client of a shop at Shopify, with the bucket and the tokens that all processes share."""
    kept = shop_tokens(settings, database, shop, found, clock=clock)
    return ShopClient(platform_address(settings, found), kept, DatabaseBucket(database, shop, CHANNEL, clock))


def seen_days(unit: Unit) -> int | None:
    """How far back Shopify shows the app a shop's orders; None for all, and where the shop is not there [D]."""
    found = connection_store.get(unit, CHANNEL) if unit.shop.channel == CHANNEL else None
    return None if found is None or found.details.get("sees_all_orders") else SEEN_DAYS


def platform_address(settings: Settings, found: Connection) -> str:
    """Where a connected shop answers."""
    return settings.shopify_at.format(shop=found.address.removeprefix("https://"))


def keep_pair(unit: Unit, pair: TokenPair, *, secrets_of: Secrets) -> None:
    """Write a pair down with the connection that it is for; raises NotConnected where there is none."""
    found = connection_store.get(unit, CHANNEL)
    if found is None:
        raise NotConnected(NOT_HERE)
    connection_store.save(unit, with_pair(found, pair, secrets_of=secrets_of))


def with_pair(found: Connection, pair: TokenPair, *, secrets_of: Secrets) -> Connection:
    """A connection with a pair of tokens and the scopes that come with it."""
    kept = sealed_with(secrets_of, json.dumps(tokens.kept(pair)))
    return replace(found, sealed=kept, details={**found.details, "scopes": list(pair.scopes), NEEDS_VISIT: False})
