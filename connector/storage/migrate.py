"""Bringing a database's tables to the newest revision."""

from pathlib import Path

from sqlalchemy import inspect, make_url, text

from connector.storage.database import Database

REVISIONS = Path(__file__).parent / "migrations" / "versions"
KEPT_IN = "alembic_version"


def migrate(url: str) -> None:
    """Bring all tables to the newest revision; a SQLite file is made, with its folder, when it is not there."""
    _make_folder(url)
    database = Database(url)
    try:
        if not is_current(database):
            # Alembic is half a second and 11 MB that a server with nothing to change starts without.
            from connector.storage.upgrade import upgrade

            database.write_install(upgrade)
    finally:
        database.close()


def is_current(database: Database) -> bool:
    """Whether the tables are at the newest revision."""
    with database.read_install() as connection:
        if not inspect(connection).has_table(KEPT_IN):
            return False
        return connection.execute(text(f"SELECT version_num FROM {KEPT_IN}")).scalar() == newest()  # noqa: S608  a name of ours


def newest() -> str:
    """The newest revision, by the names of the migrations: `0001_shops.py` is revision 0001."""
    return max(path.name.partition("_")[0] for path in REVISIONS.glob("[0-9]*.py"))


def _make_folder(url: str) -> None:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
