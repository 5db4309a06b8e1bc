"""Statements that are prepared do what SQLAlchemy's own do: values, order, errors, and whose rows they are."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from connector.storage.database import Database, Unit
from connector.storage.errors import Duplicate
from connector.storage.prepared import Prepared
from connector.storage.scope import AT_ONCE, add_all, add_row, add_together, change_where, known, row_where, rows_where
from connector.storage.shop_store import Shop
from connector.storage.tables.people_tables import attempts, commands

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def a_row(key: str, **other: Any) -> dict[str, Any]:
    return {"key": key, "result": {"n": 1}, "at": NOW, **other}


def fill(database: Database, shop: Shop, *rows: dict[str, Any]) -> None:
    database.write(shop, lambda unit: add_all(unit, commands, rows))


def test_a_row_is_read_as_it_was_written(each_database: Database, shop: Shop):
    each_database.write(shop, lambda unit: add_row(unit, commands, a_row("a", result={"Grüße": [1, None, "ß"]})))
    with each_database.read(shop) as unit:
        found = row_where(unit, commands, key="a")
    assert found is not None
    assert (found["result"], found["at"]) == ({"Grüße": [1, None, "ß"]}, NOW)
    assert found["at"].tzinfo == UTC


def test_only_rows_of_the_shop_are_read_and_changed(each_database: Database, shop: Shop, other_shop: Shop):
    fill(each_database, shop, a_row("a"))
    with each_database.read(other_shop) as unit:
        assert row_where(unit, commands, key="a") is None
    change = {"result": {"n": 2}}
    assert each_database.write(other_shop, lambda unit: change_where(unit, commands, change, key="a")) == 0
    assert each_database.write(shop, lambda unit: change_where(unit, commands, change, key="a")) == 1
    with each_database.read(shop) as unit:
        assert (row_where(unit, commands, key="a") or {})["result"] == {"n": 2}


@pytest.mark.parametrize("count", [0, 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE])
def test_as_many_rows_as_there_are_are_added(each_database: Database, shop: Shop, count: int):
    fill(each_database, shop, *(a_row(f"k{n:03}") for n in range(count)))
    with each_database.read(shop) as unit:
        assert [one["key"] for one in rows_where(unit, commands, "key", at=NOW)] == [f"k{n:03}" for n in range(count)]


def test_where_nothing_is_to_be_added_together_nothing_is(each_database: Database, shop: Shop):
    each_database.write(shop, lambda unit: add_together(unit, (commands, []), (attempts, [])))
    with each_database.read(shop) as unit:
        assert rows_where(unit, commands) == []


def test_rows_of_several_tables_that_are_added_together_are_all_there(each_database: Database, shop: Shop):
    tries = [{"key": f"t{n}", "until": NOW, "hits": n} for n in range(2)]
    each_database.write(
        shop, lambda unit: add_together(unit, (commands, [a_row("a")]), (commands, []), (attempts, tries))
    )
    with each_database.read(shop) as unit:
        assert [one["key"] for one in rows_where(unit, commands)] == ["a"]
        assert [one["hits"] for one in rows_where(unit, attempts, "key")] == [0, 1]


def test_rows_are_put_in_order_by_several_columns_the_latest_first_where_it_is_asked(
    each_database: Database, shop: Shop
):
    later = NOW + timedelta(hours=1)
    fill(each_database, shop, a_row("b"), a_row("c", at=later), a_row("a"))
    with each_database.read(shop) as unit:
        assert [one["key"] for one in rows_where(unit, commands, "-at", "key")] == ["c", "a", "b"]


def test_a_row_that_is_there_already_is_a_duplicate_and_nothing_of_its_batch_is_added(
    each_database: Database, shop: Shop
):
    fill(each_database, shop, a_row("a"))
    with pytest.raises(Duplicate, match="commands"):
        fill(each_database, shop, a_row("b"), a_row("a"))
    with each_database.read(shop) as unit:
        assert row_where(unit, commands, key="b") is None


def test_the_drivers_errors_are_sqlalchemys_and_show_no_values(each_database: Database, shop: Shop):
    insert = Prepared(commands.insert(), columns=("shop_id", "key", "result", "at"))
    secret = {"shop_id": shop.id, **a_row("ann@example.com")}

    def twice(unit: Unit) -> None:
        insert.count(unit.connection, secret)
        insert.count(unit.connection, secret)

    with pytest.raises(IntegrityError) as refused:
        each_database.write(shop, twice)
    assert isinstance(refused.value, DBAPIError)
    assert "parameters hidden" not in str(refused.value.statement)
    assert refused.value.params is None


def test_a_naive_time_is_refused_before_it_is_written(each_database: Database, shop: Shop):
    with pytest.raises(ValueError, match="no time zone"):
        fill(each_database, shop, a_row("a", at=NOW.replace(tzinfo=None)))


def test_a_statement_reads_in_the_transaction_that_was_begun(each_database: Database, shop: Shop):
    """A reader sees one moment, even of what is committed between its questions."""
    by_key = Prepared(select(commands.c.key).where(commands.c.shop_id == bindparam("whose")))
    with each_database.read(shop) as unit:
        assert by_key.rows(unit.connection, {"whose": shop.id}) == []
        fill(each_database, shop, a_row("a"))
        assert by_key.rows(unit.connection, {"whose": shop.id}) == []
    with each_database.read(shop) as unit:
        assert by_key.rows(unit.connection, {"whose": shop.id}) == [{"key": "a"}]


def test_a_unit_reads_what_it_knows_once(each_database: Database, shop: Shop):
    asked = []
    with each_database.read(shop) as unit:
        assert [known(unit, "x", lambda: asked.append(1) or 7) for _ in range(3)] == [7, 7, 7]
    assert asked == [1]


def test_sqlite_counts_its_rows_when_it_is_tended(each_database: Database, shop: Shop):
    fill(each_database, shop, *(a_row(f"k{n}") for n in range(200)))
    each_database.tend()
    if each_database.embedded:
        with each_database.read(shop) as unit:
            counted = unit.connection.exec_driver_sql("SELECT tbl FROM sqlite_stat1").scalars().all()
        assert "commands" in counted
