"""Nobody takes over a dead worker's jobs by itself: heartbeats, and a sweep that buries the silent."""

import logging
import threading
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from connector.jobs.engine import Engine
from connector.storage import worker_store
from connector.storage.database import Database

LEASE_SECONDS = 90.0
"""Longer than any single call to a channel: who is silent for so long is dead."""
BEAT_SECONDS = 10.0
KEEP_FINISHED = timedelta(days=30)

log = logging.getLogger(__name__)


class Keeper:
    """Says that this worker lives, and takes over the jobs of those that are silent."""

    def __init__(
        self, database: Database, engine: Engine, *, worker_id: str, lease_seconds: float = LEASE_SECONDS
    ) -> None:
        self._database = database
        self._engine = engine
        self._worker_id = worker_id
        self._lease = lease_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def start(self) -> None:
        """Beat once, then in the background."""
        self._beat()
        self._thread.start()

    def stop(self) -> None:
        """Stop beating; a worker that left nothing under way says so, any other lets its lease run out."""
        self._stopping.set()
        self._thread.join()
        if not self._engine.unfinished().get(self._worker_id):
            self._database.write_install(lambda connection: worker_store.sign_off(connection, self._worker_id))

    def is_alive(self) -> bool:
        """Whether this worker still counts as alive; one that was frozen for too long must not send anything."""
        with self._database.read_install() as connection:
            return worker_store.is_alive(connection, self._worker_id, lease_seconds=self._lease)

    def sweep(self) -> list[str]:
        """Take over the jobs of dead workers; their ids."""
        unfinished = self._engine.unfinished()
        dead = self._database.write_install(partial(self._bury, owners=tuple(unfinished)))
        for worker_id in dead:
            if unfinished.get(worker_id):
                self._engine.take_over(unfinished[worker_id])
        return dead

    def _bury(self, connection: Connection, *, owners: tuple[str, ...]) -> list[str]:
        for owner in owners:
            worker_store.report_missing(connection, owner)
        return worker_store.bury(connection, lease_seconds=self._lease)

    def _keep(self) -> None:
        while not self._stopping.wait(min(BEAT_SECONDS, self._lease / 3)):
            try:
                self._beat()
                self.sweep()
                self._engine.forget_finished(before=datetime.now(UTC) - KEEP_FINISHED)
            except Exception:
                log.exception("the keeper could not look after the jobs; it tries again")

    def _beat(self) -> None:
        self._database.write_install(lambda connection: worker_store.beat(connection, self._worker_id))
