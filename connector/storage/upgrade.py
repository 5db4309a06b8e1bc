"""Alembic at work: it is loaded only by who changes tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_261_855_013
"""Any number that nobody else locks: on PostgreSQL one process migrates at a time."""


def upgrade(connection: Connection) -> None:
    """Bring all tables to the newest revision."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    command.upgrade(config_of(connection), "head")


def config_of(connection: Connection | None) -> Config:
    """Alembic's settings for work over a connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
