"""The demo on Shopify: a simulated shop in a process of its own, with the app installed in it by its owner's visit."""

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

from adapters.shopify.auth import AppKeys
from connector.application import Application
from connector.cli import demo_process
from connector.demo.goods import SHOP_NAME
from connector.demo.terms import POLICY
from connector.services import install_app
from connector.services.app_tokens import CHANNEL
from connector.services.install_shop import NewShop, add_shop
from connector.settings import Settings
from connector.storage import connection_store
from connector.storage.connection_store import Connection
from connector.storage.shop_store import Shop

SLUG = "demo-shopify"
SIMULATOR = "tests.simulators.shopify"


@dataclass(frozen=True, slots=True)
class DemoPlatform:
    """A simulated shop that is running, the app that it knows, its owner's session, and the orders to try."""

    address: str
    domain: str
    client_id: str
    orders: Sequence[Mapping[str, str]]
    secret: str = field(repr=False)
    session: str = field(repr=False)


def simulated(folder: Path) -> AbstractContextManager[DemoPlatform]:
    """A simulated shop that keeps its books in the folder; raises ClickException outside of a checkout."""
    return demo_process.running(SIMULATOR, folder, read=lambda said: DemoPlatform(**json.loads(said)))


def nearby(settings: Settings, platform: DemoPlatform) -> Settings:
    """The install whose app is in the simulated shop."""
    app = AppKeys(platform.client_id, (platform.secret,))
    return replace(settings, shopify=app, shopify_at=platform.address)


def platform_shop(app: Application, platform: DemoPlatform) -> Shop:
    """The shop of the demo, as its owner's visit finds or makes it."""
    if install_app.known_shop(app, platform.domain) is None:
        _make_room(app, platform)
    return install_app.visit(app, header=f"Bearer {platform.session}").shop


def say(app: Application, shop: Shop, platform: DemoPlatform) -> None:
    """Print where everything is."""
    demo_process.say(app, shop, where=f"a simulated shop at Shopify ({platform.address})", orders=platform.orders)


def _make_room(app: Application, platform: DemoPlatform) -> None:
    """A shop with the demo's own policy, which the visit then finds as one that had the app before."""
    shop = add_shop(app, NewShop(SLUG, f"{SHOP_NAME} at Shopify", channel=CHANNEL, currency="USD", policy=POLICY))
    now = app.clock()
    bare = Connection(CHANNEL, f"https://{platform.domain}", "", {}, connected_at=now, heard_until=now)
    app.database.write(shop, lambda unit: connection_store.save(unit, bare))
