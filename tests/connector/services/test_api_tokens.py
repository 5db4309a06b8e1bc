import pytest

from connector.services import api_tokens
from connector.services.errors import InvalidInput
from connector.storage.api_store import ApiToken
from connector.storage.errors import NotFound
from connector.storage.tables.api_tables import api_tokens as table
from tests.shops import TestShop


def made(demo: TestShop, *scopes: str) -> api_tokens.NewToken:
    return api_tokens.make(demo.app, demo.shop, name="The ERP", scopes=scopes or ("orders:read",))


def whose(demo: TestShop, token: str) -> ApiToken | None:
    return api_tokens.admitted(demo.app, demo.shop.slug, token=token).token


def test_a_token_is_known_again_and_kept_as_a_hash_only(demo: TestShop):
    new = made(demo, "returns:read", "orders:read")
    known = whose(demo, new.token)
    assert known == new.kept
    assert new.kept.scopes == ("orders:read", "returns:read")
    with demo.app.database.read_install() as connection:
        assert new.token not in repr(connection.execute(table.select()).all())


@pytest.mark.parametrize("token", ["", "bh_", "bh_guess", "\udc80"])
def test_what_is_no_token_is_nobodys(demo: TestShop, token: str):
    made(demo)
    assert whose(demo, token) is None


def test_a_revoked_token_opens_nothing_and_cannot_be_revoked_again(demo: TestShop):
    new = made(demo)
    api_tokens.revoke(demo.app, demo.shop, n=new.kept.n)
    assert whose(demo, new.token) is None
    assert [one.revoked_at for one in api_tokens.list_tokens(demo.app, demo.shop)] == [demo.clock.now]
    with pytest.raises(NotFound):
        api_tokens.revoke(demo.app, demo.shop, n=new.kept.n)


@pytest.mark.parametrize(
    ("name", "scopes"), [("", ("orders:read",)), ("x" * 81, ("orders:read",)), ("ERP", ()), ("ERP", ("everything",))]
)
def test_a_token_has_a_name_and_scopes_that_there_are(demo: TestShop, name: str, scopes: tuple[str, ...]):
    with pytest.raises(InvalidInput):
        api_tokens.make(demo.app, demo.shop, name=name, scopes=scopes)
