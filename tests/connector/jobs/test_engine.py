"""Jobs survive what kills their process."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connector.jobs.engine import Engine, migrate_engine
from connector.storage import shop_store
from connector.storage.database import Database
from connector.storage.shop_store import Shop
from connector.storage.tables import metadata

PATIENCE_SECONDS = 20


class House:
    """A database with a shop, an engine that enqueues, and a diary that workers write."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder}/backhaul.db"
        self.diary = folder / "diary"
        self.database = Database(self.url)
        metadata.create_all(self.database.engine)
        migrate_engine(self.url)
        self.engine = Engine(self.url)
        self.shop: Shop = self.database.write_install(
            lambda connection: shop_store.add(
                connection, "demo", name="Demo", channel="store", currency="USD", at=datetime.now(UTC)
            )
        )

    def enqueue(self, key: str, *, seconds: float = 0, delay_seconds: float = 0) -> None:
        payload = {"n": key, "seconds": seconds}
        self.database.write(
            self.shop,
            lambda unit: self.engine.enqueue(unit, "slow", key=key, payload=payload, delay_seconds=delay_seconds),
        )

    def lines(self) -> list[str]:
        return self.diary.read_text(encoding="utf-8").splitlines() if self.diary.exists() else []

    def wait_for(self, met: Callable[[], bool]) -> None:
        ends = time.monotonic() + PATIENCE_SECONDS
        while not met():
            assert time.monotonic() < ends, self.lines()
            time.sleep(0.02)

    @contextmanager
    def worker(self, *, lease_seconds: float = 60) -> Iterator[subprocess.Popen[bytes]]:
        started = self.lines().count("started")
        arguments = [sys.executable, "-m", "tests.connector.jobs.worker_process", self.url, str(self.diary)]
        with subprocess.Popen([*arguments, str(lease_seconds)], stdin=subprocess.PIPE) as process:
            self.wait_for(lambda: self.lines().count("started") > started or process.poll() is not None)
            yield process


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.engine.close()
    house.database.close()


def test_a_job_runs_its_steps_in_order_and_is_listed_as_done(house: House):
    house.enqueue("a")
    with house.worker():
        house.wait_for(lambda: "third a" in house.lines())
        house.wait_for(lambda: house.engine.jobs()[0].state == "done")
    assert house.lines()[1:] == ["first a", "begun a", "third a"]
    assert (house.engine.jobs()[0].name, house.engine.jobs()[0].shop_id) == ("slow", house.shop.id)


def test_the_same_key_twice_is_one_job(house: House):
    house.enqueue("a")
    house.enqueue("a")
    assert len(house.engine.jobs()) == 1


def test_a_job_of_a_transaction_that_is_undone_never_was(house: House):
    def work(unit):
        house.engine.enqueue(unit, "slow", key="a", payload={})
        raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        house.database.write(house.shop, work)
    assert house.engine.jobs() == []


def test_a_job_killed_in_mid_step_goes_on_at_the_next_start_without_repeating_what_was_finished(house: House):
    house.enqueue("a", seconds=30)
    with house.worker() as process:
        house.wait_for(lambda: "begun a" in house.lines())
        process.kill()
        process.wait()
    with house.worker() as second:
        house.wait_for(lambda: house.lines().count("begun a") == 2)
        second.kill()
        second.wait()
    assert house.lines().count("first a") == 1


def test_a_second_worker_takes_over_what_a_dead_one_left(house: House):
    house.enqueue("a", seconds=2)
    with house.worker(lease_seconds=1) as first, house.worker(lease_seconds=1) as second:
        house.wait_for(lambda: "begun a" in house.lines())
        owner = house.engine.unfinished()
        dying = first if "the-one-on-sqlite" in owner else second
        dying.kill()
        dying.wait()
        house.wait_for(lambda: "third a" in house.lines())
    assert house.lines().count("begun a") == 2


def test_a_delayed_job_waits(house: House):
    house.enqueue("a", delay_seconds=60)
    with house.worker():
        house.enqueue("b")
        house.wait_for(lambda: "third b" in house.lines())
    assert "first a" not in house.lines()
    assert [job.state for job in house.engine.jobs() if job.key.endswith(":a")] == ["waiting"]


def test_a_job_that_fails_is_listed_with_its_reason(house: House):
    house.database.write(house.shop, lambda unit: house.engine.enqueue(unit, "slow", key="bad", payload={}))
    with house.worker():
        house.wait_for(lambda: house.engine.jobs()[0].state == "failed")
    assert "n" in (house.engine.jobs(states=("failed",))[0].error or "")
