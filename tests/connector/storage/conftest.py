"""Two shops on each database, and rows to fill them with."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connector.storage import order_store, policy_store, quote_store, return_store, settlement_store
from connector.storage.database import Database, Unit
from connector.storage.shop_store import Shop
from domain.events import Actor, Entry
from domain.returns import Return, UnitGroup
from domain.settlement import Leg, LegState
from tests.databases import make_shop

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SHOPPER = Actor(kind="shopper", name="Ann")

Write = Callable[..., Any]


@pytest.fixture
def shop(each_database: Database) -> Shop:
    return make_shop(each_database)


@pytest.fixture
def other_shop(each_database: Database, shop: Shop) -> Shop:
    return make_shop(each_database, "other")


@pytest.fixture
def write(each_database: Database, shop: Shop) -> Write:
    """`write(function, ...)` calls a store's function in a unit of its own."""
    return lambda function, *rest, **named: each_database.write(shop, lambda unit: function(unit, *rest, **named))


@pytest.fixture
def read(each_database: Database, shop: Shop) -> Write:
    def call(function, *rest, **named):
        with each_database.read(shop) as unit:
            return function(unit, *rest, **named)

    return call


def order(order_id: str = "o1", **changes: object) -> dict[str, object]:
    return {"id": order_id, "number": "# 1001", "placed_at": "2026-10-01T10:00:00+02:00", "lines": []} | changes


def a_return(return_id: str = "RMA-A", **changes: Any) -> Return:
    values: dict[str, Any] = {
        "id": return_id,
        "order_id": "o1",
        "order_number": "#1001",
        "kind": "return",
        "channel": "online",
        "method": "mail",
        "opened_at": NOW,
        "quote_id": "q1",
        "groups": (group(),),
        "history": (entry("opened"),),
    }
    return Return(**values | changes)


def group(group_id: str = "1", **changes: Any) -> UnitGroup:
    values: dict[str, Any] = {
        "id": group_id,
        "line_id": "l1",
        "quantity": 2,
        "reason": "color",
        "resolution": "refund",
        "title": "Tee",
        "amount": 2000,
    }
    return UnitGroup(**values | changes)


def entry(act: str, *, at: datetime = NOW) -> Entry:
    return Entry(at=at, actor=SHOPPER, act=act, why="", details={"b": 1, "a": [2]})


def leg(key: str = "RMA-A-refund-1", **changes: Any) -> Leg:
    values: dict[str, Any] = {
        "key": key,
        "return_id": "RMA-A",
        "order_id": "o1",
        "kind": "refund",
        "amount": 2000,
        "currency": "USD",
        "digits": 2,
        "payment_id": "p1",
        "group_ids": ("1",),
        "work": {"lines": []},
    }
    return Leg(**values | changes)


def open_return(unit: Unit, found: Return | None = None, *, order_id: str = "o1") -> None:
    """A return with its order and its quote."""
    order_store.save(unit, order(order_id))
    if quote_store.get(unit, "q1") is None:
        quote_store.save(unit, "q1", case={}, quote={"total": "20.00"}, at=NOW)
    return_store.insert(unit, found or a_return(order_id=order_id))


def settle(unit: Unit, key: str = "RMA-A-refund-1", *, at: datetime = NOW) -> None:
    settlement_store.record(unit, key, state=LegState.SETTLED, receipt={"reference": "r1"}, at=at)


@pytest.fixture
def shop_with_ledger(write: Write, shop: Shop) -> Shop:
    """A shop in which one leg was settled."""
    write(policy_store.add_version, {"days": 30}, in_force_from=NOW)
    write(open_return)
    write(settlement_store.add_legs, [leg()])
    write(settle)
    return shop
