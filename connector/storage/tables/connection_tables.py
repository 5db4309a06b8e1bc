"""The platforms that shops are connected to, and what was sent to those that forget what they were sent."""

from sqlalchemy import Column, Float

from connector.storage.columns import DOCUMENT
from connector.storage.tables.shape import document, number, of_shop, text, time

connections = of_shop(
    "connections",
    text("channel"),
    text("address"),
    text("sealed"),
    document("details"),
    time("connected_at"),
    time("heard_until"),
    key=["channel"],
)
"""`sealed` holds the key; `heard_until` is up to when the platform's changes are known."""

connection_states = of_shop(
    "connection_states",
    text("state_hash"),
    text("channel"),
    text("address"),
    text("sealed"),
    time("expires_at"),
    key=["state_hash"],
)
"""Owners on their way to approve a connection; `sealed` is empty until the platform has handed a key over."""

sendings = of_shop(
    "sendings",
    text("key"),
    text("kind"),
    text("order_id"),
    time("first_at"),
    time("last_at"),
    number("seen"),
    Column("receipt", DOCUMENT),
    key=["key"],
)
"""What was sent to a platform without idempotency keys, by our own; `seen` is 1 once it was seen under way there."""

cost_buckets = of_shop(
    "cost_buckets",
    text("channel"),
    Column("available", Float, nullable=False),
    Column("maximum", Float, nullable=False),
    Column("rate", Float, nullable=False),
    Column("reserved", Float, nullable=False),
    Column("at", Float, nullable=False),
    key=["channel"],
)
"""What a platform still lets the shop ask for, as all processes share it; `at` is seconds since 1970."""

leases = of_shop("leases", text("name"), text("holder"), time("until"), key=["name"])
"""What one process at a time may do, and until when it may."""
