"""Bringing a database's tables to the newest revision."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url

from connector.storage.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_261_855_013
"""Any number that nobody else locks: on PostgreSQL one process migrates at a time."""


def migrate(url: str) -> None:
    """Bring all tables to the newest revision; a SQLite file is made, with its folder, when it is not there."""
    _make_folder(url)
    database = Database(url)
    try:
        database.write_install(_upgrade)
    finally:
        database.close()


def is_current(database: Database) -> bool:
    """Whether the tables are at the newest revision."""
    newest = ScriptDirectory.from_config(config_of(None)).get_current_head()
    with database.read_install() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def config_of(connection: Connection | None) -> Config:
    """Alembic's settings for work over a connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    command.upgrade(config_of(connection), "head")


def _make_folder(url: str) -> None:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
