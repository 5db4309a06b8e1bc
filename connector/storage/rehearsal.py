"""A database in which every write is undone: what was done in it can be seen, and is not there afterwards."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select

from connector.storage.database import Database, Unit
from connector.storage.scope import put
from connector.storage.shop_store import Shop
from connector.storage.tables.money_tables import legs
from connector.storage.tables.order_tables import quotes
from connector.storage.tables.people_tables import attempts
from connector.storage.tables.shift_tables import approvals

T = TypeVar("T")
Row = Mapping[str, Any]
KEPT: tuple[tuple[Table, str], ...] = ((quotes, "at"), (approvals, "at"), (attempts, "until"))
"""What stays: figures that were shown, so that they can be confirmed, approvals of a training, and wrong guesses.

Each with the column that says how new a row is. None of it moves money, goods or a return.
"""


class RehearsedDatabase(Database):
    """The same database for who reads; who writes sees what they did until their unit of work ends.

    `legs` are those that such units would have left behind.
    """

    def __init__(self, real: Database, *, shop: Shop, since: datetime) -> None:
        self.url = real.url
        self.engine = real.engine
        self.legs: list[Row] = []
        self._real = real
        self._shop = shop
        self._since = since

    @property
    def embedded(self) -> bool:
        """Whether the database is a file of this machine."""
        return self._real.embedded

    @contextmanager
    def read_install(self) -> Iterator[Connection]:
        """A transaction that reads."""
        with self._real.read_install() as connection:
            yield connection

    @contextmanager
    def ask_install(self) -> Iterator[Connection]:
        """A connection for single questions."""
        with self._real.ask_install() as connection:
            yield connection

    def write_install(self, work: Callable[[Connection], T]) -> T:
        """What a work gave, after it was undone."""
        return self._real.write_install(lambda connection: self._undone(connection, work))

    def submit_install(self, work: Callable[[Connection], T]) -> "Future[T]":
        """What `write_install` gives, for who does not wait."""
        return self._real.submit_install(lambda connection: self._undone(connection, work))

    def close(self) -> None:
        """Nothing to finish: the real database goes on."""

    def _undone(self, connection: Connection, work: Callable[[Connection], T]) -> T:
        before = {table.name: self._rows(connection, table, column) for table, column in (*KEPT, (legs, "changed_at"))}
        step = connection.begin_nested()
        try:
            result = work(connection)
            news = {table: self._news(connection, table, column, before) for table, column in KEPT}
            self.legs.extend(self._news(connection, legs, "changed_at", before))
        finally:
            step.rollback()
        for table, several in news.items():
            for one in several:
                put(Unit(connection, self._shop), table, {k: v for k, v in one.items() if k != "shop_id"})
        return result

    def _news(self, connection: Connection, table: Table, column: str, before: Mapping[str, list[Row]]) -> list[Row]:
        return [one for one in self._rows(connection, table, column) if one not in before[table.name]]

    def _rows(self, connection: Connection, table: Table, column: str) -> list[Row]:
        mine = table.c.shop_id == self._shop.id
        recent = select(table).where(mine, table.c[column] >= self._since)
        return [dict(found) for found in connection.execute(recent).mappings()]
