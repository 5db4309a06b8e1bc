"""Rows of the unit's shop: every store goes through here, so none can forget whose rows it reads or changes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Delete,
    Insert,
    ScalarSelect,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from connector.storage.database import Unit
from connector.storage.errors import Duplicate
from connector.storage.prepared import Prepared, Rows

T = TypeVar("T")
Values = Mapping[str, Any]

OF_SHOP = "of_shop"
AT_ONCE = 16
NEW, WAS = "new_", "was_"
INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def of_shop(unit: Unit, table: Table) -> ColumnElement[bool]:
    """Whether a row of the table is the unit's shop's."""
    return table.c.shop_id == unit.shop.id


def selected(unit: Unit, table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    """A selection of the shop's rows."""
    return select(table).where(of_shop(unit, table), *conditions)


def changed(unit: Unit, table: Table, *conditions: ColumnElement[bool]) -> Update:
    """A change of the shop's rows."""
    return update(table).where(of_shop(unit, table), *conditions)


def removed(unit: Unit, table: Table, *conditions: ColumnElement[bool]) -> Delete:
    """A removal of the shop's rows."""
    return delete(table).where(of_shop(unit, table), *conditions)


def prepared(statement: Select[Any] | Update, table: Table) -> Prepared:
    """The statement, of the rows of the unit's shop; its values are given by name."""
    return Prepared(statement.where(table.c.shop_id == bindparam(OF_SHOP)))


def first(unit: Unit, built: Prepared, **values: object) -> dict[str, Any] | None:
    """The first row of a prepared selection, by column name."""
    return next(iter(every(unit, built, **values)), None)


def every(unit: Unit, built: Prepared, **values: object) -> Rows:
    """All rows of a prepared selection, by column name."""
    return built.rows(unit.connection, {OF_SHOP: unit.shop.id, **values})


def count_changed(unit: Unit, built: Prepared, **values: object) -> int:
    """How many rows a prepared change has changed."""
    return built.count(unit.connection, {OF_SHOP: unit.shop.id, **values})


def row_where(unit: Unit, table: Table, /, **equal: object) -> dict[str, Any] | None:
    """The shop's row whose columns equal these values."""
    return first(unit, _equal(table, tuple(equal)), **equal)


def rows_where(unit: Unit, table: Table, /, *order: str, **equal: object) -> Rows:
    """The shop's rows whose columns equal these values, in the order of columns; `-at` has the latest first.

    They are few and put in order here: asked to do it, SQLite walks through all rows of the shop in that order.
    """
    found = every(unit, _equal(table, tuple(equal)), **equal)
    for name in reversed(order):
        found.sort(key=itemgetter(name.removeprefix("-")), reverse=name.startswith("-"))
    return found


def change_where(unit: Unit, table: Table, values: Values, /, **equal: object) -> int:
    """How many of the shop's rows, whose columns equal these values, were given the new ones."""
    news = {f"{NEW}{name}": value for name, value in values.items()}
    was = {f"{WAS}{name}": value for name, value in equal.items()}
    return count_changed(unit, _change(table, tuple(values), tuple(equal)), **news, **was)


@cache
def _equal(table: Table, names: tuple[str, ...]) -> Prepared:
    same = (table.c[name] == bindparam(name) for name in names)
    return prepared(select(table).where(*same), table)


@cache
def _change(table: Table, values: tuple[str, ...], names: tuple[str, ...]) -> Prepared:
    same = (table.c[name] == bindparam(f"{WAS}{name}") for name in names)
    news: dict[str, Any] = {name: bindparam(f"{NEW}{name}") for name in values}
    return prepared(update(table).where(*same).values(news), table)


def known(unit: Unit, name: object, read: Callable[[], T]) -> T:
    """What a unit has read under a name, read now when it is the first to ask."""
    if name not in unit.known:
        unit.known[name] = read()
    found: T = unit.known[name]
    return found


def row(unit: Unit, selection: Select[Any]) -> dict[str, Any] | None:
    """The first row that is selected, by column name."""
    found = unit.connection.execute(selection.limit(1)).mappings().first()
    return None if found is None else dict(found)


def rows(unit: Unit, selection: Select[Any]) -> Rows:
    """All rows that are selected, by column name."""
    return [dict(found) for found in unit.connection.execute(selection).mappings()]


def add_row(unit: Unit, table: Table, values: Values) -> None:
    """Add a row to the shop; raises Duplicate."""
    with _no_twin(table):
        _insert(table, tuple(values)).count(unit.connection, {"shop_id": unit.shop.id, **values})


