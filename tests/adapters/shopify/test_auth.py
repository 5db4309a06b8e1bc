"""What Shopify did not sign, or not for us, or not now, or not for this shop, is refused."""

import hashlib
import hmac
import time
from typing import Any

import pytest

from adapters.shopify.auth import (
    SCOPES,
    AppKeys,
    NotShopify,
    frame_ancestors,
    grant_address,
    granted,
    missing_scopes,
    proxied,
    session_of,
    shop_domain,
)
from adapters.shopify.documents import documents
from tests.simulators.shopify import books, limits, tokens
from tests.simulators.shopify.schema import cut_admin
from tests.simulators.shopify.storefront import proxied_pairs

APP = AppKeys(client_id=books.CLIENT_ID, secrets=(books.SECRET,))
STATE: dict[str, Any] = {"shop": {"domain": books.SHOP}}
NOW = 1_795_000_000.0


def header(**changes: Any) -> str:
    return f"Bearer {tokens.session_token(STATE, **changes)}"


class TestSessionTokens:
    def test_a_good_one_names_shop_and_person(self):
        found = session_of(header(), APP)
        assert (found.shop, found.user_id) == (books.SHOP, "42")

    def test_the_old_secret_counts_while_it_is_being_replaced(self):
        both = AppKeys(books.CLIENT_ID, secrets=("shpss_new00000new00000new00000new00000", books.SECRET))
        assert session_of(header(), both).shop == books.SHOP

    @pytest.mark.parametrize(
        "changes",
        [
            {"aud": "another-app"},
            {"aud": ["another-app", books.CLIENT_ID]},
            {"exp": int(time.time()) - 60},
            {"exp": None},
            {"nbf": int(time.time()) + 86400},
            {"dest": "https://other-shop.myshopify.com"},
            {"iss": "https://other-shop.myshopify.com/admin"},
            {"iss": "https://evil.example/admin", "dest": "https://evil.example"},
            {"iss": f"https://{books.SHOP}/elsewhere"},
            {"dest": f"http://{books.SHOP}"},
            {"alg": "none"},
            {"alg": "HS512"},
            {"secret": "shpss_guessed00guessed00guessed00guess"},
            {"secret": ""},
        ],
        ids=", ".join,
    )
    def test_any_other_is_refused(self, changes: dict[str, Any]):
        with pytest.raises(NotShopify):
            session_of(header(**changes), APP)

    @pytest.mark.parametrize("written", ["", "Bearer ", "Bearer x.y.z", "Basic abc", "Bearer a.b", "bearer x"])
    def test_what_is_no_token_is_refused(self, written: str):
        with pytest.raises(NotShopify):
            session_of(written, APP)

    def test_an_app_without_a_secret_believes_nobody(self):
        with pytest.raises(NotShopify):
            session_of(header(secret=""), AppKeys(books.CLIENT_ID, secrets=("",)))


def proxy(*extra: tuple[str, str], **changes: str) -> list[tuple[str, str]]:
    return proxied_pairs(*extra, at=NOW, **changes)


