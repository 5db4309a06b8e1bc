"""The people of a shop and how they come in."""

from sqlalchemy import Column, Index, Text, UniqueConstraint

from connector.storage.columns import UtcTime
from connector.storage.tables.shape import belongs_to, document, number, of_shop, text, time

staff = of_shop(
    "staff",
    number("id"),
    text("name"),
    text("role"),
    time("added_at"),
    Column("login", Text),
    Column("password_hash", Text),
    Column("disabled_at", UtcTime),
    Column("pin_hash", Text),
    Column("pin_until", UtcTime),
    UniqueConstraint("shop_id", "login"),
    key=["id"],
)
"""`login` and `password_hash` are null until the person has set a password; `pin_until` is that of a lent PIN."""

staff_links = of_shop(
    "staff_links",
    text("token_hash"),
    number("staff_id"),
    time("expires_at"),
    Column("used_at", UtcTime),
    text("purpose"),
    belongs_to("staff", "staff_id"),
    key=["token_hash"],
)

sessions = of_shop(
    "sessions",
    text("token_hash"),
    number("staff_id"),
    time("started_at"),
    time("expires_at"),
    text("id"),
    text("agent"),
    time("seen_at"),
    Column("device_id", Text),
    belongs_to("staff", "staff_id"),
    UniqueConstraint("shop_id", "id"),
    key=["token_hash"],
)
"""`id` names a session to people, who may end it; its token is known to its browser alone.

`device_id` is the shared device that it was begun on with a PIN, and is good on it alone.
"""

attempts = of_shop("attempts", text("key"), time("until"), number("hits"), Index(None, "shop_id", "until"), key=["key"])
"""Tries within a window of time that ends at `until`."""

commands = of_shop("commands", text("key"), document("result"), time("at"), key=["key"])
