"""The durable engine; the only file that knows its library, DBOS (MIT).

What was learned the hard way: a process needs an executor id of its own, or in-flight steps run twice; the pinned
application version lets a deploy carry on what is in flight; a job's id is its key, so the same key is one job.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions, WorkflowStatus, error
from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import Engine as SqlEngine
from sqlalchemy import TextClause, create_engine, event, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from connector.application import SeenJob
from connector.jobs.queues import QUEUES, Queue, queue_of
from connector.storage.database import Unit
from connector.storage.shop_store import Shop

T = TypeVar("T")

NAME = "backhaul"
WORKFLOW = "run_job"
VERSION = "1"
HEARS_WITHIN_SECONDS = 0.1
"""The library's listener, to whom nobody speaks, hears so soon that it is to stop."""
PENDING = "PENDING"
BATCH = 200
COUNTED = 1000
TAKER_PATIENCE_SECONDS = 10.0
TABLES: Mapping[str, str] = {"sqlite": "workflow_status", "postgresql": "dbos.workflow_status"}
"""Where the library keeps jobs."""
MAY_BEGIN = """
WITH RECURSIVE shops(key) AS (
    SELECT min(queue_partition_key) FROM jobs WHERE queue_name = :queue AND status = 'ENQUEUED'
        AND status IN ('ENQUEUED', 'PENDING') AND queue_partition_key IS NOT NULL
    UNION ALL
    SELECT (SELECT min(queue_partition_key) FROM jobs WHERE queue_name = :queue AND status = 'ENQUEUED'
        AND status IN ('ENQUEUED', 'PENDING') AND queue_partition_key > shops.key)
    FROM shops WHERE shops.key IS NOT NULL
)
SELECT 1 FROM shops WHERE shops.key IS NOT NULL AND :most > (
    SELECT count(*) FROM jobs WHERE queue_name = :queue AND status = 'PENDING'
        AND status IN ('ENQUEUED', 'PENDING') AND queue_partition_key = shops.key
) LIMIT 1
"""
"""Whether a job waits of a shop of which fewer than so many run: from one shop to the next along the library's index,
which SQLite knows by the condition that it is made with."""
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


class Ticket(Struct, frozen=True):
    """A job as it lies in the queue: `key` names it among the shop's jobs of that name, `turn` counts from 0."""

    name: str
    shop_id: int
    key: str
    payload: Mapping[str, object]
    turn: int = 0

    @property
    def id(self) -> str:
        """What the engine knows the job by; the same id again is the same job."""
        turn = f"~{self.turn}" if self.turn else ""
        return f"{self.shop_id}:{self.name}:{self.key}{turn}"


class JobStatus(Struct, frozen=True):
    """How far a job is: `state` is waiting, running, done, failed or cancelled; `owner` is the process it runs in."""

    key: str
    name: str
    shop_id: int
    state: str
    owner: str | None
    error: str | None
    changed_at: datetime | None


