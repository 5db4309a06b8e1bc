"""Killed between any two steps, a return whose order lives in a WooCommerce store goes on: one refund, one restock.

Without our plugin the store takes everything twice that is sent twice (fact 1); only looking, writing down and waiting
prevent it. With the plugin the store itself does.
A slice of the moments runs in every test run; BACKHAUL_TEST_KILLS asks for more (`make crash`).
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from connector.bootstrap import built
from connector.jobs.engine import Engine
from connector.jobs.keeper import Keeper
from connector.services import connect_store
from connector.settings import read_settings
from connector.storage import return_store, settlement_store, worker_store
from tests.adapters.woocommerce.stores import Document, placed
from tests.shops import a_shop
from tests.simulators.woocommerce import SimulatedStore, simulated_store
from tests.simulators.woocommerce.books import KEY, SECRET
from tests.waiting import wait_until

KILLS = int(os.environ.get("BACKHAUL_TEST_KILLS", "8"))
PATIENCE_SECONDS = 120
FEWEST_MOMENTS = 40
"""Two for each of the commits that the story cannot do without, and for what it sends."""
WITH_AND_WITHOUT = pytest.mark.parametrize("store", [False, True], indirect=True, ids=["plain", "plugin"])


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SimulatedStore]:
    with simulated_store(tmp_path, has_plugin=request.param) as store:
        yield store


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> Mapping[bool, int]:
    """How many moments the story has without and with the plugin, told once to its end: those are killed at."""
    return {has_plugin: counted(tmp_path_factory.mktemp("counted"), has_plugin) for has_plugin in (False, True)}


def counted(folder: Path, has_plugin: bool) -> int:
    with simulated_store(folder, has_plugin=has_plugin) as store:
        order, stock = make(folder, store)
        told = run(folder, order)
        assert told.returncode == 0, told.stderr
        holds(folder, store, order=order, stock=stock)
    return int(told.stdout)


def command(folder: Path, order: Document, *ends: str) -> list[str]:
    named = [order["number"], str(order["line_items"][0]["id"])]
    return [sys.executable, "-m", "tests.crash.store_story_process", str(folder), *named, *ends]


def run(folder: Path, order: Document, *ends: str) -> subprocess.CompletedProcess[str]:
    asked = command(folder, order, *ends)
    return subprocess.run(asked, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)


@pytest.mark.parametrize(
    ("kill", "store"), [(kill, kill % 2 == 1) for kill in range(KILLS)], indirect=["store"], ids=str
)
def test_the_story_goes_on_after_a_kill_and_the_store_gives_back_once(
    tmp_path: Path, store: SimulatedStore, kill: int, moments: Mapping[bool, int]
):
    known = moments[kill % 2 == 1]
    moment = kill * known // KILLS if known > KILLS else kill % known
    order, stock = make(tmp_path, store)
    first = run(tmp_path, order, str(moment))
    assert first.returncode in (-signal.SIGKILL, 0), first.stderr
    second = run(tmp_path, order)
    assert second.returncode == 0, second.stderr
    holds(tmp_path, store, order=order, stock=stock)


def test_all_that_the_story_writes_and_sends_is_a_moment(moments: Mapping[bool, int]):
    assert min(moments.values()) >= FEWEST_MOMENTS


@WITH_AND_WITHOUT
def test_who_froze_over_the_refund_and_wakes_after_another_made_it(tmp_path: Path, store: SimulatedStore):
    """With the plugin exactly one; without it the store takes both (fact 1), and a person is told."""
    order, stock = make(tmp_path, store)
    with frozen(tmp_path, order) as sleeper:
        bury(tmp_path, sleeper)
        other = run(tmp_path, order)
        assert other.returncode == 0, other.stderr
        holds(tmp_path, store, order=order, stock=stock)
        os.kill(sleeper.pid, signal.SIGCONT)
        if store.has_plugin:
            assert sleeper.wait(PATIENCE_SECONDS) == 0
            holds(tmp_path, store, order=order, stock=stock)
        else:
            wait_until(lambda: leg_states(tmp_path) == {"refund": "unknown", "restock": "settled"})
            assert len(store.books.read()["refunds"][str(order["id"])]) == 2


@contextmanager
def frozen(folder: Path, order: Document) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that stands still just before it sends the refund."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command(folder, order, "frozen"), stdout=quiet, stderr=quiet)
    try:
        wait_until(lambda: state_of(process.pid) == "T")
        yield process
    finally:
        process.kill()
        process.wait()


def bury(folder: Path, sleeper: "subprocess.Popen[bytes]") -> None:
    """Take a process that stands still for dead at once, rather than wait until its lease has run out."""
    settings = read_settings({"BACKHAUL_FOLDER": str(folder)})
    with built(settings) as app:
        assert isinstance(app.jobs, Engine)
        for owner in app.jobs.unfinished():
            app.database.write_install(partial(worker_store.sign_off, worker_id=owner))
        Keeper(app.database, app.jobs, worker_id="undertaker").sweep()


def state_of(pid: int) -> str:
    """What the kernel says of a process: T stands still."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]


def leg_states(folder: Path) -> Mapping[str, str]:
    with a_shop(folder, is_new=False) as demo, demo.app.database.read(demo.shop) as unit:
        (found,) = return_store.latest(unit, limit=10)
        return {leg.kind: leg.state for leg in settlement_store.legs_of(unit, found.id)}


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
