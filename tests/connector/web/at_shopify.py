"""A shop that was installed at Shopify, and its people in the frame of the admin."""

import dataclasses
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from shopify import Session as ApiSession

from adapters.shopify.auth import AppKeys
from connector.services import install_app
from connector.services.app_tokens import CHANNEL
from connector.storage import connection_store
from connector.storage.connection_store import Connection
from tests.shops import TestShop, a_shop
from tests.simulators.shopify import SimulatedShop, admin, simulated_shop, tokens
from tests.simulators.shopify.books import CLIENT_ID, SECRET, SHOP

ADMIN = {"shop": SHOP, "host": "YWRtaW4", "embedded": "1", "locale": "de"}
"""What the admin says when it opens the app."""
OTHER = "other-shop.myshopify.com"


@contextmanager
def at_shopify(folder: Path, **settings: Any) -> Iterator[tuple[TestShop, SimulatedShop]]:
    """The install with its app at Shopify, and the platform, its schema read; no shop has installed it yet."""
    admin.admin()
    with simulated_shop(folder) as platform:
        keys = {"shopify": AppKeys(CLIENT_ID, (SECRET,)), "shopify_at": platform.address, **settings}
        with a_shop(folder, settings=keys) as demo:
            demo.clock.now = datetime.now(UTC)
            yield demo, platform


@contextmanager
def installed(folder: Path, **settings: Any) -> Iterator[tuple[TestShop, SimulatedShop]]:
    """The same after its merchant's first visit."""
    with at_shopify(folder, **settings) as (demo, platform):
        visitor = install_app.visit(demo.app, header=f"Bearer {session_token(platform)}")
        yield dataclasses.replace(demo, shop=visitor.shop), platform


@contextmanager
def connected(folder: Path) -> Iterator[TestShop]:
    """The shop with its own tills as one at Shopify: its orders are kept here, its doors are those of Shopify."""
    with a_shop(folder, settings={"shopify": AppKeys(CLIENT_ID, (SECRET,))}) as demo:
        now = demo.clock.now = datetime.now(UTC)
        made = Connection(CHANNEL, f"https://{SHOP}", "sealed", {}, connected_at=now, heard_until=now)
        demo.app.database.write(demo.shop, lambda unit: connection_store.save(unit, made))
        yield demo


def session_token(platform: SimulatedShop, **changes: Any) -> str:
    """What App Bridge gives to a page."""
    return tokens.session_token(platform.books.read(), **{**_long(), **changes})


def json_token(**changes: Any) -> str:
    """A session token of the shop, of a person of its staff unless it says otherwise; None leaves a claim out."""
    return tokens.session_token({"shop": {"domain": SHOP}}, **{**_long(), **changes})


def token_of_another_shop() -> str:
    """A good token of another shop that has the app."""
    return tokens.session_token({"shop": {"domain": OTHER}}, **_long())


def signed(query: dict[str, str], *, secret: str = SECRET) -> dict[str, str]:
    """The parameters of a request as Shopify signs them."""
    params = {"timestamp": str(int(time.time())), **query}
    keyed = type("Keyed", (ApiSession,), {"secret": secret})
    return {**params, "hmac": keyed.calculate_hmac(params)}


def _long() -> dict[str, int]:
    """Good for an hour before and after, since the clock of these tests stands and a busy machine takes its time."""
    now = int(time.time())
    return {"nbf": now - 3600, "exp": now + 3600}


def said_by(answer: httpx.Response) -> dict[str, str]:
    """The query of the address that an answer leads to."""
    return dict(httpx.URL(answer.headers["location"]).params)