def added(unit: Unit, table: Table, values: Values) -> dict[str, Any]:
    """The row as it was added to the shop, its values being SQL where they are to be reckoned; raises Duplicate."""
    statement = table.insert().values(shop_id=unit.shop.id, **values).returning(table)
    with _no_twin(table):
        return dict(unit.connection.execute(statement).mappings().one())


def add_all(unit: Unit, table: Table, several: Sequence[Values]) -> None:
    """Add rows to the shop; raises Duplicate."""
    with _no_twin(table):
        for start in range(0, len(several), AT_ONCE):
            _add_some(unit, table, several[start : start + AT_ONCE])


def add_together(unit: Unit, *parts: tuple[Table, Sequence[Values]]) -> None:
    """Add rows to tables of which the first may be what the others belong to; raises Duplicate.

    PostgreSQL takes them in one statement, and looks at its end whether they belong to something.
    """
    if unit.connection.dialect.name == "sqlite" or any(len(several) > AT_ONCE for _, several in parts):
        for table, several in parts:
            add_all(unit, table, several)
        return
    wanted = [(table, several) for table, several in parts if several]
    if not wanted:
        return
    shape = tuple((table, ("shop_id", *several[0]), len(several)) for table, several in wanted)
    given = [_given(unit, table, several) for table, several in wanted]
    with _no_twin(*(table for table, _ in wanted)):
        _insert_together(shape).count(unit.connection, {name: value for one in given for name, value in one.items()})


def _add_some(unit: Unit, table: Table, several: Sequence[Values]) -> None:
    """Several rows in one statement: on SQLite each lets go of the interpreter, and is long in getting it back."""
    names = ("shop_id", *several[0])
    _insert_many(table, names, len(several)).count(unit.connection, _given(unit, table, several))


def _given(unit: Unit, table: Table, several: Sequence[Values]) -> dict[str, Any]:
    """The values of rows by the names of their parameters."""
    return {
        f"{table.name}_{name}_{n}": value
        for n, values in enumerate(several)
        for name, value in (("shop_id", unit.shop.id), *values.items())
    }


def put(unit: Unit, table: Table, values: Values) -> None:
    """Add a row to the shop, or change the one of the same primary key; raises Duplicate."""
    statement = _put(unit.connection.dialect.name, table, tuple(values))
    with _no_twin(table):
        statement.count(unit.connection, {"shop_id": unit.shop.id, **values})


@cache
def _insert(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(table.insert(), columns=("shop_id", *names))


@cache
def _insert_many(table: Table, names: tuple[str, ...], times: int) -> Prepared:
    return Prepared(_rows_of(table, names, times=times))


@cache
def _insert_together(shape: tuple[tuple[Table, tuple[str, ...], int], ...]) -> Prepared:
    *others, last = (_rows_of(table, names, times=times) for table, names, times in shape)
    return Prepared(last.add_cte(*(one.cte(f"part_{n}") for n, one in enumerate(others))))


def _rows_of(table: Table, names: tuple[str, ...], *, times: int) -> Insert:
    def bound(name: str, n: int) -> BindParameter[Any]:
        return bindparam(f"{table.name}_{name}_{n}", type_=table.c[name].type)

    return table.insert().values([{name: bound(name, n) for name in names} for n in range(times)])


@cache
def _put(dialect: str, table: Table, names: tuple[str, ...]) -> Prepared:
    keys = [column.name for column in table.primary_key]
    statement: Any = INSERTS[dialect](table)
    news = {name: statement.excluded[name] for name in names if name not in keys}
    written = statement.on_conflict_do_update(index_elements=keys, set_=news)
    return Prepared(written, columns=("shop_id", *names))


@contextmanager
def _no_twin(*tables: Table) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        names = ", ".join(table.name for table in tables)
        raise Duplicate(f"{names}: there is such a row already, or what it belongs to is missing") from error


def upsert(unit: Unit, table: Table) -> Any:  # noqa: ANN401  the two dialects' inserts share no public type
    """An insert into the table that may say what happens on conflict."""
    return INSERTS[unit.connection.dialect.name](table)


def next_number(unit: Unit, column: ColumnElement[int], *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """One more than the largest number in a column of the shop's rows, from 1."""
    table: Table = column.table
    return select(func.coalesce(func.max(column), 0) + 1).where(of_shop(unit, table), *conditions).scalar_subquery()
