"""The install itself: its shops and the processes that work for it."""

from sqlalchemy import Column, Double, Integer, Table, Text

from connector.storage.columns import UtcTime
from connector.storage.tables.shape import currency, metadata, text, time

shops = Table(
    "shops",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    text("name"),
    text("channel"),
    currency(),
    time("created_at"),
    Column("erased_at", UtcTime),
)
"""Of an erased shop the money that moved is known, and nobody whom it moved to."""

workers = Table(
    "workers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("beat_at", Double, nullable=False),
)
"""Processes that carry out jobs; `beat_at` is seconds since 1970 by the database's own clock."""
