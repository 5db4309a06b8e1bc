"""The people of a shop and how they come in."""

from sqlalchemy import Column, Index

from connector.storage.columns import UtcTime
from connector.storage.tables.shape import belongs_to, document, number, of_shop, text, time

staff = of_shop("staff", number("id"), text("name"), text("role"), time("added_at"), key=["id"])

staff_links = of_shop(
    "staff_links",
    text("token_hash"),
    number("staff_id"),
    time("expires_at"),
    Column("used_at", UtcTime),
    belongs_to("staff", "staff_id"),
    key=["token_hash"],
)

sessions = of_shop(
    "sessions",
    text("token_hash"),
    number("staff_id"),
    time("started_at"),
    time("expires_at"),
    belongs_to("staff", "staff_id"),
    key=["token_hash"],
)

attempts = of_shop("attempts", text("key"), time("until"), number("hits"), Index(None, "shop_id", "until"), key=["key"])
"""Tries within a window of time that ends at `until`."""

commands = of_shop("commands", text("key"), document("result"), time("at"), key=["key"])
