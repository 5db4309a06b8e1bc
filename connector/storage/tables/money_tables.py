"""Money: what is to be given, what was given, and store credit of our own tills."""

from sqlalchemy import Column, Index, Integer, Text, UniqueConstraint

from connector.storage.columns import DOCUMENT, UtcTime
from connector.storage.tables.shape import amount, belongs_to, currency, document, number, of_shop, text, time

legs = of_shop(
    "legs",
    text("key"),
    number("position"),
    text("return_id"),
    text("order_id"),
    text("kind"),
    amount("amount"),
    currency(),
    number("digits"),
    Column("payment_id", Text),
    document("group_ids"),
    text("state"),
    document("work"),
    Column("receipt", DOCUMENT),
    Column("changed_at", UtcTime),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("tried_at", UtcTime),
    belongs_to("returns", "return_id"),
    Index(None, "shop_id", "return_id"),
    Index(None, "shop_id", "state"),
    key=["key"],
)

SENDING = legs.c.state == "sending"
Index("uq_legs_one_sending_per_order", legs.c.shop_id, legs.c.order_id, unique=True,
      sqlite_where=SENDING, postgresql_where=SENDING)  # fmt: skip

ledger = of_shop(
    "ledger",
    text("key"),
    text("return_id"),
    text("order_id"),
    text("kind"),
    amount("amount"),
    currency(),
    number("digits"),
    Column("payment_id", Text),
    Column("receipt", DOCUMENT),
    time("at"),
    belongs_to("legs", "key", key=["key"]),
    Index(None, "shop_id", "return_id"),
    Index(None, "shop_id", "at"),
    key=["key"],
)
"""What was really given, one line a leg; lines are added and never changed."""

store_credits = of_shop(
    "store_credits",
    text("key"),
    text("code"),
    text("return_id"),
    text("email"),
    amount("amount"),
    amount("balance"),
    currency(),
    number("digits"),
    time("at"),
    UniqueConstraint("shop_id", "code"),
    key=["key"],
)
"""Store credit given at our own tills."""
