"""A database that is away is told apart from one that refuses what it is asked."""

import sqlite3
from collections.abc import Callable

import pytest
from psycopg import errors
from sqlalchemy import Connection, bindparam, literal, select
from sqlalchemy.exc import OperationalError

from connector.storage.away import is_away
from connector.storage.database import Database
from connector.storage.prepared import Prepared

MORE_THAN_ANY_STATEMENT_TAKES = 300_000
ASKED = Prepared(select(literal(1).label("n")).where(bindparam("n") == 1))


def failed(database: Database, work: Callable[[Connection], object]) -> OperationalError:
    with pytest.raises(OperationalError) as raised:
        database.write_install(work)
    return raised.value


def cut(connection: Connection) -> None:
    """The server ends the connection, as it does when it stops."""
    mine = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with connection.engine.connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({mine})")


def test_a_server_that_nobody_reaches_is_away():
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    assert is_away(failed(database, lambda connection: connection.exec_driver_sql("SELECT 1")))
    database.close()


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "ask",
    [lambda connection: connection.exec_driver_sql("SELECT 1"), lambda connection: ASKED.rows(connection, {"n": 1})],
    ids=["by SQLAlchemy", "prepared"],
)
def test_a_server_that_ended_the_connection_is_away(postgresql_url: str, ask: Callable[[Connection], object]):
    database = Database(postgresql_url)
    assert is_away(failed(database, lambda connection: (cut(connection), ask(connection))))
    database.close()


def test_a_disk_that_is_full_is_away(database: Database):
    def fill(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count=1")
        connection.exec_driver_sql("CREATE TABLE much AS SELECT randomblob(100000)")

    assert is_away(failed(database, fill))


def test_a_file_that_another_process_writes_is_away(database: Database, sqlite_url: str):
    def impatient(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")

    database.write_install(impatient)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert is_away(failed(database, impatient))
    other.close()


def test_a_statement_of_too_many_values_is_refused(each_database: Database):
    def ask(connection: Connection) -> None:
        mark = "?" if each_database.embedded else "%s"
        marks = ",".join([mark] * MORE_THAN_ANY_STATEMENT_TAKES)
        connection.exec_driver_sql(f"SELECT 1 WHERE 1 IN ({marks})", (1,) * MORE_THAN_ANY_STATEMENT_TAKES)

    assert not is_away(failed(each_database, ask))


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (errors.AdminShutdown(), True),
        (errors.TooManyConnections(), True),
        (errors.DiskFull(), True),
        (errors.ConnectionFailure(), True),
        (errors.IoError(), True),
        (errors.QueryCanceled(), False),
        (errors.DeadlockDetected(), False),
        (errors.StatementTooComplex(), False),
        (sqlite3.OperationalError("no such table: shops"), False),
    ],
)
def test_what_the_server_says_tells_whether_it_is_away(reason: Exception, expected: bool):
    assert is_away(OperationalError("SELECT 1", {}, reason)) is expected
