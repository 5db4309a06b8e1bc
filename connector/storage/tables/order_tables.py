"""Orders as their channel tells them, and what was quoted for them."""

from sqlalchemy import Column, Index

from connector.storage.columns import UtcTime
from connector.storage.tables.shape import document, of_shop, text, time

orders = of_shop(
    "orders",
    text("id"),
    text("number_key"),
    time("placed_at"),
    document("document"),
    Column("forgotten_at", UtcTime),
    Index(None, "shop_id", "number_key", "placed_at"),
    Index(None, "shop_id", "placed_at"),
    key=["id"],
)
"""Of a forgotten one the document names nobody, whatever its channel tells later."""

quotes = of_shop("quotes", text("id"), document("case"), document("document"), time("at"), key=["id"])

bookings = of_shop(
    "bookings",
    text("key"),
    text("kind"),
    text("order_id"),
    document("document"),
    time("at"),
    Index(None, "shop_id", "order_id"),
    key=["key"],
)
"""What our own tills did, each thing once under its key."""