class Engine:
    """Durable jobs in the application's own database, over connections of their own.

    Every process may enqueue; one that has launched the engine also carries jobs out.
    """

    def __init__(self, url: str) -> None:
        quiet_library()
        self._url = url
        self._sql = _connections(url)
        self._may_begin = {queue.name: _may_begin(queue, self._sql.dialect.name) for queue in QUEUES.values()}
        self._serializer = DBOSPortableJSONSerializer()
        self._client = DBOSClient(
            system_database_engine=self._sql, serializer=self._serializer, application_name=NAME, lazy=True
        )
        self._running: DBOS | None = None

    def enqueue(
        self, unit: Unit, name: str, *, key: str, payload: Mapping[str, object], delay_seconds: float = 0
    ) -> None:
        """Enqueue a job within the unit's transaction; the same name and key of a shop are one job."""
        ticket = Ticket(name=name, shop_id=unit.shop.id, key=key, payload=dict(payload))
        self.put(unit, ticket, delay_seconds=delay_seconds)

    def put(self, unit: Unit, ticket: Ticket, *, delay_seconds: float = 0) -> None:
        """Put a ticket into the queue within the unit's transaction, once."""
        options = EnqueueOptions(
            workflow_name=WORKFLOW,
            queue_name=queue_of(ticket.name).name,
            workflow_id=ticket.id,
            app_version=VERSION,
            queue_partition_key=str(ticket.shop_id),
        )
        if delay_seconds:
            options["delay_seconds"] = delay_seconds
        self._client.enqueue_in_transaction(unit.connection, options, asdict(ticket))

    def launch(self, run: Callable[[Ticket], None], *, executor_id: str) -> None:
        """Begin to carry out jobs in this process, those first that this executor left unfinished."""
        running = DBOS(config=self._config(executor_id))

        @DBOS.workflow(name=WORKFLOW)
        def run_job(ticket: dict[str, Any]) -> None:
            run(Ticket(**ticket))

        self._register_queues()
        DBOS.launch()
        self._running = running
        self._ask_little(running)

    def take_no_more(self) -> None:
        """Begin no further job; what was just taken out of the queue is begun before this returns.

        The library lets go of its threads before whoever takes jobs has ended: a job taken in that moment cannot begin.
        """
        if self._running is None:
            return
        for stopping in self._running.background_thread_stop_events:
            stopping.set()
        takers = {queue.taker for queue in QUEUES.values()}
        for thread in threading.enumerate():
            if thread.name in takers:
                thread.join(TAKER_PATIENCE_SECONDS)

    def stop(self) -> None:
        """Stop carrying out jobs; what is under way goes on at the next start."""
        if self._running is not None:
            self.take_no_more()
            DBOS.destroy(destroy_registry=True)
            self._running = None

    def close(self) -> None:
        """Give the connections back."""
        self.stop()
        self._client.destroy()
        self._sql.dispose()

    def jobs(self, *, states: tuple[str, ...] = (), limit: int = 100) -> list[JobStatus]:
        """The newest jobs, those in the given states when any are given."""
        wanted = [theirs for theirs, ours in STATES.items() if ours in states] or None
        return [_status(one) for one in self._client.list_workflows(status=wanted, limit=limit, sort_desc=True)]

    def is_current(self) -> bool:
        """Whether the engine's own tables are there with all that this version reads of them."""
        try:
            self._client.list_workflows(limit=1, load_input=False, load_output=False)
        except (OperationalError, ProgrammingError):
            return False
        return True

    def of_shop(self, shop: Shop, state: str, *, limit: int) -> tuple[SeenJob, ...]:
        """The newest jobs of a shop in a state: waiting, running or failed."""
        wanted = [theirs for theirs, ours in STATES.items() if ours == state]
        found = self._client.list_workflows(
            status=wanted, workflow_id_prefix=_prefix(shop), limit=limit, sort_desc=True, load_output=True
        )
        return tuple(_seen(one) for one in found if one.input)

    def forget(self, shop: Shop, job_id: str) -> None:
        """Forget a job of the shop that is over; what is not its own stays."""
        if job_id.startswith(_prefix(shop)):
            self._client.delete_workflows([job_id])

    def cancel(self, shop: Shop, job_id: str) -> None:
        """Let a job of the shop that waits never begin; what is not its own goes on."""
        if job_id.startswith(_prefix(shop)):
            self._client.cancel_workflow(job_id)

    def counts(self) -> Mapping[str, int]:
        """How many jobs are waiting, running and failed, each counted up to 1,000."""
        return {state: self._count(state) for state in ("waiting", "running", "failed")}

    def unfinished(self) -> dict[str, list[str]]:
        """The ids of running jobs by the executor that owns them."""
        owned: dict[str, list[str]] = {}
        for workflow in self._client.list_workflows(status=PENDING, load_input=False, load_output=False):
            owned.setdefault(str(workflow.executor_id), []).append(workflow.workflow_id)
        return owned

    def take_over(self, ids: list[str]) -> None:
        """Put jobs of a dead executor back into the queue; only who proved it dead may call this."""
        for queue in QUEUES.values():
            of_it = [one for one in ids if queue_of(_job_of(one)) is queue]
            if of_it:
                self._client.resume_workflows(of_it, queue_name=queue.name)

    def forget_done(self, *, before: datetime) -> None:
        """Delete the jobs from before a time that are done; what failed stays to be seen."""
        found = BATCH
        while found == BATCH:
            old = self._client.list_workflows(
                status="SUCCESS", end_time=before.isoformat(), limit=BATCH, load_input=False, load_output=False
            )
            self._client.delete_workflows([workflow.workflow_id for workflow in old])
            found = len(old)

    def _ask_little(self, running: DBOS) -> None:
        """Let who takes jobs ask one small question before the library's own, which take it 4 ms each time.

        `_queue.queue_worker_thread` (dbos 3.4) asks `get_queue` how a queue is set, which ours are for as long as this
        process lives, and `dequeue_scopes` where there is work in it.
        """
        system = running._sys_db  # noqa: SLF001  there is no other way
        get_queue, scopes = system.get_queue, system.dequeue_scopes
        ours = {name: get_queue(name) for name in QUEUES}
        system.get_queue = lambda name, **named: ours[name] if name in ours else get_queue(name, **named)  # type: ignore[method-assign]
        system.dequeue_scopes = lambda queue_name: (  # type: ignore[method-assign]
            scopes(queue_name) if queue_name not in ours or self._may_any_begin(queue_name) else []
        )

    def _may_any_begin(self, queue_name: str) -> bool:
        with self._sql.connect() as connection:
            return connection.execute(self._may_begin[queue_name]).first() is not None

    def _count(self, state: str) -> int:
        wanted = [theirs for theirs, ours in STATES.items() if ours == state]
        return len(self._client.list_workflows(status=wanted, limit=COUNTED, load_input=False, load_output=False))

    def _register_queues(self) -> None:
        for queue in QUEUES.values():
            room = queue.rooms[self._sql.dialect.name]
            self._client.register_queue(
                queue.name,
                worker_concurrency=room.at_a_time,
                partition_concurrency=room.of_one_shop,
                polling_interval_sec=queue.poll_seconds,
            )

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
            run_migrations=False,
            notification_listener_polling_interval_sec=HEARS_WITHIN_SECONDS,
            max_executor_threads=16,
        )


