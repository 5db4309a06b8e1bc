"""Quotes that were shown or carried out, with the cases that they answer; none is ever changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select

from connector.storage.database import Unit
from connector.storage.scope import add_row, first, known, prepared, row_where
from connector.storage.tables.order_tables import quotes

Document = Mapping[str, object]


class KeptQuote(Struct, frozen=True):
    """A quote and its case, both in the contract's form; `at` is when it was made."""

    id: str
    case: Document
    document: Document
    at: datetime


DOCUMENT = prepared(select(quotes.c.document).where(quotes.c.id == bindparam("which")), quotes)
"""A case holds a whole order and a policy, which who asks for the quote alone need not read."""


def save(unit: Unit, quote_id: str, *, case: Document, quote: Document, at: datetime) -> None:
    """Keep a quote; raises Duplicate."""
    add_row(unit, quotes, {"id": quote_id, "case": case, "document": quote, "at": at})


def get(unit: Unit, quote_id: str) -> KeptQuote | None:
    """The quote of this id."""
    return known(unit, ("quote", quote_id), lambda: _quote(row_where(unit, quotes, id=quote_id)))


def document_of(unit: Unit, quote_id: str) -> Document | None:
    """The quote of this id without its case."""
    found = first(unit, DOCUMENT, which=quote_id)
    return None if found is None else found["document"]


def _quote(found: Mapping[str, Any] | None) -> KeptQuote | None:
    if found is None:
        return None
    return KeptQuote(id=found["id"], case=found["case"], document=found["document"], at=found["at"])
