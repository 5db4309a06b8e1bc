"""A worker in a process of its own that dies or freezes at its n-th moment.

A moment is just before and just after every commit, ours and the engine's, and every request to the platform that
gives something, from the first settlement that the process takes up.
"""

import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from msgspec.structs import replace
from sqlalchemy import event
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.pool import Pool

from connector.application import Application, Step
from connector.bootstrap import built
from connector.jobs.catalogue import CATALOGUE, Job
from connector.jobs.engine import Engine
from connector.jobs.worker import Worker
from connector.services import settle_return
from connector.settings import read_settings
from connector.storage.shop_store import Shop
from tests.simulators.payments import PaymentsChannel, PaymentsChannels

WAITS_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 2.0, 4.0)
LEASE_SECONDS = 60.0
STARTED = "started"
ALONE_WITHIN_SECONDS = 5.0
REQUESTS = tuple(f"{when} {kind}" for when in ("before", "after") for kind in ("refund", "store_credit", "restock"))
LOOSE = ("after commit", "job", *REQUESTS)
"""Moments at which this process holds no lock of the database; a process that freezes holds what it has locked."""


@dataclass(frozen=True)
class Post:
    """Where a settler works, and how it ends: at the moment `at`, by `by`; never when there is none."""

    folder: str
    url: str
    platform: str
    has_keys: bool
    at: int | None = None
    by: int = signal.SIGKILL
    only: tuple[str, ...] = ()


class Connections:
    """Counts the connections that this process uses: who freezes while another thread uses one holds its locks."""

    def __init__(self) -> None:
        self._used = 0
        event.listen(Pool, "checkout", lambda *_: self._change(1))
        event.listen(Pool, "checkin", lambda *_: self._change(-1))

    def wait_for_the_last(self) -> None:
        """Wait until no thread but this one uses a connection, for a while at most."""
        ends = time.monotonic() + ALONE_WITHIN_SECONDS
        while self._used > 1 and time.monotonic() < ends:
            time.sleep(0.001)

    def _change(self, by: int) -> None:
        self._used += by


class Moments:
    """Counts the moments of this process and ends it at the one that it is to end at.

    The signal is this thread's own: one to the process reaches another thread first, and this one goes on for a while.
    """

    def __init__(self, post: Post, parent: Connection) -> None:
        self._post = post
        self._parent = parent
        self._lock = threading.Lock()
        self._connections = Connections()
        self._seen = 0
        self.begun = False

    def __call__(self, kind: str) -> None:
        wanted = self._post.only or (LOOSE if self._post.by == signal.SIGSTOP else ())
        if not self.begun or (wanted and kind not in wanted):
            return
        with self._lock:
            is_it = self._seen == self._post.at
            self._seen += 1
        if is_it:
            self._connections.wait_for_the_last()
            self._parent.send(kind)
            signal.pthread_kill(threading.get_ident(), self._post.by)


def settler(post: Post, parent: Connection) -> None:
    """Carry out jobs until the parent says stop."""
    moments = Moments(post, parent)
    _watch_commits(moments)
    with application(post) as app:
        channels = _Watched(app.channels.client, has_keys=post.has_keys, moments=moments)  # type: ignore[attr-defined]
        worker = Worker(
            replace(app, channels=channels),
            _engine(app),
            catalogue={**CATALOGUE, settle_return.JOB: _watched(settle_return.carry_out_legs, moments)},
            lease_seconds=LEASE_SECONDS,
            waits_seconds=WAITS_SECONDS,
            first_delay_seconds=0.3,
            schedule={},
        )
        worker.start()
        parent.send(STARTED)
        parent.recv()
        worker.stop()


class application:  # noqa: N801  a context, as contextlib's own
    """The application on the platform instead of its own channels."""

    def __init__(self, post: Post) -> None:
        environment = {"BACKHAUL_FOLDER": post.folder, "DATABASE_URL": post.url, "BACKHAUL_LOOKUP_SECONDS": "0"}
        self._built = built(read_settings(environment))
        self._channels = PaymentsChannels.at(post.platform, has_keys=post.has_keys)

    def __enter__(self) -> Application:
        return replace(self._built.__enter__(), channels=self._channels)

    def __exit__(self, *error: object) -> None:
        self._built.__exit__(None, None, None)
        self._channels.client.close()


def _engine(app: Application) -> Engine:
    assert isinstance(app.jobs, Engine)
    return app.jobs


def _watched(job: Job, moments: Moments) -> Job:
    def watched(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
        moments.begun = True
        moments("job")
        job(app, shop, step=step, payload=payload)
        moments("job")

    return watched


def _watch_commits(moments: Moments) -> None:
    commit = DefaultDialect.do_commit

    def watched(self: DefaultDialect, connection: Any) -> None:
        moments("before commit")
        commit(self, connection)
        moments("after commit")

    DefaultDialect.do_commit = watched  # type: ignore[method-assign]


@dataclass(frozen=True)
class _Watched(PaymentsChannels):
    moments: Callable[[str], None] = lambda _: None

    def for_shop(self, shop: object, name: str) -> PaymentsChannel:
        return _WatchedChannel(self.client, has_keys=self.has_keys, moments=self.moments)


class _WatchedChannel(PaymentsChannel):
    def __init__(self, client: Any, *, has_keys: bool, moments: Callable[[str], None]) -> None:
        super().__init__(client, has_keys=has_keys)
        self._moments = moments

    def _ask(self, method: str, path: str, **more: Any) -> Mapping[str, Any] | None:
        if method == "GET":
            return super()._ask(method, path, **more)
        kind = more["json"]["kind"]
        self._moments(f"before {kind}")
        answer = super()._ask(method, path, **more)
        self._moments(f"after {kind}")
        return answer