class Interrupted(BaseException):
    """This run of a job ends and nothing of it is noted: another run goes on from its last finished step.

    No Exception, because those are noted as the job's failure.
    """


def durably(name: str, act: Callable[[], T]) -> T:
    """What an act of the running job gave, kept as JSON: after a crash the kept result is given again.

    Raises Interrupted when the job was taken over meanwhile.
    """
    try:
        return DBOS.run_step({"name": name}, act)
    except error.DBOSWorkflowConflictIDError as taken_over:
        raise Interrupted from taken_over


def migrate_engine(url: str) -> None:
    """Make or bring up to date the engine's own tables in the database."""
    quiet_library()
    DBOS.migrate(url)


def quiet_library() -> None:
    """Let the library speak through our log, from warnings upward, and nowhere else."""
    library = logging.getLogger("dbos")
    library.handlers = [logging.NullHandler()]
    library.setLevel(logging.WARNING)
    library.propagate = True


def _may_begin(queue: Queue, database: str) -> TextClause:
    asked = text(MAY_BEGIN.replace("FROM jobs", f"FROM {TABLES[database]}"))
    return asked.bindparams(queue=queue.name, most=queue.rooms[database].of_one_shop)


def _connections(url: str) -> SqlEngine:
    """Connections beside the application's own; on SQLite they wait for the writer and lose nothing either."""
    engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = "IMMEDIATE"
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _job_of(job_id: str) -> str:
    """The name of a job by its id; see `Ticket.id`."""
    _, name, _ = job_id.split(":", 2)
    return name


def _prefix(shop: Shop) -> str:
    return f"{shop.id}:"


def _seen(workflow: WorkflowStatus) -> SeenJob:
    status = _status(workflow)
    ticket = Ticket(**workflow.input["args"][0]) if workflow.input else Ticket("", 0, "", {})
    return SeenJob(
        id=workflow.workflow_id,
        name=ticket.name,
        key=ticket.key,
        payload=ticket.payload,
        state=status.state,
        error=status.error or "",
        changed_at=status.changed_at,
    )


def _status(workflow: WorkflowStatus) -> JobStatus:
    ticket = Ticket(**workflow.input["args"][0]) if workflow.input else Ticket("", 0, "", {})
    return JobStatus(
        key=workflow.workflow_id,
        name=ticket.name,
        shop_id=ticket.shop_id,
        state=STATES.get(workflow.status, "waiting"),
        owner=workflow.executor_id,
        error=_said(workflow.error) if workflow.error else None,
        changed_at=datetime.fromtimestamp(workflow.updated_at / 1000, UTC) if workflow.updated_at else None,
    )


def _said(error: Exception) -> str:
    """What went wrong; errors that come back from the database carry the name of their kind."""
    return f"{getattr(error, 'name', type(error).__name__)}: {error}"
