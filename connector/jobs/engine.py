"""The durable engine; the only file that knows its library, DBOS (MIT).

What was learned the hard way: a process needs an executor id of its own, or in-flight steps run twice; the pinned
application version lets a deploy carry on what is in flight; a job's id is its key, so the same key is one job.
"""

import logging
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar, cast

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions
from dbos._serialization import DBOSPortableJSONSerializer
from sqlalchemy import Engine as SqlEngine
from sqlalchemy import create_engine, event

from adapters.errors import ChannelSlow
from connector.storage.database import Unit

T = TypeVar("T")
RunJob = Callable[[str, int, Mapping[str, object]], None]

NAME = "backhaul"
WORKFLOW = "run_job"
QUEUE = "jobs"
VERSION = "1"
POLL_SECONDS = 0.1
CALLS_AT_A_TIME = 4
WORKERS_SQLITE = 2
WORKERS_POSTGRESQL = 8
TRIES = 6
FIRST_WAIT_SECONDS = 1.0
GRACE_SECONDS = 5
PENDING = "PENDING"
PRAGMAS = ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")

STATES: Mapping[str, str] = {
    "ENQUEUED": "waiting",
    "DELAYED": "waiting",
    "PENDING": "running",
    "SUCCESS": "done",
    "ERROR": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
    "CANCELLED": "cancelled",
}
"""The engine's words as ours."""


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How far a job is: `state` is waiting, running, done, failed or cancelled; `owner` is the process it runs in."""

    key: str
    name: str
    shop_id: int
    state: str
    owner: str | None
    error: str | None
    changed_at: datetime | None


class Engine:
    """Durable jobs in the application's own database, over connections of their own."""

    def __init__(self, url: str) -> None:
        quiet_library()
        self._url = url
        self._sql = _connections(url)
        self._serializer = DBOSPortableJSONSerializer()
        self._client = DBOSClient(
            system_database_url=url,
            system_database_engine=self._sql,
            serializer=self._serializer,
            application_name=NAME,
        )
        self._launched = False

    def enqueue(
        self, unit: Unit, name: str, *, key: str, payload: Mapping[str, object], delay_seconds: float = 0
    ) -> None:
        """Enqueue a job within the unit's transaction; the same name and key of a shop are one job."""
        options = EnqueueOptions(
            workflow_name=WORKFLOW,
            queue_name=QUEUE,
            workflow_id=f"{unit.shop.id}:{name}:{key}",
            app_version=VERSION,
            queue_partition_key=str(unit.shop.id),
        )
        if delay_seconds:
            options["delay_seconds"] = delay_seconds
        self._client.enqueue_in_transaction(unit.connection, options, name, unit.shop.id, dict(payload))

    def launch(self, run: RunJob, *, executor_id: str) -> None:
        """Begin to carry out jobs in this process, those first that this executor left unfinished."""
        DBOS(config=self._config(executor_id))
        DBOS.workflow(name=WORKFLOW)(run)
        self._client.register_queue(
            QUEUE,
            worker_concurrency=WORKERS_SQLITE if self._url.startswith("sqlite") else WORKERS_POSTGRESQL,
            partition_concurrency=CALLS_AT_A_TIME,
            polling_interval_sec=POLL_SECONDS,
            application_name=NAME,
        )
        DBOS.launch()
        self._launched = True

    def stop(self) -> None:
        """Stop carrying out jobs; those under way get a moment to finish, the rest goes on at the next start."""
        if self._launched:
            DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=GRACE_SECONDS)
            self._launched = False

    def close(self) -> None:
        """Give the connections back."""
        self._client.destroy()
        self._sql.dispose()

    def jobs(self, *, states: tuple[str, ...] = (), limit: int = 100) -> list[JobStatus]:
        """The newest jobs, those in the given states when any are given."""
        wanted = [theirs for theirs, ours in STATES.items() if ours in states] or None
        found = self._client.list_workflows(status=wanted, limit=limit, sort_desc=True, load_output=True)
        return [_status(workflow) for workflow in found]

    def unfinished(self) -> dict[str, list[str]]:
        """The ids of running jobs by the executor that owns them."""
        owned: dict[str, list[str]] = {}
        for workflow in self._client.list_workflows(status=PENDING, load_input=False, load_output=False):
            owned.setdefault(workflow.executor_id or "", []).append(workflow.workflow_id)
        return owned

    def take_over(self, ids: list[str]) -> None:
        """Put jobs of a dead executor back into the queue; only who proved it dead may call this."""
        self._client.resume_workflows(ids, queue_name=QUEUE)

    def forget_finished(self, *, before: datetime) -> int:
        """Delete finished jobs from before a time; how many they were."""
        done = [theirs for theirs, ours in STATES.items() if ours in ("done", "cancelled")]
        found = self._client.list_workflows(
            status=done, end_time=before.isoformat(), limit=1000, load_input=False, load_output=False
        )
        self._client.delete_workflows([workflow.workflow_id for workflow in found])
        return len(found)

    def _config(self, executor_id: str) -> DBOSConfig:
        return DBOSConfig(
            name=NAME,
            system_database_url=self._url,
            system_database_engine=self._sql,
            application_version=VERSION,
            executor_id=executor_id,
            serializer=self._serializer,
            log_level="WARNING",
            enable_otlp=False,
        )


def step(name: str, act: Callable[[], T]) -> T:
    """A durable step of the running job: tried again with growing waits while the channel is slow, then it raises."""
    return DBOS.run_step(
        {
            "name": name,
            "retries_allowed": True,
            "max_attempts": TRIES,
            "interval_seconds": FIRST_WAIT_SECONDS,
            "backoff_rate": 2.0,
            "should_retry": lambda error: isinstance(error, ChannelSlow),
        },
        act,
    )


def migrate_engine(url: str) -> None:
    """Make or bring up to date the engine's own tables in the database."""
    quiet_library()
    DBOS.migrate(url)


def quiet_library() -> None:
    """Let the library speak through our log, from warnings upward."""
    library = logging.getLogger("dbos")
    library.handlers.clear()
    library.addHandler(logging.NullHandler())
    library.setLevel(logging.WARNING)
    library.propagate = True


def _connections(url: str) -> SqlEngine:
    """Connections beside the application's own; on SQLite they wait for the writer and lose nothing either."""
    engine = create_engine(url, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _status(workflow: object) -> JobStatus:
    given = cast("Mapping[str, object]", vars(workflow))
    inputs = cast("Mapping[str, tuple[object, ...]]", given["input"] or {"args": ("", 0)})
    name, shop_id, *_ = inputs["args"]
    changed = cast("int | None", given["updated_at"])
    return JobStatus(
        key=str(given["workflow_id"]),
        name=str(name),
        shop_id=int(str(shop_id)),
        state=STATES.get(str(given["status"]), "waiting"),
        owner=cast("str | None", given["executor_id"]),
        error=str(given["error"]) if given["error"] else None,
        changed_at=datetime.fromtimestamp(changed / 1000, UTC) if changed else None,
    )
