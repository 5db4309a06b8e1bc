"""A shop with its own tills in a database of its own, for tests of use cases and doors."""

import dataclasses
import itertools
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher

from connector.application import Application, SeenJob
from connector.bootstrap import ShopChannels
from connector.passwords import Passwords
from connector.real_outside import real_outside
from connector.services.install_shop import NewShop, add_shop
from connector.settings import read_settings
from connector.storage import order_store, product_store, shop_store
from connector.storage.database import Database, Unit
from connector.storage.migrate import migrate
from connector.storage.shop_store import Shop
from connector.store_clients import StoreClients
from domain.events import Actor

T = TypeVar("T")

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""As weak as argon2 can be, so that tests do not wait."""
ANN = Actor(kind="shopper", name="Ann")
SAM = Actor(kind="staff", name="Sam")

Document = Mapping[str, object]


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class RememberedJobs:
    """Jobs that are remembered, once a key, and carried out when told."""

    waiting: dict[str, tuple[int, str, Mapping[str, object]]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)

    def is_current(self) -> bool:
        return True

    def left(self) -> list[str]:
        """The jobs that nobody has carried out."""
        done = set(self.done)
        return [key for key in self.waiting if key not in done]

    def counts(self) -> Mapping[str, int]:
        return {"waiting": len(self.waiting) - len(self.done)}

    def of_shop(self, shop: Shop, state: str, *, limit: int) -> list[SeenJob]:
        """Those that wait, and those that a test says have failed."""
        mine = {key: job for key, job in self.waiting.items() if job[0] == shop.id}
        wanted = {"waiting": set(mine) - set(self.done), "failed": self.failed}.get(state, set())
        return [
            SeenJob(key, name, key=key.split(":", 2)[2], payload=payload, state=state, error="", changed_at=None)
            for key, (_, name, payload) in mine.items()
            if key in wanted
        ][:limit]

    def forget(self, shop: Shop, job_id: str) -> None:
        if job_id.startswith(f"{shop.id}:"):
            self.waiting.pop(job_id, None)

    def cancel(self, shop: Shop, job_id: str) -> None:
        self.forget(shop, job_id)

    def enqueue(
        self, unit: Unit, name: str, *, key: str, payload: Mapping[str, object], delay_seconds: float = 0
    ) -> None:
        self.waiting.setdefault(f"{unit.shop.id}:{name}:{key}", (unit.shop.id, name, payload))


@dataclass
class TestShop:
    """The application and its one shop."""

    __test__ = False

    app: Application
    shop: Shop
    clock: Clock
    jobs: RememberedJobs

    def work(self, *, failing_at: str | None = None) -> None:
        """Carry out every job that waits; a step whose name begins with `failing_at` has a fault in its program."""
        from connector.jobs.catalogue import CATALOGUE

        def step(name: str, act: Callable[[], T]) -> T:
            if failing_at is not None and name.startswith(failing_at):
                raise ZeroDivisionError
            return act()

        while waiting := self.jobs.left():
            for key in waiting:
                _, name, payload = self.jobs.waiting[key]
                self.jobs.done.append(key)
                CATALOGUE[name](self.app, self.shop, step=step, payload=payload)

    def save_order(self, order: Document) -> None:
        self.app.database.write(self.shop, lambda unit: order_store.save(unit, order))

    def order(self, order_id: str = "o1") -> Document:
        with self.app.database.read(self.shop) as unit:
            found = order_store.get(unit, order_id)
        assert found is not None
        return found

    def available(self, variant_id: str) -> int | None:
        with self.app.database.read(self.shop) as unit:
            found = product_store.variant(unit, variant_id)
        return None if found is None else found["available"]


def policy(**changes: object) -> Document:
    return {"days": 30, "settle_on": "received", "methods": ["mail", "store"], **changes}


def product(**changes: object) -> Document:
    variants = [
        {
            "id": f"tee-{size}",
            "sku": f"TEE-{size.upper()}",
            "barcode": None,
            "title": size.upper(),
            "options": {"Size": size.upper()},
            "price": "20.00",
            "available": stock,
        }
        for size, stock in (("s", 0), ("m", 5), ("l", 2))
    ]
    return {
        "id": "tee",
        "title": "Tee",
        "product_type": "Apparel",
        "tags": [],
        "image_url": "/shops/demo/pictures/tee.svg",
        "variants": variants,
    } | changes


def line(**changes: object) -> Document:
    return {
        "id": "l1",
        "product_id": "tee",
        "variant_id": "tee-m",
        "sku": "TEE-M",
        "title": "Tee",
        "variant_title": "M",
        "quantity": 2,
        "unit_price": "20.00",
        "discount": "4.00",
        "tax": "3.60",
        "fulfilled": [{"quantity": 2, "at": "2026-11-05T10:00:00+00:00", "delivered_at": "2026-11-08T10:00:00+00:00"}],
    } | changes


def order(**changes: object) -> Document:
    return {
        "id": "o1",
        "number": "#1001",
        "channel": "store",
        "currency": "USD",
        "prices_include_tax": False,
        "placed_at": "2026-11-04T10:00:00+00:00",
        "customer": {"id": "c1", "email": "ann@example.com", "name": "Ann"},
        "ship_to": {"country": "US", "postal_code": "10001"},
        "lines": [line()],
        "shipping": [{"id": "s1", "title": "Standard", "price": "5.00", "tax": "0.00"}],
        "payments": [
            {"id": "p1", "gateway": "card", "kind": "card", "amount": "44.60", "refunded": "0.00", "refundable": True}
        ],
    } | changes


def _made(app: Application, terms: Document) -> Shop:
    shop = add_shop(app, NewShop(slug="demo", name="Demo", channel="store", currency="USD", policy=terms))
    app.database.write(shop, lambda unit: product_store.save(unit, product()))
    app.database.write(shop, lambda unit: order_store.save(unit, order()))
    return shop


def _found(app: Application) -> Shop:
    with app.database.read_install() as connection:
        shop = shop_store.find(connection, "demo")
    assert shop is not None
    return shop


@contextmanager
def a_shop(
    folder: Path, *, url: str | None = None, is_new: bool = True, settings: Document | None = None,
    **policy_changes: object,
) -> Iterator[TestShop]:  # fmt: skip
    """A shop with one product and one delivered order, migrated and ready; or the one that was made there before."""
    environment = {
        "BACKHAUL_FOLDER": str(folder),
        "BACKHAUL_LOOKUP_SECONDS": "0",
        "BACKHAUL_PRIVATE_STORES": "true",
        "DATABASE_URL": url or "",
    }
    read = dataclasses.replace(read_settings(environment), **(settings or {}))
    migrate(read.database_url)
    database = Database(read.database_url)
    clock, jobs = Clock(), RememberedJobs()
    numbers = itertools.count()
    stores = StoreClients(read, database, clock=clock)
    app = Application(
        settings=read,
        database=database,
        jobs=jobs,
        channels=ShopChannels(database, stores),
        outside=real_outside(),
        clock=clock,
        token=lambda: f"{next(numbers)}-{secrets.token_hex(12)}",
        passwords=Passwords(CHEAP),
    )
    shop = _made(app, policy(**policy_changes)) if is_new else _found(app)
    try:
        yield TestShop(app=app, shop=shop, clock=clock, jobs=jobs)
    finally:
        stores.close()
        database.close()
