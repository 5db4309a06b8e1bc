"""Connections that stay in hand are the same for the next one, and leave nothing behind."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from connector.storage.connections import Connections
from connector.storage.database import Database


@pytest.fixture
def connections(sqlite_url: str) -> Iterator[Connections]:
    made = Connections(create_engine(sqlite_url), most_idle=1)
    yield made
    made.close()


def test_a_connection_that_was_given_back_is_lent_again(connections: Connections):
    with connections.lent() as first:
        pass
    with connections.lent() as second:
        assert second is first


def test_two_at_a_time_have_one_each_and_one_of_them_stays(connections: Connections):
    with connections.lent() as first, connections.lent() as second:
        assert first is not second
    assert (second.closed, first.closed) == (False, True)


def test_what_was_begun_and_not_committed_is_undone(connections: Connections):
    with connections.lent() as first:
        first.execute(text("CREATE TABLE things (n INTEGER)"))
        first.commit()
        first.execute(text("INSERT INTO things VALUES (1)"))
    with connections.lent() as second:
        assert second.execute(text("SELECT count(*) FROM things")).scalar_one() == 0


def test_one_that_saw_an_error_goes_back_to_the_pool(connections: Connections):
    with pytest.raises(RuntimeError), connections.lent() as first:
        raise RuntimeError
    assert first.closed


def test_one_that_lay_too_long_goes_back_to_the_pool(sqlite_url: str):
    connections = Connections(create_engine(sqlite_url), most_idle=1, fresh_seconds=0)
    with connections.lent() as first:
        pass
    with connections.lent() as second:
        assert (first.closed, second.closed) == (True, False)


def test_none_is_left_open_in_the_end(connections: Connections):
    with connections.lent() as first:
        pass
    connections.close()
    assert first.closed


def test_a_database_that_was_started_anew_is_read_from(each_database: Database):
    connections = Connections(each_database.engine, most_idle=1, fresh_seconds=0)
    with connections.lent() as first:
        broken = first.connection.dbapi_connection
    assert broken is not None
    broken.close()
    with connections.lent() as second:
        assert second.execute(text("SELECT 1")).scalar_one() == 1
    connections.close()
