"""The shape of every table: every row but the install's own belongs to a shop, and every key begins with it.

Amounts are minor units of the row's currency, times are UTC, documents are JSON in the form of the contracts.
"""

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)
from sqlalchemy.schema import SchemaItem

from connector.storage.columns import DOCUMENT, UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def of_shop(name: str, *items: SchemaItem, key: Sequence[str]) -> Table:
    """A table whose rows belong to a shop; `key` is the rest of its primary key."""
    shop = Column("shop_id", Integer, ForeignKey("shops.id"), nullable=False)
    return Table(name, metadata, shop, *items, PrimaryKeyConstraint("shop_id", *key))


def text(name: str) -> Column[str]:
    """Words."""
    return Column(name, Text, nullable=False)


def number(name: str) -> Column[int]:
    """A small whole number."""
    return Column(name, Integer, nullable=False)


def amount(name: str) -> Column[int]:
    """Money in minor units of the row's currency."""
    return Column(name, BigInteger, nullable=False)


def time(name: str) -> Column[object]:
    """A time in UTC."""
    return Column(name, UtcTime, nullable=False)


def document(name: str) -> Column[object]:
    """A JSON document."""
    return Column(name, DOCUMENT, nullable=False)


def currency() -> Column[str]:
    """The ISO 4217 code of the row's amounts."""
    return Column("currency", String(3), nullable=False)


def belongs_to(parent: str, *columns: str, key: Sequence[str] = ("id",)) -> ForeignKeyConstraint:
    """A reference that cannot leave the shop."""
    return ForeignKeyConstraint(["shop_id", *columns], [f"{parent}.shop_id", *(f"{parent}.{name}" for name in key)])
