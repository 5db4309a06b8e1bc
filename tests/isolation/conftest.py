"""Two shops in one database."""

import pytest

from connector.storage.database import Database
from connector.storage.shop_store import Shop
from tests.databases import make_shop


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def shop(each_database: Database) -> Shop:
    return make_shop(each_database)


@pytest.fixture
def other_shop(each_database: Database, shop: Shop) -> Shop:
    return make_shop(each_database, "other")
