"""Databases for tests: a fresh one for each, copied from a template that was migrated once."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connector.jobs.engine import migrate_engine
from connector.storage import shop_store
from connector.storage.database import Database
from connector.storage.migrate import migrate
from connector.storage.shop_store import Shop
from tests.postgres import MISSING, administer, running_server, url_of

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
TEMPLATE = "backhaul_template"


def make_shop(database: Database, slug: str = "demo", *, channel: str = "store", currency: str = "USD") -> Shop:
    return database.write_install(
        lambda connection: shop_store.add(
            connection, slug, name=slug.title(), channel=channel, currency=currency, at=datetime.now(UTC)
        )
    )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "backhaul.db"
    migrate(f"sqlite:///{path}")
    migrate_engine(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    with running_server() as server:
        if server is None:
            pytest.skip(MISSING)
        name = f"{TEMPLATE}_{secrets.token_hex(4)}"
        administer(server, f"CREATE DATABASE {name}")
        migrate(url_of(server, name))
        migrate_engine(url_of(server, name))
        yield url_of(server, name)
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "backhaul.db")
    return f"sqlite:///{tmp_path}/backhaul.db"


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    with copied(postgresql_server) as url:
        yield url


@contextmanager
def copied(migrated: str) -> Iterator[str]:
    """A PostgreSQL database of its own, made after a migrated one."""
    server, template = url_of(migrated, "postgres"), migrated.rsplit("/", 1)[1]
    name = f"backhaul_{secrets.token_hex(6)}"
    administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield url_of(server, name)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """A migrated SQLite database."""
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture(params=BOTH)
def each_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database, once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def each_database(each_url: str) -> Iterator[Database]:
    """A migrated database, once on SQLite and once on PostgreSQL."""
    database = Database(each_url)
    yield database
    database.close()


@pytest.fixture
def shop(database: Database) -> Shop:
    """A shop with its own tills in `database`."""
    return make_shop(database)
