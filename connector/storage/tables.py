"""All tables. Every row but the install's own (shops, workers) belongs to a shop, and every key begins with it.

Amounts are minor units of the row's currency, times are UTC, documents are JSON in the form of the contracts.
"""

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
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


def _of_shop(name: str, *items: SchemaItem, key: Sequence[str]) -> Table:
    """A table whose rows belong to a shop; `key` is the rest of its primary key."""
    shop = Column("shop_id", Integer, ForeignKey("shops.id"), nullable=False)
    return Table(name, metadata, shop, *items, PrimaryKeyConstraint("shop_id", *key))


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _amount(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _time(name: str) -> Column[object]:
    return Column(name, UtcTime, nullable=False)


def _document(name: str) -> Column[object]:
    return Column(name, DOCUMENT, nullable=False)


def _currency() -> Column[str]:
    return Column("currency", String(3), nullable=False)


def _belongs_to(parent: str, *columns: str, key: Sequence[str] = ("id",)) -> ForeignKeyConstraint:
    """A reference that cannot leave the shop."""
    return ForeignKeyConstraint(["shop_id", *columns], [f"{parent}.shop_id", *(f"{parent}.{name}" for name in key)])


shops = Table(
    "shops",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    _text("name"),
    _text("channel"),
    _currency(),
    _time("created_at"),
)

workers = Table(
    "workers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("beat_at", Double, nullable=False),
)
"""Processes that carry out jobs; `beat_at` is seconds since 1970 by the database's own clock."""

policies = _of_shop("policies", _number("version"), _time("in_force_from"), _document("document"), key=["version"])

products = _of_shop("products", _text("id"), _text("title"), _document("document"), key=["id"])

variants = _of_shop(
    "variants",
    _text("id"),
    _text("product_id"),
    _number("position"),
    _document("document"),
    Column("available", Integer),
    _belongs_to("products", "product_id"),
    Index(None, "shop_id", "product_id"),
    key=["id"],
)
"""`available` is null where stock is not kept."""

stock_movements = _of_shop(
    "stock_movements",
    _text("variant_id"),
    _number("n"),
    _number("delta"),
    _text("why"),
    _time("at"),
    key=["variant_id", "n"],
)

orders = _of_shop(
    "orders",
    _text("id"),
    _text("number_key"),
    _time("placed_at"),
    _document("document"),
    Index(None, "shop_id", "number_key"),
    Index(None, "shop_id", "placed_at"),
    key=["id"],
)

quotes = _of_shop("quotes", _text("id"), _document("case"), _document("document"), _time("at"), key=["id"])

returns = _of_shop(
    "returns",
    _text("id"),
    _text("order_id"),
    _text("order_number"),
    _text("number_key"),
    _text("kind"),
    _text("channel"),
    _text("method"),
    _time("opened_at"),
    _text("quote_id"),
    _number("version"),
    _belongs_to("orders", "order_id"),
    _belongs_to("quotes", "quote_id"),
    Index(None, "shop_id", "order_id"),
    Index(None, "shop_id", "number_key"),
    Index(None, "shop_id", "opened_at"),
    key=["id"],
)

return_groups = _of_shop(
    "return_groups",
    _text("return_id"),
    _text("id"),
    _number("position"),
    _text("line_id"),
    _number("quantity"),
    Column("reason", Text),
    _text("resolution"),
    _text("title"),
    _amount("amount"),
    _amount("tax"),
    Column("exchange_for", DOCUMENT),
    Column("destination", Text),
    _text("reception"),
    _text("acceptance"),
    _text("settlement"),
    Column("grade", Text),
    Column("disposition", Text),
    _text("note"),
    _belongs_to("returns", "return_id"),
    Index(None, "shop_id", "acceptance"),
    Index(None, "shop_id", "settlement"),
    key=["return_id", "id"],
)

return_history = _of_shop(
    "return_history",
    _text("return_id"),
    _number("n"),
    _time("at"),
    _text("actor_kind"),
    _text("actor_name"),
    _text("act"),
    _text("why"),
    _document("details"),
    _belongs_to("returns", "return_id"),
    key=["return_id", "n"],
)

legs = _of_shop(
    "legs",
    _text("key"),
    _number("position"),
    _text("return_id"),
    _text("order_id"),
    _text("kind"),
    _amount("amount"),
    _currency(),
    _number("digits"),
    Column("payment_id", Text),
    _document("group_ids"),
    _text("state"),
    _document("work"),
    Column("receipt", DOCUMENT),
    Column("changed_at", UtcTime),
    _belongs_to("returns", "return_id"),
    Index(None, "shop_id", "return_id"),
    Index(None, "shop_id", "state"),
    key=["key"],
)

SENDING = legs.c.state == "sending"
Index("uq_legs_one_sending_per_order", legs.c.shop_id, legs.c.order_id, unique=True,
      sqlite_where=SENDING, postgresql_where=SENDING)  # fmt: skip

ledger = _of_shop(
    "ledger",
    _text("key"),
    _text("return_id"),
    _text("order_id"),
    _text("kind"),
    _amount("amount"),
    _currency(),
    _number("digits"),
    Column("payment_id", Text),
    Column("receipt", DOCUMENT),
    _time("at"),
    _belongs_to("legs", "key", key=["key"]),
    Index(None, "shop_id", "return_id"),
    Index(None, "shop_id", "at"),
    key=["key"],
)
"""What was really given, one line a leg; lines are added and never changed."""

conversations = _of_shop(
    "conversations",
    _text("id"),
    _text("token_hash"),
    _number("version"),
    _document("document"),
    _time("started_at"),
    _time("changed_at"),
    Index(None, "shop_id", "changed_at"),
    key=["id"],
)

turns = _of_shop(
    "turns",
    _text("conversation_id"),
    _number("n"),
    _text("author"),
    Column("message_id", Text),
    _document("document"),
    _time("at"),
    _belongs_to("conversations", "conversation_id"),
    UniqueConstraint("shop_id", "conversation_id", "message_id"),
    key=["conversation_id", "n"],
)

staff = _of_shop("staff", _number("id"), _text("name"), _text("role"), _time("added_at"), key=["id"])

staff_links = _of_shop(
    "staff_links",
    _text("token_hash"),
    _number("staff_id"),
    _time("expires_at"),
    Column("used_at", UtcTime),
    _belongs_to("staff", "staff_id"),
    key=["token_hash"],
)

sessions = _of_shop(
    "sessions",
    _text("token_hash"),
    _number("staff_id"),
    _time("started_at"),
    _time("expires_at"),
    _belongs_to("staff", "staff_id"),
    key=["token_hash"],
)

attempts = _of_shop(
    "attempts", _text("key"), _time("until"), _number("hits"), Index(None, "shop_id", "until"), key=["key"]
)
"""Tries within a window of time that ends at `until`."""

commands = _of_shop("commands", _text("key"), _document("result"), _time("at"), key=["key"])

store_credits = _of_shop(
    "store_credits",
    _text("key"),
    _text("code"),
    _text("return_id"),
    _text("email"),
    _amount("amount"),
    _amount("balance"),
    _currency(),
    _number("digits"),
    _time("at"),
    UniqueConstraint("shop_id", "code"),
    key=["key"],
)
"""Store credit given at our own tills."""

bookings = _of_shop(
    "bookings",
    _text("key"),
    _text("kind"),
    _text("order_id"),
    _document("document"),
    _time("at"),
    Index(None, "shop_id", "order_id"),
    key=["key"],
)
"""What our own tills did, each thing once under its key."""
