"""Many people at once: the last unit goes to one of them, and every return of every shop is given once.

A slice of the returns runs in every test run; BACKHAUL_TEST_MANY_RETURNS asks for more (`make crash`).
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.application import Application
from connector.bootstrap import built
from connector.jobs.catalogue import CATALOGUE
from connector.jobs.engine import Engine
from connector.jobs.worker import Worker
from connector.services.errors import Conflict, QuoteMoved, Refused
from connector.services.install_shop import NewShop, add_shop
from connector.services.quote_return import preview
from connector.services.receive_return import preview as preview_arrival
from connector.services.receive_return import receive
from connector.services.request_return import Wish, open_return
from connector.settings import read_settings
from connector.storage import order_store, product_store, return_store, settlement_store
from connector.storage.errors import Conflict as LostUpdate
from connector.storage.shop_store import Shop
from domain.errors import DomainError
from domain.money import parse_amount
from domain.returns import Inspection, Return
from domain.settlement import LegState
from tests.shops import ANN, SAM, line, order, policy, product

THREADS = 50
UNITS = 10
SHOPS = 20
RETURNS = int(os.environ.get("BACKHAUL_TEST_MANY_RETURNS", "60"))
PATIENCE_SECONDS = 60 + RETURNS
GOING_ON = (LegState.DUE, LegState.SENDING)
EVER = datetime.max.replace(tzinfo=UTC)
REFUSED = (Conflict, QuoteMoved, Refused, LostUpdate, DomainError)


@pytest.fixture
def app(each_url: str, tmp_path: Path) -> Iterator[Application]:
    with built(read_settings({"BACKHAUL_FOLDER": str(tmp_path), "DATABASE_URL": each_url})) as app:
        yield app


@contextmanager
def working(app: Application) -> Iterator[None]:
    """A worker that carries out what comes."""
    assert isinstance(app.jobs, Engine)
    worker = Worker(app, app.jobs, catalogue=CATALOGUE, schedule={})
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def a_shop(app: Application, slug: str) -> Shop:
    shop = add_shop(app, NewShop(slug=slug, name=slug.title(), channel="store", currency="USD", policy=policy()))
    app.database.write(shop, lambda unit: product_store.save(unit, product()))
    return shop


def an_order(app: Application, shop: Shop, order_id: str, *, units: int) -> None:
    """Units at 10.00, delivered, paid with a card."""
    now = datetime.now(UTC)
    ago = {days: (now - timedelta(days=days)).isoformat() for days in (3, 5, 6)}
    sent = [{"quantity": units, "at": ago[5], "delivered_at": ago[3]}]
    lines = [line(quantity=units, unit_price="10.00", discount="0.00", tax="0.00", fulfilled=sent)]
    paid = {
        "id": "p1",
        "gateway": "card",
        "kind": "card",
        "amount": f"{units * 10}.00",
        "refunded": "0.00",
        "refundable": True,
    }
    one = order(id=order_id, number=f"#{order_id}", placed_at=ago[6], lines=lines, payments=[paid], shipping=[])
    app.database.write(shop, lambda unit: order_store.save(unit, one))


def opened(app: Application, shop: Shop, order_id: str, *, key: str) -> Return:
    items = [{"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}]
    shown = preview(app, shop, order_id=order_id, items=items)
    wish = Wish(order_id=order_id, items=items, method="store", quote_id=shown.id)
    return open_return(app, shop, wish=wish, actor=ANN, key=key)


def taken_in(app: Application, shop: Shop, return_id: str, *, key: str) -> Return:
    looks = [Inspection("1", "received", grade="A")]
    shown = preview_arrival(app, shop, return_id=return_id, inspections=looks)
    return receive(app, shop, return_id=return_id, inspections=looks, quote_id=shown and shown.id, actor=SAM, key=key)


def at_once(acts: list[Callable[[], Return]]) -> list[Return | None]:
    """What came of acts that all begin together; None for what was refused."""

    def tried(act: Callable[[], Return]) -> Return | None:
        try:
            return act()
        except REFUSED:
            return None

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(tried, acts))


def until_given(app: Application, shops: list[Shop]) -> None:
    """Wait until no leg of any shop is on its way."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while on_its_way := [leg for shop in shops for leg in unfinished(app, shop)]:
        assert time.monotonic() < ends, on_its_way
        time.sleep(0.2)


def unfinished(app: Application, shop: Shop) -> list[str]:
    with app.database.read(shop) as unit:
        return [leg for state in GOING_ON for leg in settlement_store.standing(unit, state=state, since=EVER)]


def refunded(app: Application, shop: Shop, order_id: str) -> int:
    """What the till gave back of an order, in minor units."""
    with app.database.read(shop) as unit:
        found: Any = order_store.get(unit, order_id)
    return sum(parse_amount(payment["refunded"], 2) for payment in found["payments"])


def given(app: Application, shop: Shop, return_id: str) -> list[tuple[str, int]]:
    """The ledger of a return."""
    with app.database.read(shop) as unit:
        return sorted((entry.kind, entry.amount) for entry in settlement_store.ledger_of(unit, return_id))


def test_fifty_people_want_the_last_units_of_an_order_and_each_unit_is_given_once(app: Application):
    shop = a_shop(app, "busy")
    an_order(app, shop, "o1", units=UNITS)
    asked = [lambda n=n: opened(app, shop, "o1", key=f"k{n}") for n in range(THREADS)]
    won = [one for one in at_once(asked) if one is not None]
    assert len(won) == UNITS
    takes = [lambda n=n: taken_in(app, shop, won[n % UNITS].id, key=f"t{n}") for n in range(THREADS)]
    assert sum(one is not None for one in at_once(takes)) == UNITS
    with working(app):
        until_given(app, [shop])
    assert refunded(app, shop, "o1") == UNITS * 1000
    assert [given(app, shop, one.id) for one in won] == [[("refund", 1000), ("restock", 0)]] * UNITS


def test_one_form_sent_fifty_times_at_once_is_one_return(app: Application):
    shop = a_shop(app, "eager")
    an_order(app, shop, "o1", units=UNITS)
    found = at_once([lambda: opened(app, shop, "o1", key="the same")] * THREADS)
    assert len({one.id for one in found if one is not None}) == 1
    with app.database.read(shop) as unit:
        assert len(return_store.of_order(unit, "o1")) == 1


def test_many_returns_of_many_shops_are_each_given_once(app: Application):
    shops = [a_shop(app, f"shop-{n}") for n in range(SHOPS)]
    places = [(shops[n % SHOPS], f"o{n}") for n in range(RETURNS)]

    def a_return(shop: Shop, order_id: str) -> Return:
        an_order(app, shop, order_id, units=1)
        return taken_in(app, shop, opened(app, shop, order_id, key=f"k-{order_id}").id, key=f"t-{order_id}")

    with working(app):
        taken = at_once([lambda place=place: a_return(*place) for place in places])
        assert None not in taken
        until_given(app, shops)
    assert Counter(refunded(app, *place) for place in places) == {1000: RETURNS}
    ledgers = [given(app, shop, one.id) for (shop, _), one in zip(places, taken, strict=True) if one]
    assert ledgers == [[("refund", 1000), ("restock", 0)]] * RETURNS
