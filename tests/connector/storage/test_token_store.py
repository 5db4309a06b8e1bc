"""A program's token opens the shop that made it, and no other."""

from datetime import UTC, datetime

import pytest

from connector.storage import api_store, token_store
from connector.storage.api_store import ApiToken, KeptAnswer
from connector.storage.database import Database
from connector.storage.shop_store import Shop
from connector.storage.token_store import Admission
from tests.databases import make_shop

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def shop(each_database: Database) -> Shop:
    return make_shop(each_database)


@pytest.fixture
def token(each_database: Database, shop: Shop) -> ApiToken:
    values = {"name": "ERP", "scopes": ("returns:read",), "at": NOW}
    return each_database.write(shop, lambda unit: api_store.add_token(unit, "hash", **values))


def admitted(database: Database, slug: str, token_hash: str = "hash", *, key: str = "") -> Admission:
    with database.ask_install() as connection:
        return token_store.admission(connection, slug, token_hash=token_hash, key=key)


def test_a_token_is_found_with_its_shop(each_database: Database, shop: Shop, token: ApiToken):
    assert admitted(each_database, "demo") == Admission(shop, token)


@pytest.mark.usefixtures("token")
def test_an_unknown_token_and_one_of_another_shop_open_nothing(each_database: Database, shop: Shop):
    other = make_shop(each_database, "other")
    assert admitted(each_database, "demo", "unknown") == Admission(shop)
    assert admitted(each_database, "other") == Admission(other)
    assert admitted(each_database, "nowhere") == Admission()


@pytest.mark.usefixtures("token")
def test_a_token_that_was_revoked_opens_nothing(each_database: Database, shop: Shop):
    each_database.write(shop, lambda unit: api_store.revoke(unit, 1, at=NOW))
    assert admitted(each_database, "demo") == Admission(shop)


def test_what_a_token_was_answered_under_a_key_is_found_with_it(each_database: Database, shop: Shop, token: ApiToken):
    answer = KeptAnswer("fingerprint", status=201, body="{}")
    each_database.write(shop, lambda unit: api_store.keep_answer(unit, "key-1", token_n=token.n, answer=answer, at=NOW))
    assert admitted(each_database, "demo", key="key-1") == Admission(shop, token, answer)
    assert admitted(each_database, "demo", key="key-2") == Admission(shop, token)


def test_the_key_of_another_token_is_another_key(each_database: Database, shop: Shop, token: ApiToken):
    values = {"name": "Other", "scopes": (), "at": NOW}
    other = each_database.write(shop, lambda unit: api_store.add_token(unit, "other", **values))
    answer = KeptAnswer("fingerprint", status=201, body="{}")
    each_database.write(shop, lambda unit: api_store.keep_answer(unit, "key-1", token_n=token.n, answer=answer, at=NOW))
    assert admitted(each_database, "demo", "other", key="key-1") == Admission(shop, other)
