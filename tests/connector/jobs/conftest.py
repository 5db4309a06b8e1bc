"""A shop with an engine, workers in this process, and workers in processes of their own that can be killed."""

import subprocess
import sys
import time
from collections import UserDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from connector.jobs.engine import Engine, JobStatus
from connector.jobs.worker import Worker
from connector.storage.database import Database
from connector.storage.shop_store import Shop
from tests.connector.jobs.diary import Diary
from tests.databases import make_shop

PATIENCE_SECONDS = 20


class Watched(UserDict[str, object]):
    """A catalogue, and what happens whenever a job is looked up in it."""

    def __init__(self, jobs: Mapping[str, object], *, before_each: Callable[[], object]) -> None:
        super().__init__(jobs)
        self._before_each = before_each

    def __getitem__(self, name: str) -> object:
        self._before_each()
        return super().__getitem__(name)


@dataclass(frozen=True)
class House:
    """A database with a shop, an engine that enqueues, and the diary that its jobs write."""

    database: Database
    engine: Engine
    shop: Shop
    diary: Diary

    def enqueue(
        self,
        name: str,
        key: str = "a",
        *,
        shop: Shop | None = None,
        delay_seconds: float = 0,
        **payload: object,
    ) -> None:
        self.database.write(
            shop or self.shop,
            lambda unit: self.engine.enqueue(
                unit, name, key=key, payload={"n": key, **payload}, delay_seconds=delay_seconds
            ),
        )

    def jobs(self, *states: str) -> list[JobStatus]:
        return self.engine.jobs(states=states)

    def wait_for(self, met: Callable[[], bool]) -> None:
        ends = time.monotonic() + PATIENCE_SECONDS
        while not met():
            assert time.monotonic() < ends, (self.diary.lines(), self.jobs())
            time.sleep(0.02)

    def wait_for_lines(self, *lines: str) -> None:
        self.wait_for(lambda: set(lines) <= set(self.diary.lines()))

    @contextmanager
    def worker(
        self,
        *,
        lease_seconds: float = 60,
        extra: Mapping[str, object] | None = None,
        before_each: Callable[[], object] = list,
    ) -> Iterator[Worker]:
        """A worker in this process; something happens before each job that it has taken begins."""
        app = SimpleNamespace(database=self.database, token=lambda: "here")
        catalogue = Watched(self.diary.catalogue() | dict(extra or {}), before_each=before_each)
        worker = Worker(
            app,  # type: ignore[arg-type]
            self.engine,
            catalogue=catalogue,  # type: ignore[arg-type]
            lease_seconds=lease_seconds,
            waits_seconds=(0.01, 0.01),
            schedule={},
        )
        worker.start()
        try:
            yield worker
        finally:
            worker.stop()

    @contextmanager
    def process(self, *, lease_seconds: float = 60) -> Iterator[subprocess.Popen[bytes]]:
        """A worker in a process of its own."""
        known = self.diary.lines().count("started")
        arguments = [sys.executable, "-m", "tests.connector.jobs.worker_process", self.database.url]
        arguments += [str(self.diary.path), str(lease_seconds)]
        process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        with process:
            self.wait_for(lambda: self.diary.lines().count("started") > known or process.poll() is not None)
            yield process


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9."""
    process.kill()
    process.wait()


@pytest.fixture
def house(each_database: Database, tmp_path: Path) -> Iterator[House]:
    engine = Engine(each_database.url)
    yield House(database=each_database, engine=engine, shop=make_shop(each_database), diary=Diary(tmp_path / "diary"))
    engine.close()
