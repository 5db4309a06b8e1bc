"""Conversations and their turns."""

from sqlalchemy import Column, Index, Text, UniqueConstraint

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
