"""What we tell a merchant's programs: to which addresses, and how far each message is."""

from sqlalchemy import Column, Index, Integer

from connector.storage.columns import UtcTime
from connector.storage.tables.shape import belongs_to, document, number, of_shop, text, time

webhook_endpoints = of_shop(
    "webhook_endpoints",
    number("n"),
    text("url"),
    document("secrets"),
    time("made_at"),
    time("told_until"),
    Column("ended_at", UtcTime),
    key=["n"],
)
"""`secrets` are sealed, the newest first, each with the time until which it signs; the newest has none."""

webhook_messages = of_shop(
    "webhook_messages",
    number("endpoint_n"),
    text("id"),
    text("return_id"),
    number("line"),
    text("state"),
    number("round"),
    number("tries"),
    Column("status", Integer),
    text("error"),
    time("made_at"),
    time("changed_at"),
    belongs_to("webhook_endpoints", "endpoint_n", key=("n",)),
    belongs_to("return_history", "return_id", "line", key=("return_id", "n")),
    Index(None, "shop_id", "state", "changed_at"),
    key=["endpoint_n", "id"],
)
"""`state` is waiting, delivered or failed; `round` counts replays; `status` is the last answer of the endpoint."""
