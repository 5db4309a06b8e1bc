"""The demo on a WooCommerce store: a simulated one in a process of its own, connected with its key."""

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from connector.application import Application
from connector.cli import demo_process
from connector.demo.goods import SHOP_NAME
from connector.demo.terms import POLICY
from connector.services import connect_store
from connector.services.install_shop import NewShop, add_shop
from connector.storage import shop_store
from connector.storage.shop_store import Shop

SLUG = "demo-store"
SIMULATOR = "tests.simulators.woocommerce"


@dataclass(frozen=True, slots=True)
class DemoStore:
    """A simulated store that is running, its key, and the orders to try."""

    address: str
    key: str
    secret: str = field(repr=False)
    orders: Sequence[Mapping[str, str]]


def simulated(folder: Path) -> AbstractContextManager[DemoStore]:
    """A simulated store that keeps its books in the folder; raises ClickException outside of a checkout."""
    return demo_process.running(SIMULATOR, folder, read=lambda said: DemoStore(**json.loads(said)))


def store_shop(app: Application, store: DemoStore) -> Shop:
    """The shop of the demo, connected to the store as it runs now."""
    found = _found(app) or add_shop(
        app, NewShop(slug=SLUG, name=f"{SHOP_NAME} online", channel="woocommerce", currency="USD", policy=POLICY)
    )
    connect_store.connect(app, found, address=store.address, key=store.key, secret=store.secret)
    return _found(app) or found


def say(app: Application, shop: Shop, store: DemoStore) -> None:
    """Print where everything is."""
    demo_process.say(app, shop, where=f"a simulated WooCommerce store ({store.address})", orders=store.orders)


def _found(app: Application) -> Shop | None:
    with app.database.read_install() as connection:
        return shop_store.find(connection, SLUG)
