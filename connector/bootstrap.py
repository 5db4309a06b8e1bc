"""The one composition root: settings become the application's real parts."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from msgspec import Struct

from adapters.channel import Channel
from adapters.errors import NotConnected
from adapters.store.channel import StoreChannel
from connector.application import Application
from connector.jobs.catalogue import CATALOGUE
from connector.jobs.drainer import Drainer
from connector.jobs.engine import Engine, migrate_engine
from connector.jobs.worker import Worker
from connector.mailer import Mailer
from connector.passwords import Passwords
from connector.postman import Postman
from connector.real_outside import real_outside
from connector.settings import Settings
from connector.storage import migrate
from connector.storage.database import Database
from connector.storage.shop_store import Shop
from connector.storage.till_store import DatabaseTill
from connector.store_clients import StoreClients

TOKEN_BYTES = 24
CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
CODE_LENGTH = 16


def utc_now() -> datetime:
    """The time, in aware UTC."""
    return datetime.now(UTC)


def new_token() -> str:
    """Random text of 192 bits, URL-safe."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """A random code of 79 bits that a person can type."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


class ShopChannels(Struct, frozen=True):
    """The channels that are connected: every shop's own tills, and the platform that its orders come from."""

    database: Database
    stores: StoreClients

    def for_shop(self, shop: Shop, name: str) -> Channel:
        """The channel of that name; raises NotConnected."""
        if name == "store":
            return StoreChannel(DatabaseTill(self.database, shop, clock=utc_now), clock=utc_now, code=new_code)
        platforms: Mapping[str, Callable[[Shop], Channel]] = {
            "woocommerce": self.stores.channel,
            "shopify": self.stores.shopify,
        }
        if name not in platforms or name != shop.channel:
            raise NotConnected(f"The channel '{name}' is not connected to this shop.")
        return platforms[name](shop)


def migrate_all(settings: Settings) -> None:
    """Bring our tables and the engine's up to date."""
    migrate.migrate(settings.database_url)
    migrate_engine(settings.database_url)


@contextmanager
def built(settings: Settings) -> Iterator[Application]:
    """The application for a process that answers or commands; what it enqueues is carried out by a worker."""
    database = Database(settings.database_url)
    engine = Engine(settings.database_url)
    stores = StoreClients(settings, database, clock=utc_now)
    try:
        yield Application(
            settings=settings,
            database=database,
            jobs=engine,
            channels=ShopChannels(database, stores),
            outside=real_outside(),
            clock=utc_now,
            token=new_token,
            passwords=Passwords(),
            post=Postman(allows_private=settings.private_webhooks),
            mail=Mailer(*settings.mail) if settings.mail else None,
        )
    finally:
        engine.close()
        stores.close()
        database.close()


@contextmanager
def working(application: Application) -> Iterator[None]:
    """Carry out jobs in this process for as long as the context lasts."""
    engine = application.jobs
    if not isinstance(engine, Engine):
        raise TypeError("only the durable engine can work")
    worker = Worker(application, engine, catalogue=CATALOGUE)
    drainer = Drainer(application)
    worker.start()
    drainer.start()
    try:
        yield
    finally:
        drainer.stop()
        worker.stop()
