"""Connections that stay open in hand between two transactions."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from sqlalchemy import Connection, Engine

FRESH_SECONDS = 1.0


class Connections:
    """Lends connections of an engine, those first that were just given back.

    Taking one out of SQLAlchemy's pool and putting it back takes longer than a small question. One that lay here for a
    second goes back all the same: the pool looks whether it still stands before it is used again.
    """

    def __init__(self, engine: Engine, *, most_idle: int, fresh_seconds: float = FRESH_SECONDS) -> None:
        self._engine = engine
        self._most_idle = most_idle
        self._fresh_seconds = fresh_seconds
        self._idle: deque[tuple[Connection, float]] = deque()

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """A connection outside of any transaction; what was begun on it and not committed is undone."""
        connection = self._taken()
        try:
            yield connection
            connection.rollback()
        except BaseException:
            connection.close()
            raise
        self._put_back(connection)

    def close(self) -> None:
        """Give those that lie here back."""
        while self._idle:
            self._idle.pop()[0].close()

    def _taken(self) -> Connection:
        try:
            connection, since = self._idle.pop()
        except IndexError:
            return self._engine.connect()
        if monotonic() - since < self._fresh_seconds:
            return connection
        connection.close()
        return self._engine.connect()

    def _put_back(self, connection: Connection) -> None:
        if len(self._idle) < self._most_idle:
            self._idle.append((connection, monotonic()))
        else:
            connection.close()
