"""Killed between any two steps, a return whose order lives in a shop at Shopify goes on: one refund, one unit on sale.

Shopify itself would process twice what it is sent twice; only looking, writing down and asking a person prevent it.
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

from adapters.shopify.auth import AppKeys
from connector.services import install_app
from connector.storage import return_store, settlement_store
from tests.adapters.shopify.shops import placed
from tests.crash.shop_story_process import SLUG
from tests.shops import a_shop
from tests.simulators.shopify import SimulatedShop, simulated_shop, tokens
from tests.simulators.shopify.books import CLIENT_ID, SECRET, Document

KILLS = int(os.environ.get("BACKHAUL_TEST_KILLS", "3"))
PATIENCE_SECONDS = 180
MUTATIONS, COMMITS = 8, 160
"""The story has no fewer moments, and more where a step of a leg is tried again: 182 in a run, some 40 more in others.

A later one lets the story end, which is a run like any other.
"""
MOMENTS = (
    *(f"mutation:{n}" for n in (3, 2, 0, 7, 1, 4, 5, 6)),
    *(f"commit:{n * 37 % COMMITS}" for n in range(4, COMMITS)),
)
"""Just after and just before the refund first; 37 goes through all commits without an order."""


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[SimulatedShop]:
    with simulated_shop(tmp_path) as platform:
        yield platform


def run(folder: Path, platform: SimulatedShop, order: Document, *kill_at: str) -> subprocess.CompletedProcess[str]:
    named = [platform.address, order["name"].strip("#"), order["lines"][0]["id"]]
    command = [sys.executable, "-m", "tests.crash.shop_story_process", str(folder), *named, *kill_at]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)


@pytest.mark.parametrize("moment", MOMENTS[:KILLS])
def test_the_story_goes_on_after_a_kill_and_the_shop_gives_back_once(
    tmp_path: Path, platform: SimulatedShop, moment: str
):
    order = make(tmp_path, platform)
    first = run(tmp_path, platform, order, moment)
    assert first.returncode in (-signal.SIGKILL, 0), first.stderr
    second = run(tmp_path, platform, order)
    assert second.returncode == 0, second.stderr
    holds(tmp_path, platform)


def test_the_story_has_about_as_many_moments_as_are_killed(tmp_path: Path, platform: SimulatedShop):
    order = make(tmp_path, platform)
    told = run(tmp_path, platform, order)
    assert told.returncode == 0, told.stderr
    commits, mutations = map(int, told.stdout.split())
    assert mutations == MUTATIONS
    assert COMMITS <= commits < 2 * COMMITS
    holds(tmp_path, platform)


def make(folder: Path, platform: SimulatedShop) -> Document:
    """A shop with the app and an order that was shipped just now, by the real clock, since the processes go by it."""
    settings = {"shopify": AppKeys(CLIENT_ID, (SECRET,)), "shopify_at": platform.address}
    with a_shop(folder, settings=settings) as demo:
        demo.clock.now = datetime.now(UTC)
        header = f"Bearer {tokens.session_token(platform.books.read())}"
        assert install_app.visit(demo.app, header=header).shop.slug == SLUG
    return placed(platform)


def holds(folder: Path, platform: SimulatedShop) -> None:
    """One refund in the shop, one unit back on sale, one line of the ledger for each."""
    books = platform.books.read()
    assert [[line["quantity"] for line in refund["lines"]] for refund in books["refunds"].values()] == [[1]]
    (order,) = books["orders"].values()
    assert [one["amount"] for one in order["transactions"] if one["kind"] == "REFUND"] == ["27.17"]
    assert books["variants"]["11"]["stock"] == 11
    with a_shop(folder, is_new=False) as demo:
        with demo.app.database.read_install() as connection:
            from connector.storage import shop_store

            shop = shop_store.find(connection, SLUG)
        assert shop is not None
        with demo.app.database.read(shop) as unit:
            (found,) = return_store.latest(unit, limit=10)
            ledger = settlement_store.ledger_of(unit, found.id)
    assert sorted(line.kind for line in ledger) == ["refund", "restock"]
    assert found.status == "done"
