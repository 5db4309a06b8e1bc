"""The one database: SQLite in a file, or PostgreSQL by its URL; both are used the same way."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from connector.json_text import parsed, written
from connector.storage.connections import Connections
from connector.storage.prepared import ALONE, carried_out
from connector.storage.shop_store import Shop
from connector.storage.writer import Writer

T = TypeVar("T")

PRAGMAS = (
    "busy_timeout=30000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-65536",
    "temp_store=MEMORY",
)
"""FULL: with NORMAL a power cut may take the last commits, and a commit here may be a refund."""

READERS = 4
ASKERS = 4
WRITERS = 4
"""So many connections stay open for who reads or asks, and on PostgreSQL for who writes; the pool has many more."""


def _json(value: object) -> str:
    return written(value).decode()


ALWAYS: Mapping[str, Any] = {"json_serializer": _json, "json_deserializer": parsed, "hide_parameters": True}
"""Parameters are names and addresses of people, so no error or log line shows them."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An open transaction bound to one shop: who holds it reads and changes this shop's rows only."""

    connection: Connection
    shop: Shop
    known: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)
    """What this unit has read and only itself can change: an order that is asked for in six places is read once."""


class Database:
    """Reads see one moment; a write is a unit of work that is committed whole, or not at all.

    On SQLite one thread writes and commits in groups; on PostgreSQL each write is its own transaction in the thread
    that called. A work may be run only by `write`, may not call `write` itself, and should do nothing slow.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        embedded = make_url(url).get_backend_name() == "sqlite"
        self.engine, self._reading, asking = _sqlite_engines(url) if embedded else _postgresql_engines(url)
        self._readers = Connections(self._reading, most_idle=READERS)
        self._askers = Connections(asking, most_idle=ASKERS)
        self._writers = Connections(self.engine, most_idle=WRITERS)
        self._writer = Writer(self.engine) if embedded else None
        self._submitted = ThreadPoolExecutor(max_workers=1, thread_name_prefix="submitted")

    @property
    def embedded(self) -> bool:
        """Whether the database is a file of this machine (SQLite)."""
        return self._writer is not None

    @contextmanager
    def read(self, shop: Shop) -> Iterator[Unit]:
        """A unit that reads; it sees one moment and cannot write."""
        with self.read_install() as connection:
            yield Unit(connection=connection, shop=shop)

    @contextmanager
    def ask(self, shop: Shop) -> Iterator[Unit]:
        """A unit for single questions: each sees a moment of its own, and nothing is begun and ended around it."""
        with self.ask_install() as connection:
            yield Unit(connection=connection, shop=shop)

    def write(self, shop: Shop, work: Callable[[Unit], T]) -> T:
        """What the work gave, after its commit; an error of the work undoes it and is raised."""
        return self.write_install(lambda connection: work(Unit(connection=connection, shop=shop)))

    def write_soon(self, shop: Shop, work: Callable[[Unit], T]) -> "Future[T]":
        """What `write` gives, for who does not wait in this thread; where each thread writes, it is done at once."""

        def bound(connection: Connection) -> T:
            return work(Unit(connection=connection, shop=shop))

        return self.submit_install(bound) if self.embedded else _done(lambda: self.write_install(bound))

    @contextmanager
    def read_install(self) -> Iterator[Connection]:
        """A transaction that reads rows of the install: shops, workers."""
        with self._readers.lent() as connection:
            yield connection

    @contextmanager
    def ask_install(self) -> Iterator[Connection]:
        """The same for single questions about the install."""
        with self._askers.lent() as connection:
            yield connection

    def write_install(self, work: Callable[[Connection], T]) -> T:
        """What a work on rows of the install gave, after its commit."""
        if self._writer is not None:
            return self._writer.run(work)
        with self._writers.lent() as connection, connection.begin():
            return work(connection)

    def submit_install(self, work: Callable[[Connection], T]) -> "Future[T]":
        """What `write_install` gives, for who does not wait in this thread; one such work at a time on PostgreSQL."""
        if self._writer is not None:
            return self._writer.submit(work)
        return self._submitted.submit(self.write_install, work)

    def tend(self) -> None:
        """Let SQLite count its rows, so that it knows the short way to them; PostgreSQL does that by itself."""
        if self._writer is not None:
            self._writer.run(_count_rows)

    def close(self) -> None:
        """Finish the writes that wait and close all connections."""
        if self._writer is not None:
            self._writer.close()
        self._submitted.shutdown()
        self._readers.close()
        self._askers.close()
        self._writers.close()
        self._reading.dispose()
        self.engine.dispose()


def _done(work: Callable[[], T]) -> "Future[T]":
    done: Future[T] = Future()
    try:
        done.set_result(work())
    except Exception as error:  # noqa: BLE001  it is raised where the outcome is asked for
        done.set_exception(error)
    return done


def _count_rows(connection: Connection) -> None:
    """Of tables that have grown much since the last time, and so many rows at most (sqlite.org/lang_analyze.html)."""
    connection.exec_driver_sql("PRAGMA analysis_limit=1000")
    connection.exec_driver_sql("PRAGMA optimize=0x10002")


def _sqlite_engines(url: str) -> tuple[Engine, Engine, Engine]:
    """One connection that writes, and connections that read and cannot write, in transactions and without."""
    writing = create_engine(url, pool_size=1, max_overflow=0, **ALWAYS)
    reading = create_engine(url, pool_size=READERS + ASKERS, max_overflow=32, **ALWAYS)
    _prepare(writing, PRAGMAS, begin="BEGIN IMMEDIATE")
    _prepare(reading, (*PRAGMAS, "query_only=ON"), begin="BEGIN")
    return writing, reading, reading.execution_options(**{ALONE: True})


def _postgresql_engines(url: str) -> tuple[Engine, Engine, Engine]:
    """The same connections to write, to read in transactions, and to ask without."""
    in_utc = {"options": "-c timezone=UTC"}
    writing = create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True, connect_args=in_utc, **ALWAYS)
    reading = writing.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return writing, reading, writing.execution_options(isolation_level="AUTOCOMMIT", **{ALONE: True})


def _prepare(engine: Engine, pragmas: tuple[str, ...], *, begin: str) -> None:
    """The driver's own BEGIN comes too late and too weak, so ours is sent: only writers take the write lock."""

    def connected(connection: Any, _record: object) -> None:  # noqa: ANN401  the driver's connection
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", lambda connection: carried_out(connection, begin, ()))
