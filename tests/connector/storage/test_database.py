"""A unit of work is committed whole or not at all, and reads see one moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from connector.storage import command_store, shop_store
from connector.storage.database import Database, Unit
from connector.storage.errors import Duplicate
from connector.storage.shop_store import Shop
from tests.databases import make_shop

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def shop(each_database: Database) -> Shop:
    return make_shop(each_database)


def keep(database: Database, shop: Shop, key: str) -> None:
    database.write(shop, lambda unit: command_store.keep(unit, key, result={}, at=NOW))


def kept(database: Database, shop: Shop, *keys: str) -> list[str]:
    with database.read(shop) as unit:
        return [key for key in keys if command_store.get(unit, key) is not None]


def test_what_was_written_is_read(each_database: Database, shop: Shop):
    keep(each_database, shop, "a")
    assert kept(each_database, shop, "a", "b") == ["a"]


def test_a_write_gives_what_its_work_gave(each_database: Database, shop: Shop):
    assert each_database.write(shop, lambda unit: unit.shop.slug) == "demo"


def test_one_write_after_another_goes_over_the_same_connection(each_database: Database, shop: Shop):
    first, second = (each_database.write(shop, lambda unit: unit.connection) for _ in range(2))
    assert first is second


def test_a_write_after_one_that_failed_goes_over_another_connection(each_database: Database, shop: Shop):
    used = []

    def fail(unit: Unit) -> None:
        used.append(unit.connection)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        each_database.write(shop, fail)
    assert each_database.write(shop, lambda unit: unit.connection) is not used[0]


def test_an_error_undoes_the_work_and_is_raised(each_database: Database, shop: Shop):
    def work(unit: Unit) -> None:
        command_store.keep(unit, "a", result={}, at=NOW)
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        each_database.write(shop, work)
    assert kept(each_database, shop, "a") == []


def test_who_does_not_wait_is_told_what_a_write_gave_or_why_not(each_database: Database, shop: Shop):
    def refuse(_connection: Connection) -> None:
        raise RuntimeError("no")

    refused, well = each_database.submit_install(refuse), each_database.submit_install(lambda _connection: 7)
    assert (str(refused.exception()), well.result()) == ("no", 7)


def test_who_writes_soon_has_what_the_work_gave_once_it_is_kept_or_why_it_is_not(each_database: Database, shop: Shop):
    def work(unit: Unit) -> str:
        command_store.keep(unit, "a", result={}, at=NOW)
        return unit.shop.slug

    assert each_database.write_soon(shop, work).result(5) == "demo"
    assert kept(each_database, shop, "a") == ["a"]
    with pytest.raises(Duplicate):
        each_database.write_soon(shop, work).result(5)


def test_an_error_harms_no_other_work_that_is_committed_with_it(each_database: Database, shop: Shop):
    def work(n: int) -> bool:
        def attempt(unit: Unit) -> bool:
            command_store.keep(unit, str(n), result={}, at=NOW)
            if n % 3 == 0:
                raise RuntimeError("no")
            return True

        try:
            return each_database.write(shop, attempt)
        except RuntimeError:
            return False

    numbers = range(60)
    with ThreadPoolExecutor(16) as threads:
        done = list(threads.map(work, numbers))
    expected = [str(n) for n in numbers if n % 3]
    assert [str(n) for n, well in enumerate(done) if well] == expected
    assert kept(each_database, shop, *map(str, numbers)) == expected


def test_a_write_is_seen_by_others_as_soon_as_it_is_answered(each_database: Database, shop: Shop):
    def write_then_read(n: int) -> list[str]:
        keep(each_database, shop, str(n))
        return kept(each_database, shop, str(n))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(write_then_read, range(40))) == [[str(n)] for n in range(40)]


def test_a_read_sees_one_moment(each_database: Database, shop: Shop):
    with each_database.read(shop) as unit:
        assert command_store.get(unit, "a") is None
        keep(each_database, shop, "a")
        assert command_store.get(unit, "a") is None


def test_a_read_cannot_write(each_database: Database, shop: Shop):
    with each_database.read(shop) as unit, pytest.raises(DBAPIError):
        command_store.keep(unit, "a", result={}, at=NOW)


def asked(database: Database, shop: Shop, key: str) -> bool:
    with database.ask(shop) as unit:
        return command_store.get(unit, key) is not None


def test_each_question_sees_what_was_written_before_it(each_database: Database, shop: Shop):
    with each_database.ask(shop) as unit:
        assert command_store.get(unit, "a") is None
        keep(each_database, shop, "a")
        assert command_store.get(unit, "a") is not None
    assert (asked(each_database, shop, "a"), asked(each_database, shop, "b")) == (True, False)


def test_nothing_is_begun_for_a_question(each_database: Database, shop: Shop):
    with each_database.ask(shop) as unit:
        command_store.get(unit, "a")
        driver = unit.connection.connection.dbapi_connection
        is_open = driver.in_transaction if each_database.embedded else driver.info.transaction_status
        assert (unit.connection.in_transaction(), bool(is_open)) == (False, False)


def test_a_question_cannot_write(each_database: Database, shop: Shop):
    with each_database.ask(shop) as unit, pytest.raises(RuntimeError, match="cannot write"):
        command_store.keep(unit, "a", result={}, at=NOW)
    assert not asked(each_database, shop, "a")


def test_questions_reads_and_writes_take_turns_on_the_connections(each_database: Database, shop: Shop):
    for n in range(3):
        assert not asked(each_database, shop, str(n))
        keep(each_database, shop, str(n))
        assert kept(each_database, shop, str(n)) == [str(n)]
        assert asked(each_database, shop, str(n))


def test_a_write_within_a_write_is_refused_on_sqlite_instead_of_waiting_for_itself(database: Database):
    shop = make_shop(database, "other")
    with pytest.raises(RuntimeError, match="wait for itself"):
        database.write(shop, lambda _: keep(database, shop, "a"))


def test_what_waits_is_finished_when_the_database_is_closed(sqlite_url: str):
    database = Database(sqlite_url)
    shop = make_shop(database)
    with ThreadPoolExecutor(8) as threads:
        writes = [threads.submit(keep, database, shop, str(n)) for n in range(20)]
    database.close()
    assert all(write.exception() is None for write in writes)


def test_sqlite_keeps_what_it_answered_through_a_power_cut(database: Database):
    def pragmas(connection: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    assert database.write_install(pragmas) == ["wal", 2, 1]


def test_shops_are_found_by_slug_and_by_id(each_database: Database, shop: Shop):
    other = make_shop(each_database, "other")
    with each_database.read_install() as connection:
        assert shop_store.find(connection, "demo") == shop
        assert shop_store.get(connection, other.id) == other
        assert shop_store.find(connection, "nobody") is None
        assert shop_store.list_shops(connection) == (shop, other)


def test_an_error_of_the_database_does_not_show_the_values_it_was_given(each_database):
    with pytest.raises(DBAPIError) as refused:
        each_database.write_install(
            lambda connection: connection.execute(text("SELECT :who FROM nowhere"), {"who": "Ann"})
        )
    assert "nowhere" in str(refused.value)
    assert "Ann" not in str(refused.value)
