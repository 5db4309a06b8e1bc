"""Where counters are, the shared devices on them, and what managers approved there."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Text, UniqueConstraint

from connector.storage.columns import UtcTime
from connector.storage.tables.shape import belongs_to, number, of_shop, text, time

locations = of_shop(
    "locations",
    number("id"),
    text("name"),
    text("address"),
    text("time_zone"),
    number("idle_minutes"),
    Column("cash_allowed", Boolean, nullable=False),
    Column("staff_limit", BigInteger),
    Column("manager_limit", BigInteger),
    Column("platform_id", Text, nullable=False, server_default=""),
    time("added_at"),
    Column("closed_at", UtcTime),
    key=["id"],
)
"""Limits are the most that a role gives back at once, in minor units of the shop's currency; null is no limit."""

devices = of_shop(
    "devices",
    text("token_hash"),
    text("id"),
    text("name"),
    number("location_id"),
    Column("training", Boolean, nullable=False),
    text("added_by"),
    time("added_at"),
    Column("ended_at", UtcTime),
    Column("last_staff_id", Integer),
    belongs_to("locations", "location_id"),
    UniqueConstraint("shop_id", "id"),
    key=["token_hash"],
)
"""`id` names a device to people; its token is known to its browser alone."""

approvals = of_shop(
    "approvals",
    text("id"),
    text("act"),
    text("about"),
    Column("amount", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    number("digits"),
    Column("detail", Text, nullable=False, server_default=""),
    text("reason"),
    number("asked_by"),
    number("given_by"),
    Column("location_id", Integer),
    Column("device_id", Text),
    Column("training", Boolean, nullable=False),
    time("at"),
    time("expires_at"),
    Column("used_at", UtcTime),
    belongs_to("staff", "asked_by"),
    belongs_to("staff", "given_by"),
    Index(None, "shop_id", "at"),
    key=["id"],
)
"""Each is good once, for its act on its thing and no other amount."""
