"""Whether a database that fails is away, so that waiting helps, or refuses what it was asked, as it will again."""

import sqlite3
from collections.abc import Mapping

from sqlalchemy.exc import OperationalError

LOWEST_BYTE = 0xFF
AWAY_CODES: Mapping[int, str] = {
    sqlite3.SQLITE_BUSY: "another process writes",
    sqlite3.SQLITE_LOCKED: "another connection writes",
    sqlite3.SQLITE_NOMEM: "no memory",
    sqlite3.SQLITE_READONLY: "a disk that takes nothing any more",
    sqlite3.SQLITE_IOERR: "a disk that fails",
    sqlite3.SQLITE_FULL: "a full disk",
    sqlite3.SQLITE_CANTOPEN: "no file, or too many open",
}
"""SQLite's codes whose cause lies outside of the statement (sqlite.org/rescode.html)."""
AWAY_STATES = ("08", "53", "57P", "58")
"""PostgreSQL's classes of the same: the connection, resources, a server that stops or starts, the system
(postgresql.org/docs/current/errcodes-appendix.html). A statement that took too long is none of them."""


def is_away(error: OperationalError) -> bool:
    """Whether the same act may be done once the database is there again."""
    reason = error.orig
    if error.connection_invalidated:
        return True
    if isinstance(reason, sqlite3.Error):
        return getattr(reason, "sqlite_errorcode", 0) & LOWEST_BYTE in AWAY_CODES
    state: str | None = getattr(reason, "sqlstate", None)
    return error.statement is None if state is None else state.startswith(AWAY_STATES)
