"""Nobody takes over a dead worker's jobs by itself: heartbeats, and a sweep that buries the silent."""

import logging
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

from sqlalchemy import Connection

from connector.jobs.engine import Engine, Interrupted
from connector.storage import worker_store
from connector.storage.database import Database

LEASE_SECONDS = 90.0
"""Longer than any single call to a channel: who is silent for so long is dead."""
BEAT_SECONDS = 10.0
KEEP_DONE = timedelta(days=30)
BEATS_BETWEEN_CLEANINGS = 360

log = logging.getLogger(__name__)


class Keeper:
    """Says that this worker lives, and takes over the jobs of those that are silent.

    A worker that was silent too long itself (frozen, cut off) finds its row gone: all it had begun is another's now.
    Its `lease` is then another number, and what was begun under the old one must end without sending anything.
    """

    def __init__(
        self, database: Database, engine: Engine, *, worker_id: str, lease_seconds: float = LEASE_SECONDS
    ) -> None:
        self.lease = 0
        self._database = database
        self._engine = engine
        self._worker_id = worker_id
        self._lease_seconds = lease_seconds
        self._beating = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def start(self) -> None:
        """Beat once, then in the background."""
        self._database.write_install(lambda connection: worker_store.beat(connection, self._worker_id))
        self._thread.start()

    def stop(self) -> None:
        """Stop beating; what is left is taken over when the lease has run out."""
        self._stopping.set()
        self._thread.join()

    def sign_off(self) -> None:
        """Say that this worker has stopped for sure, so that what it left is taken over at once."""
        self._database.write_install(lambda connection: worker_store.sign_off(connection, self._worker_id))

    def begin(self, job_id: str) -> int:
        """The lease under which a job that was taken out of the queue begins.

        Raises Interrupted when it is another's by now: who froze just after taking it may hold a newer lease already.
        """
        with self._beating:
            if job_id not in self._engine.unfinished().get(self._worker_id, []):
                raise Interrupted
            return self.lease

    def holds(self, lease: int) -> bool:
        """Whether what was begun under a lease is still this worker's; if so it stays so for half a lease at least."""
        with self._beating:
            with self._database.read_install() as connection:
                fresh = worker_store.is_alive(connection, self._worker_id, lease_seconds=self._lease_seconds / 2)
            if not fresh:
                self._beat()
            return lease == self.lease

    def sweep(self) -> list[str]:
        """Take over the jobs of dead workers; their ids.

        What they owned before they were buried may be another's by now: only what is theirs still is taken over.
        """
        owners = tuple(self._engine.unfinished())
        dead = self._database.write_install(partial(self._bury, owners=owners))
        left = self._engine.unfinished() if dead else {}
        for worker_id in dead:
            log.warning("taking over the jobs of a worker that is gone: %s", worker_id)
            self._engine.take_over(left.get(worker_id, []))
        return dead

    def _bury(self, connection: Connection, *, owners: tuple[str, ...]) -> list[str]:
        for owner in owners:
            worker_store.report_missing(connection, owner)
        return worker_store.bury(connection, self._worker_id, lease_seconds=self._lease_seconds)

    def _keep(self) -> None:
        for beats in count():
            try:
                self._look_after(beats)
            except Exception:
                log.exception("the keeper could not look after the jobs; it tries again")
            if self._stopping.wait(min(BEAT_SECONDS, self._lease_seconds / 3)):
                return

    def _look_after(self, beats: int) -> None:
        with self._beating:
            self._beat()
        self.sweep()
        if beats % BEATS_BETWEEN_CLEANINGS == 0:
            self._engine.forget_done(before=datetime.now(UTC) - KEEP_DONE)
            self._database.tend()

    def _beat(self) -> None:
        """Renew the lease; who was buried meanwhile begins a new one, and gives up what it still held."""
        was_known = self._database.write_install(lambda connection: worker_store.beat(connection, self._worker_id))
        if not was_known:
            log.warning("this worker was given up for dead and begins anew: %s", self._worker_id)
            self.lease += 1
            self._engine.take_over(self._engine.unfinished().get(self._worker_id, []))
