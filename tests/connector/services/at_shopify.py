"""A shop at a simulated Shopify, installed by its merchant's first visit, and what is done with its returns."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.shopify.auth import AppKeys
from connector.application import Application
from connector.services import app_tokens, install_app
from connector.services.find_order import look_up
from connector.services.quote_return import preview
from connector.services.receive_return import preview as preview_arrival
from connector.services.receive_return import receive
from connector.services.request_return import Wish, open_return
from connector.storage import connection_store
from connector.storage.connection_store import Connection
from domain.returns import Inspection, Return
from tests.shops import ANN, SAM, TestShop, a_shop
from tests.simulators.shopify import SimulatedShop, settling, simulated_shop, tokens
from tests.simulators.shopify.books import CLIENT_ID, SECRET, Document

RECORDINGS = Path(__file__).parents[2] / "recordings" / "shopify"


def recorded(name: str) -> bytes:
    return (RECORDINGS / f"{name}.json").read_bytes()


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[SimulatedShop]:
    with simulated_shop(tmp_path) as platform:
        yield platform


@pytest.fixture
def demo(tmp_path: Path, platform: SimulatedShop) -> Iterator[TestShop]:
    with installed(tmp_path, platform) as demo:
        yield demo


@contextmanager
def installed(folder: Path, platform: SimulatedShop) -> Iterator[TestShop]:
    """A shop that was installed by its merchant's first visit."""
    settings = {"shopify": AppKeys(CLIENT_ID, (SECRET,)), "shopify_at": platform.address}
    with a_shop(folder, settings=settings) as demo:
        demo.clock.now = now()
        visitor = install_app.visit(demo.app, header=header(platform))
        yield dataclasses.replace(demo, shop=visitor.shop)


def now() -> datetime:
    return datetime.now(UTC)


def header(platform: SimulatedShop, **changes: Any) -> str:
    """A session token that was good a while ago already, since the clock of a shop in a test stands."""
    since = {"nbf": int(now().timestamp()) - 600, **changes}
    return f"Bearer {tokens.session_token(platform.books.read(), **since)}"


def connection_of(app: Application, demo: TestShop) -> Connection:
    with app.database.read(demo.shop) as unit:
        found = connection_store.get(unit, app_tokens.CHANNEL)
    assert found is not None
    return found


def tokens_of(demo: TestShop) -> app_tokens.ShopTokens:
    found = connection_of(demo.app, demo)
    return app_tokens.shop_tokens(demo.app.settings, demo.app.database, demo.shop, found, clock=demo.app.clock)


def opened(demo: TestShop, body: Document, **item: object) -> Return:
    order = look_up(demo.app, demo.shop, number=body["name"], proof="10118", address="x")
    assert order is not None
    asked = {"line_id": body["lines"][0]["id"], "quantity": 1, "reason": "style", "resolution": "refund", **item}
    shown = preview(demo.app, demo.shop, order_id=str(order["id"]), items=[asked])
    wish = Wish(order_id=str(order["id"]), items=[asked], method="mail", quote_id=shown.id)
    return open_return(demo.app, demo.shop, wish=wish, actor=ANN, key="open")


def received(demo: TestShop, found: Return, *, key: str = "take") -> None:
    taken_in(demo, found, key=key)
    demo.work()


def taken_in(demo: TestShop, found: Return, *, key: str = "take") -> None:
    looked = tuple(Inspection(group.id, "received", grade="A") for group in found.groups)
    shown = preview_arrival(demo.app, demo.shop, return_id=found.id, inspections=looked)
    receive(
        demo.app, demo.shop, return_id=found.id, inspections=looked, quote_id=shown and shown.id, actor=SAM, key=key
    )


def refunded_by_hand(state: Document, amount: str) -> None:
    """A person refunds the native return in Shopify's admin."""
    (native,) = state["returns"].values()
    (paid, *_) = state["orders"][native["order"]]["transactions"]
    given = {"amount": amount, "currencyCode": "USD"}
    moved = [{"parentId": f"gid://shopify/OrderTransaction/{paid['id']}", "transactionAmount": given}]
    lines = [{"id": f"gid://shopify/ReturnLineItem/{native['lines'][0]['id']}", "quantity": 1}]
    asked = {
        "returnId": f"gid://shopify/Return/{native['id']}",
        "returnLineItems": lines,
        "financialTransfer": {"issueRefund": {"orderTransactions": moved}},
    }
    settling.process(state, asked)


def taken_off(demo: TestShop) -> None:
    """The app is taken off, and we know."""
    void = connection_of(demo.app, demo).sealed
    demo.app.database.write(demo.shop, lambda unit: install_app.uninstalled(demo.app, unit, void=void))


def natives(platform: SimulatedShop) -> list[Document]:
    return list(platform.books.read()["returns"].values())