class TestTheAppProxy:
    def test_a_signed_visit_names_shop_and_customer(self):
        found = proxied(proxy(("line", "1"), ("line", "2")), APP, now=NOW)
        assert (found.shop, found.customer_id) == (books.SHOP, "501")

    def test_a_visitor_who_is_not_signed_in_is_nobody(self):
        assert proxied(proxy(logged_in_customer_id=""), APP, now=NOW).customer_id is None

    @pytest.mark.parametrize("name", ["shop", "timestamp", "logged_in_customer_id", "path_prefix"])
    def test_a_parameter_of_shopifys_that_is_there_twice_is_refused_though_signed(self, name: str):
        with pytest.raises(NotShopify, match="twice"):
            proxied(proxy((name, "other")), APP, now=NOW)

    def test_two_signatures_are_refused(self):
        with pytest.raises(NotShopify, match="twice"):
            proxied([*proxy(), ("signature", "0" * 64)], APP, now=NOW)

    @pytest.mark.parametrize("later", [91, -91, 3600])
    def test_a_visit_that_is_too_old_is_refused(self, later: int):
        with pytest.raises(NotShopify, match="too old"):
            proxied(proxy(), APP, now=NOW + later)

    @pytest.mark.parametrize("timestamp", ["", "soon", "-1", "1e9", "١٧٩٥"])
    def test_a_time_that_is_none_is_refused(self, timestamp: str):
        with pytest.raises(NotShopify):
            proxied(proxy(timestamp=timestamp), APP, now=NOW)

    def test_what_was_changed_on_the_way_is_refused(self):
        pairs = [(name, "502" if name == "logged_in_customer_id" else value) for name, value in proxy()]
        with pytest.raises(NotShopify):
            proxied(pairs, APP, now=NOW)

    @pytest.mark.parametrize("signature", ["", "é", "0" * 64])
    def test_a_signature_that_is_none_is_refused(self, signature: str):
        with pytest.raises(NotShopify):
            proxied([*proxy()[:-1], ("signature", signature)], APP, now=NOW)

    def test_another_apps_signature_is_refused(self):
        with pytest.raises(NotShopify):
            proxied(proxy(secret="another"), APP, now=NOW)

    def test_a_shop_that_is_none_is_refused_though_signed(self):
        with pytest.raises(NotShopify):
            proxied(proxy(shop="evil.example"), APP, now=NOW)


class TestGrants:
    def params(self, **changes: str) -> dict[str, str]:
        said = {"shop": books.SHOP, "code": "c", "state": "s", "timestamp": str(int(NOW)), **changes}
        message = "&".join(f"{name}={said[name]}" for name in sorted(said))
        return {**said, "hmac": hmac.new(books.SECRET.encode(), message.encode(), hashlib.sha256).hexdigest()}

    def test_the_way_back_names_the_shop(self):
        assert granted(self.params(), APP, now=NOW) == books.SHOP

    def test_the_old_secret_counts_while_it_is_being_replaced(self):
        both = AppKeys(books.CLIENT_ID, secrets=("shpss_new00000new00000new00000new00000", books.SECRET))
        assert granted(self.params(), both, now=NOW) == books.SHOP

    @pytest.mark.parametrize(
        "changes",
        [{"code": "d"}, {"shop": "other.myshopify.com"}, {"hmac": "0" * 64}, {"hmac": "é"}, {"timestamp": "9" * 5000}],
    )
    def test_what_was_changed_on_the_way_is_refused(self, changes: dict[str, str]):
        with pytest.raises(NotShopify):
            granted({**self.params(), **changes}, APP, now=NOW)

    def test_an_old_one_is_refused(self):
        with pytest.raises(NotShopify):
            granted(self.params(), APP, now=NOW + 600)

    def test_the_way_there_asks_for_every_scope(self):
        assert "read_returns%2Cwrite_returns" in grant_address(books.SHOP, APP, back_to="https://a.example", state="s")


@pytest.mark.parametrize(
    "written",
    ["evil.com", "x.myshopify.com.evil.com", "x y.myshopify.com", "", "https://a.myshopify.com", "a.myshopify.com/x",
     "A.myshopify.com", "a_b.myshopify.com", "a.myshopify.com\n", "jeans"],
)  # fmt: skip
def test_what_is_no_shop_is_refused(written: str):
    with pytest.raises(NotShopify):
        shop_domain(written)


def test_pages_are_shown_in_the_admin_of_their_own_shop_only():
    assert frame_ancestors(books.SHOP) == f"frame-ancestors https://{books.SHOP} https://admin.shopify.com"


def test_who_may_write_may_read():
    without = [scope for scope in SCOPES if scope != "read_returns"]
    assert missing_scopes(without) == ()
    assert missing_scopes([scope for scope in SCOPES if "returns" not in scope]) == ("read_returns", "write_returns")


def test_the_documents_need_no_more_than_is_asked_for_and_no_scope_is_asked_for_in_vain():
    from graphql import parse

    held = {*SCOPES, *(f"read_{scope[6:]}" for scope in SCOPES if scope.startswith("write_"))}
    needed = [need for one in documents().values() for need in limits.needed(cut_admin(), parse(one.text))]
    assert [name for name, scopes in needed if not held & set(scopes)] == []
