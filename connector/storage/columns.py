"""How values lie in a column: times in UTC, documents as JSON in the order they were written."""

from datetime import UTC, datetime

from sqlalchemy import JSON, DateTime, Dialect, TypeDecorator

DOCUMENT = JSON(none_as_null=True)
"""A JSON document; plain JSON on PostgreSQL too, because JSONB forgets the order of keys."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC; a naive one is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's form
        """The time in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's form
        """The time in UTC; SQLite answers without a zone, psycopg with the session's."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
