"""SQLite has one writer at a time, so one thread writes and commits what is waiting as a group."""

from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Thread, current_thread
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from connector.one_by_one import go_out, inside
from connector.storage.connections import Connections

T = TypeVar("T")
Work = Callable[[Connection], object]
Waiting = tuple[Work, "Future[Any]"]
Outcome = tuple[object, BaseException | None]

LARGEST_GROUP = 64
SAVE, UNDO, FORGET = "SAVEPOINT work", "ROLLBACK TO work", "RELEASE work"


class Writer:
    """Runs works one after the other; answers each only after the commit of its group."""

    def __init__(self, engine: Engine) -> None:
        self._connections = Connections(engine, most_idle=1)
        self._waiting: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread = Thread(target=self._serve, name="sqlite-writer", daemon=True)
        self._thread.start()

    def run(self, work: Callable[[Connection], T]) -> T:
        """What the work gave, once it is committed; an error of the work is raised and harms no other work."""
        if current_thread() is self._thread:
            raise RuntimeError("a write inside a write would wait for itself")
        answer = self.submit(work)
        go_out()
        return answer.result()

    def submit(self, work: Callable[[Connection], T]) -> "Future[T]":
        """What `run` gives, for who does not wait in this thread."""
        answer: Future[T] = Future()
        self._waiting.put((work, answer))
        return answer

    def close(self) -> None:
        """Finish what is waiting and end the thread."""
        self._waiting.put(None)
        self._thread.join()
        self._connections.close()

    def _serve(self) -> None:
        while (first := self._waiting.get()) is not None:
            self._commit([first, *self._others()])

    def _others(self) -> list[Waiting]:
        others: list[Waiting] = []
        while len(others) < LARGEST_GROUP:
            try:
                other = self._waiting.get_nowait()
            except Empty:
                break
            if other is None:
                self._waiting.put(None)
                break
            others.append(other)
        return others

    def _commit(self, group: list[Waiting]) -> None:
        try:
            with self._connections.lent() as connection, connection.begin(), inside():
                outcomes = _outcomes(connection, [work for work, _ in group])
        except BaseException as error:  # noqa: BLE001  nothing was committed, and everybody who waits is told
            outcomes = [(None, error)] * len(group)
        for (_, answer), (result, refusal) in zip(group, outcomes, strict=True):
            if refusal is None:
                answer.set_result(result)
            else:
                answer.set_exception(refusal)


def _outcomes(connection: Connection, works: list[Work]) -> list[Outcome]:
    """A lone work needs no savepoint: when it fails, all that is undone is its own."""
    if len(works) == 1:
        return [(works[0](connection), None)]
    return [_attempt(connection, work) for work in works]


def _attempt(connection: Connection, work: Work) -> Outcome:
    """A work within a savepoint: SQLAlchemy's own takes longer than what most works ask."""
    driver: Any = connection.connection.dbapi_connection
    driver.execute(SAVE)
    try:
        outcome: Outcome = work(connection), None
    except BaseException as error:
        if not driver.in_transaction:  # on a full disk SQLite rolls the whole group back by itself
            raise
        driver.execute(UNDO)
        outcome = None, error
    driver.execute(FORGET)
    return outcome
