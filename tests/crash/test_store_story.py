"""Killed between any two steps, a return whose order lives in a WooCommerce store goes on: one refund, one restock.

The store itself takes everything twice that is sent twice (fact 1); only looking, writing down and waiting prevent it.
A slice of the moments runs in every test run; BACKHAUL_TEST_KILLS asks for more (`make crash`).
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connector.services import connect_store
from connector.storage import return_store, settlement_store
from tests.adapters.woocommerce.stores import Document, placed
from tests.shops import a_shop
from tests.simulators.woocommerce import SimulatedStore, simulated_store
from tests.simulators.woocommerce.books import KEY, SECRET

KILLS = int(os.environ.get("BACKHAUL_TEST_KILLS", "8"))
PATIENCE_SECONDS = 120
MOMENTS = 60
"""About as many moments as the story has; a later one lets the story end, which is a run like any other."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SimulatedStore]:
    with simulated_store(tmp_path) as store:
        yield store


def run(folder: Path, order: Document, *kill_at: str) -> subprocess.CompletedProcess[str]:
    named = [order["number"], str(order["line_items"][0]["id"])]
    command = [sys.executable, "-m", "tests.crash.store_story_process", str(folder), *named, *kill_at]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)


@pytest.mark.parametrize("kill", range(KILLS))
def test_the_story_goes_on_after_a_kill_and_the_store_gives_back_once(tmp_path: Path, store: SimulatedStore, kill: int):
    moment = kill * MOMENTS // KILLS if KILLS < MOMENTS else kill % MOMENTS
    order, stock = make(tmp_path, store)
    first = run(tmp_path, order, str(moment))
    assert first.returncode in (-signal.SIGKILL, 0), first.stderr
    second = run(tmp_path, order)
    assert second.returncode == 0, second.stderr
    holds(tmp_path, store, order=order, stock=stock)


def test_the_story_has_about_as_many_moments_as_are_killed(tmp_path: Path, store: SimulatedStore):
    order, stock = make(tmp_path, store)
    told = run(tmp_path, order)
    assert told.returncode == 0, told.stderr
    assert abs(int(told.stdout) - MOMENTS) <= 20
    holds(tmp_path, store, order=order, stock=stock)


def make(folder: Path, store: SimulatedStore) -> tuple[Document, int]:
    """A connected shop and an order that was completed just now, by the real clock, since the processes go by it."""
    order = placed(store)
    with a_shop(folder) as demo:
        demo.clock.now = datetime.now(UTC)
        connect_store.connect(demo.app, demo.shop, address=store.address, key=KEY, secret=SECRET)
    return order, stock_of(store)


def stock_of(store: SimulatedStore) -> int:
    return int(store.books.read()["variations"]["14"]["17"]["stock_quantity"])


def holds(folder: Path, store: SimulatedStore, *, order: Document, stock: int) -> None:
    """One refund in the store and at its gateway, one unit back on sale, one line of the ledger for each."""
    books = store.books.read()
    assert [refund["amount"] for refund in books["refunds"][str(order["id"])]] == ["27.17"]
    assert [call["amount"] for call in books["gateway_calls"]] == ["27.17"]
    assert stock_of(store) == stock + 1
    with a_shop(folder, is_new=False) as demo, demo.app.database.read(demo.shop) as unit:
        (found,) = return_store.latest(unit, limit=10)
        ledger = settlement_store.ledger_of(unit, found.id)
    assert sorted(line.kind for line in ledger) == ["refund", "restock"]
    assert found.status == "done"
