"""Programs of a merchant: their tokens, and what they were answered."""

from sqlalchemy import Column, Index

from connector.storage.columns import UtcTime
from connector.storage.tables.shape import belongs_to, document, number, of_shop, text, time

api_tokens = of_shop(
    "api_tokens",
    number("n"),
    text("name"),
    text("token_hash"),
    document("scopes"),
    time("made_at"),
    Column("revoked_at", UtcTime),
    Index(None, "shop_id", "token_hash", unique=True),
    key=["n"],
)

api_answers = of_shop(
    "api_answers",
    number("token_n"),
    text("key"),
    text("fingerprint"),
    number("status"),
    text("body"),
    time("at"),
    belongs_to("api_tokens", "token_n", key=("n",)),
    Index(None, "shop_id", "at"),
    key=["token_n", "key"],
)
"""What was answered under an idempotency key; `fingerprint` is the hash of what was asked."""
