"""What was done under a key, so that a form sent twice is carried out once."""

from collections.abc import Mapping
from datetime import datetime

from connector.storage.database import Unit
from connector.storage.scope import add_row, row_where
from connector.storage.tables.people_tables import commands

Document = Mapping[str, object]


def get(unit: Unit, key: str) -> Document | None:
    """What was done under this key, if anything was."""
    found = row_where(unit, commands, key=key)
    return None if found is None else found["result"]


def keep(unit: Unit, key: str, *, result: Document, at: datetime) -> None:
    """Keep what was done under a key; raises Duplicate when something was."""
    add_row(unit, commands, {"key": key, "result": result, "at": at})
