"""Conversations, their turns, the photos that were shown in them, and those that a person is asked for."""

from sqlalchemy import Column, Index, LargeBinary, Text, UniqueConstraint

from connector.storage.columns import UtcTime
from connector.storage.tables.shape import belongs_to, document, number, of_shop, text, time

conversations = of_shop(
    "conversations",
    text("id"),
    text("token_hash"),
    number("version"),
    document("document"),
    time("started_at"),
    time("changed_at"),
    Index(None, "shop_id", "changed_at"),
    key=["id"],
)

turns = of_shop(
    "turns",
    text("conversation_id"),
    number("n"),
    text("author"),
    Column("message_id", Text),
    document("document"),
    time("at"),
    belongs_to("conversations", "conversation_id"),
    UniqueConstraint("shop_id", "conversation_id", "message_id"),
    key=["conversation_id", "n"],
)

photos = of_shop(
    "photos",
    text("id"),
    Column("conversation_id", Text),
    text("line_id"),
    Column("return_id", Text),
    Column("body", LargeBinary, nullable=False),
    number("width"),
    number("height"),
    time("at"),
    Column("taken_by", Text),
    belongs_to("conversations", "conversation_id"),
    Index(None, "shop_id", "conversation_id"),
    Index(None, "shop_id", "return_id"),
    key=["id"],
)
"""`return_id` is null until a return is opened, or taken in, with the line that the photo shows; `body` is a JPEG.

`taken_by` is who took it at a counter: such a photo is of no conversation.
"""

hand_overs = of_shop(
    "hand_overs",
    text("conversation_id"),
    text("topic"),
    time("asked_at"),
    Column("waiting_since", UtcTime),
    Column("closed_at", UtcTime),
    belongs_to("conversations", "conversation_id"),
    Index(None, "shop_id", "closed_at"),
    key=["conversation_id"],
)
"""`waiting_since` is null while the shopper has an answer, `closed_at` while the matter is open."""
