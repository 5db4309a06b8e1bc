"""Killed between any two steps, the story goes on at the next start, and the money goes back once.

A slice of the moments runs in every test run; BACKHAUL_TEST_KILLS asks for more (`make crash`).
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connector.storage import return_store, settlement_store
from domain.events import Act
from tests.shops import a_shop, line, order

KILLS = int(os.environ.get("BACKHAUL_TEST_KILLS", "10"))
PATIENCE_SECONDS = 90
FEWEST_MOMENTS = 40
"""Two for each of the commits that the story cannot do without."""


def run(folder: Path, *kill_at: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.crash.story_process", str(folder), *kill_at]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many moments the story has, told once to its end: those are killed at."""
    folder = tmp_path_factory.mktemp("counted")
    make(folder)
    told = run(folder)
    assert told.returncode == 0, told.stderr
    holds(folder)
    return int(told.stdout)


@pytest.mark.parametrize("kill", range(KILLS))
def test_the_story_goes_on_after_a_kill_and_pays_once(tmp_path: Path, kill: int, moments: int):
    moment = kill * moments // KILLS if moments > KILLS else kill % moments
    make(tmp_path)
    first = run(tmp_path, str(moment))
    assert first.returncode in (-signal.SIGKILL, 0), first.stderr
    second = run(tmp_path)
    assert second.returncode == 0, second.stderr
    holds(tmp_path)


def test_all_that_the_story_writes_is_a_moment(moments: int):
    assert moments >= FEWEST_MOMENTS


def make(folder: Path) -> None:
    """The shop with its order delivered three days ago, since the processes go by the real clock."""
    now = datetime.now(UTC)
    shipped = {"quantity": 2, "at": ago(now, 5), "delivered_at": ago(now, 3)}
    with a_shop(folder) as demo:
        demo.save_order(order(placed_at=ago(now, 6), lines=[line(fulfilled=[shipped])]))


def ago(now: datetime, days: int) -> str:
    return (now - timedelta(days=days)).isoformat()


def holds(folder: Path) -> None:
    """One return, one refund, one restock, one line of history for each thing that happened."""
    with a_shop(folder, is_new=False) as demo:
        with demo.app.database.read(demo.shop) as unit:
            (found,) = return_store.latest(unit, limit=10)
            ledger = settlement_store.ledger_of(unit, found.id)
        order = demo.order()
        assert order["payments"][0]["refunded"] == "19.80"  # type: ignore[index]
        assert [refund["amount"] for refund in order["refunds"]] == ["19.80"]  # type: ignore[attr-defined, index]
        assert demo.available("tee-m") == 6
        assert sorted(line.kind for line in ledger) == ["refund", "restock"]
        assert found.status == "done"
        assert Counter(entry.act for entry in found.history) == {
            Act.OPENED: 1, Act.RECEIVED: 1, Act.DECIDED: 1, Act.SENDING: 2, Act.PAID: 2,
        }  # fmt: skip
