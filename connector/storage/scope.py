"""Rows of the unit's shop: every store goes through here, so none can forget whose rows it reads or changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
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

Values = Mapping[str, Any]
Rows = list[dict[str, Any]]

OF_SHOP = "of_shop"
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


@dataclass(frozen=True, slots=True)
class Prepared:
    """A selection or a change of a shop's rows that is built once, at import; its values are given by name.

    Building a statement takes longer than carrying it out, which tells where one is asked for at every turn.
    """

    statement: Select[Any] | Update


def prepared(statement: Select[Any] | Update, table: Table) -> Prepared:
    """The statement, of the rows of the unit's shop."""
    return Prepared(statement.where(table.c.shop_id == bindparam(OF_SHOP)))


def first(unit: Unit, built: Prepared, **values: object) -> dict[str, Any] | None:
    """The first row of a prepared selection, by column name."""
    found = unit.connection.execute(built.statement, {OF_SHOP: unit.shop.id, **values}).mappings().first()
    return None if found is None else dict(found)


def every(unit: Unit, built: Prepared, **values: object) -> Rows:
    """All rows of a prepared selection, by column name."""
    found = unit.connection.execute(built.statement, {OF_SHOP: unit.shop.id, **values}).mappings()
    return [dict(one) for one in found]


def count_changed(unit: Unit, built: Prepared, **values: object) -> int:
    """How many rows a prepared change has changed."""
    return unit.connection.execute(built.statement, {OF_SHOP: unit.shop.id, **values}).rowcount


def row(unit: Unit, selection: Select[Any]) -> dict[str, Any] | None:
    """The first row that is selected, by column name."""
    found = unit.connection.execute(selection.limit(1)).mappings().first()
    return None if found is None else dict(found)


def rows(unit: Unit, selection: Select[Any]) -> Rows:
    """All rows that are selected, by column name."""
    return [dict(found) for found in unit.connection.execute(selection).mappings()]


def added(unit: Unit, table: Table, values: Values) -> dict[str, Any]:
    """The row as it was added to the shop; raises Duplicate."""
    statement = table.insert().values(shop_id=unit.shop.id, **values).returning(table)
    try:
        return dict(unit.connection.execute(statement).mappings().one())
    except IntegrityError as error:
        raise Duplicate(f"{table.name}: there is such a row already, or what it belongs to is missing") from error


def add_all(unit: Unit, table: Table, several: Sequence[Values]) -> None:
    """Add rows to the shop; raises Duplicate."""
    if not several:
        return
    try:
        unit.connection.execute(table.insert(), [{"shop_id": unit.shop.id, **values} for values in several])
    except IntegrityError as error:
        raise Duplicate(f"{table.name}: there is such a row already, or what it belongs to is missing") from error


def put(unit: Unit, table: Table, values: Values) -> None:
    """Add a row to the shop, or change the one of the same primary key; raises Duplicate."""
    keys = [column.name for column in table.primary_key]
    statement = upsert(unit, table).values(shop_id=unit.shop.id, **values)
    news = {name: statement.excluded[name] for name in values if name not in keys}
    try:
        unit.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=news))
    except IntegrityError as error:
        raise Duplicate(f"{table.name}: there is such a row already, or what it belongs to is missing") from error


def upsert(unit: Unit, table: Table) -> Any:  # noqa: ANN401  the two dialects' inserts share no public type
    """An insert into the table that may say what happens on conflict."""
    return INSERTS[unit.connection.dialect.name](table)


def next_number(unit: Unit, column: ColumnElement[int], *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """One more than the largest number in a column of the shop's rows, from 1."""
    table: Table = column.table
    return select(func.coalesce(func.max(column), 0) + 1).where(of_shop(unit, table), *conditions).scalar_subquery()
