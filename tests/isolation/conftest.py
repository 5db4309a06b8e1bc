"""Two shops in one database."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from connector.storage.database import Database
from connector.storage.shop_store import Shop
from tests.databases import BOTH, copied, make_shop
from tests.isolation.two_shops import TwoShops, two_shops


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def shop(each_database: Database) -> Shop:
    return make_shop(each_database)


@pytest.fixture
def other_shop(each_database: Database, shop: Shop) -> Shop:
    return make_shop(each_database, "other")


@pytest.fixture(scope="module", params=BOTH)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[TwoShops]:
    """Two shops that were filled, once on SQLite and once on PostgreSQL; for all tests of a file."""
    folder = tmp_path_factory.mktemp("two-shops")
    with ExitStack() as stack:
        if request.param == "sqlite":
            shutil.copy(sqlite_template, folder / "backhaul.db")
            url = f"sqlite:///{folder}/backhaul.db"
        else:
            url = stack.enter_context(copied(request.getfixturevalue("postgresql_server")))
        yield stack.enter_context(two_shops(folder, url))
