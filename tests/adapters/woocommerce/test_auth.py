import json

import httpx
import pytest

from adapters.errors import ChannelRefused, Unreadable
from adapters.woocommerce.auth import Credentials, Signed, approval_address, given_key, store_address
from tests.recordings import FOLDER


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("shop.example.com", "https://shop.example.com"),
        (" https://Shop.Example.com/ ", "https://shop.example.com"),
        ("http://shop.example.com:8080/store/", "http://shop.example.com:8080/store"),
        ("https://shop.example.com/wp-json/wc/v3/orders", "https://shop.example.com"),
        ("https://shop.example.com/wp-admin/index.php", "https://shop.example.com"),
        ("http://127.0.0.1:9400", "http://127.0.0.1:9400"),
        ("http://[::1]:9400", "http://[::1]:9400"),
    ],
)
def test_an_address_is_understood_as_people_type_it(typed: str, address: str):
    assert store_address(typed) == address


@pytest.mark.parametrize(
    "typed", ["", "ftp://shop.example", "https://", "javascript:alert(1)", "https://me:pw@shop.example", "a b"]
)
def test_what_is_no_address_is_refused(typed: str):
    with pytest.raises(ChannelRefused):
        store_address(typed)


def test_a_secret_is_never_shown():
    assert "cs_1" not in repr(Credentials(address="https://a.example", key="ck_1", secret="cs_1"))


def test_plain_http_is_signed_whatever_was_wanted():
    assert isinstance(Credentials(address="http://a.example", key="ck_1", secret="cs_1").auth(), Signed)
    assert isinstance(Credentials(address="https://a.example", key="ck_1", secret="cs_1").auth(), httpx.BasicAuth)


def test_fact_33_the_owner_is_asked_on_a_page_of_the_store():
    """Fact 33: the state is in callback and user id, since the callback is unsigned and names no store."""
    found = httpx.URL(
        approval_address(
            "https://a.example", callback="https://b.example/c/s1", back_to="https://b.example/d", state="s1"
        )
    )
    assert found.path == "/wc-auth/v1/authorize"
    assert dict(found.params) == {
        "app_name": "Backhaul", "scope": "read_write", "user_id": "s1",
        "return_url": "https://b.example/d", "callback_url": "https://b.example/c/s1",
    }  # fmt: skip


def test_fact_33_a_store_takes_no_callback_over_http():
    with pytest.raises(ChannelRefused, match="paste it here"):
        approval_address(
            "https://a.example", callback="http://b.example/c/s1", back_to="http://b.example/d", state="s1"
        )


@pytest.mark.parametrize(
    "path", sorted((FOLDER / "woocommerce" / "wc-auth").glob("*.json")), ids=lambda path: path.stem
)
def test_fact_33_every_recorded_callback_holds_a_key(path):
    found = given_key(json.loads(json.loads(path.read_bytes())["body_text"]))
    assert found.key.startswith("ck_")
    assert found.permissions == "read_write"


@pytest.mark.parametrize(
    "body", [{}, {"consumer_key": 1}, {"consumer_key": "x", "consumer_secret": "y", "key_permissions": "read"}]
)
def test_a_callback_without_a_key_is_unreadable(body: dict[str, object]):
    with pytest.raises(Unreadable):
        given_key(body)
