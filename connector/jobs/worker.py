"""A worker: carries out the jobs of the catalogue in this process, under an identity of its own."""

import fcntl
import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, TypeVar

from sqlalchemy import make_url

from connector.application import Application
from connector.jobs.catalogue import Job
from connector.jobs.engine import Engine, step
from connector.jobs.keeper import LEASE_SECONDS, Keeper
from connector.storage import shop_store

T = TypeVar("T")

ONLY_ONE = "the-one-on-sqlite"


class LeaseLost(Exception):
    """This worker was silent for so long that another has taken its jobs over."""


class Worker:
    """Carries out jobs from `start` to `stop`."""

    def __init__(
        self,
        app: Application,
        engine: Engine,
        *,
        catalogue: Mapping[str, Job],
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._app = app
        self._engine = engine
        self._catalogue = catalogue
        self._identity = Identity.of(app.database.url, token=app.token())
        self._keeper = Keeper(app.database, engine, worker_id=self._identity.name, lease_seconds=lease_seconds)

    def start(self) -> None:
        """Go on with what this worker left, take over what the dead left, then carry out what comes."""
        self._keeper.start()
        self._engine.launch(self._run, executor_id=self._identity.name)

    def stop(self) -> None:
        """Finish what is nearly done and stop."""
        self._engine.stop()
        self._keeper.stop()
        self._identity.release()

    def _run(self, name: str, shop_id: int, payload: Mapping[str, object]) -> None:
        with self._app.database.read_install() as connection:
            shop = shop_store.get(connection, shop_id)
        if shop is None:
            raise LookupError(f"the job '{name}' is for a shop that is gone: {shop_id}")
        self._catalogue[name](self._app, shop, step=self._step, payload=payload)

    def _step(self, name: str, act: Callable[[], T]) -> T:
        return step(name, lambda: self._while_alive(act))

    def _while_alive(self, act: Callable[[], T]) -> T:
        if not self._keeper.is_alive():
            raise LeaseLost(self._identity.name)
        return act()


class Identity:
    """The name under which jobs are owned: fixed for the one process on SQLite, so that a restart recovers at once."""

    def __init__(self, name: str, lock: IO[str] | None = None) -> None:
        self.name = name
        self._lock = lock

    @classmethod
    def of(cls, url: str, *, token: str) -> "Identity":
        """The identity for a database; a second process on the same SQLite file gets a random one."""
        unique = f"{socket.gethostname()}-{os.getpid()}-{token}"
        database = make_url(url)
        if database.get_backend_name() != "sqlite" or not database.database:
            return cls(unique)
        lock = Path(f"{database.database}.worker").open("w", encoding="utf-8")  # noqa: SIM115  held until release
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return cls(unique)
        return cls(ONLY_ONE, lock)

    def release(self) -> None:
        """Let another process have the name."""
        if self._lock is not None:
            self._lock.close()
