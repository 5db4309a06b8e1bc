"""Statements that are built and compiled once and then handed to the driver as they are.

SQLAlchemy takes ten times as long around a small statement as SQLite takes to carry it out, so what every request asks
goes past it: its SQL, its types and its errors are SQLAlchemy's own, its execution is the driver's.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from msgspec import Struct
from psycopg import RawCursor
from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Statement = Select[Any] | Insert | Update | Delete
Process = Callable[[Any], Any] | None
Rows = list[dict[str, Any]]

CURSOR = "backhaul_cursor"
NUMBERED: Dialect = psycopg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
"""PostgreSQL's own form of parameters, which psycopg passes on as it is."""
ALONE = "backhaul_alone"
"""An option of connections on which a selection needs no transaction."""


class _Compiled(Struct, frozen=True):
    """A statement for one database: what is always given, how values are written, how columns are read."""

    sql: str
    given: Mapping[str, Any]
    in_order: Callable[[Mapping[str, Any]], tuple[Any, ...]]
    written: tuple[tuple[str, Callable[[Any], Any]], ...]
    names: tuple[str, ...]
    read: tuple[tuple[str, Callable[[Any], Any]], ...]


class Prepared:
    """One statement; it takes its values by the names of its parameters and may be carried out on either database.

    Lists of values (`IN`) cannot be parameters of it. An insert gives its `columns`.
    """

    __slots__ = ("_by_dialect", "_columns", "_statement")

    def __init__(self, statement: Statement, *, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns
        self._by_dialect: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, values: Mapping[str, object]) -> Rows:
        """The rows that it gives, by column name; raises SQLAlchemy's DBAPIError."""
        if not connection.in_transaction() and ALONE not in connection.get_execution_options():
            connection.begin()
        compiled, cursor = self._executed(connection, values)
        found = [dict(zip(compiled.names, row, strict=True)) for row in cursor.fetchall()]
        for name, read in compiled.read:
            for row in found:
                row[name] = read(row[name])
        return found

    def count(self, connection: Connection, values: Mapping[str, object]) -> int:
        """How many rows it has changed; raises SQLAlchemy's DBAPIError."""
        if ALONE in connection.get_execution_options():
            raise RuntimeError("a question cannot write")
        if not connection.in_transaction():
            connection.begin()
        return int(self._executed(connection, values)[1].rowcount)

    def _executed(self, connection: Connection, values: Mapping[str, object]) -> tuple[_Compiled, Any]:
        dialect = connection.dialect
        compiled = self._by_dialect.get(dialect.name) or self._compile(dialect)
        given = {**compiled.given, **values}
        for name, write in compiled.written:
            given[name] = write(given[name])
        return compiled, carried_out(connection, compiled.sql, compiled.in_order(given))

    def _compile(self, dialect: Dialect) -> _Compiled:
        plain = dialect if dialect.name == "sqlite" else NUMBERED
        built: Any = self._statement.compile(dialect=plain, column_keys=self._columns)
        columns: Sequence[Any] = tuple(self._statement.exported_columns)
        written = ((name, _writer(bind.type, dialect)) for name, bind in built.binds.items())
        read = ((column.key, _reader(column.type, dialect)) for column in columns)
        compiled = _Compiled(
            sql=str(built),
            given=dict(built.params),
            in_order=_in_order(built.positiontup),
            written=tuple((name, process) for name, process in written if process),
            names=tuple(column.key for column in columns),
            read=tuple((name, process) for name, process in read if process),
        )
        self._by_dialect[dialect.name] = compiled
        return compiled


def _in_order(names: Sequence[str]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Takes values out by name, in the order of the parameters that they are given for."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


def carried_out(connection: Connection, sql: str, parameters: Sequence[object]) -> Any:  # noqa: ANN401  the driver's
    """What the driver made of a statement with these parameters; raises SQLAlchemy's DBAPIError."""
    dbapi: Any = connection.dialect.dbapi
    try:
        if connection.dialect.name == "sqlite":
            return _driver(connection).execute(sql, parameters)
        return _cursor(connection).execute(sql, parameters, binary=True)
    except dbapi.Error as error:
        raise _wrapped(error, sql, connection) from error


def _wrapped(error: Exception, sql: str, connection: Connection) -> BaseException:
    dialect: Any = connection.dialect
    is_lost = dialect.is_disconnect(error, _driver(connection), None)
    return DBAPIError.instance(
        sql, None, error, dialect.dbapi.Error, hide_parameters=True, connection_invalidated=is_lost, dialect=dialect
    )


def _cursor(connection: Connection) -> RawCursor[Any]:
    """The one of a connection of PostgreSQL, which is asked anew and again: psycopg takes long to make another."""
    driver = _driver(connection)
    known: RawCursor[Any] | None = connection.info.get(CURSOR)
    if known is None or known.connection is not driver:
        known = connection.info[CURSOR] = RawCursor(driver)
    return known


def _driver(connection: Connection) -> Any:  # noqa: ANN401  the driver's connection
    return connection.connection.dbapi_connection


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Process:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Process:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
