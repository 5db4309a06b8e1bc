"""Every example of Shopify's deliveries, as it comes and as it must not come."""

import json

import pytest

from tests.recordings import FOLDER
from webhooks.delivery import (
    AppRemoved,
    OrderChanged,
    PersonAsked,
    PersonErased,
    ProductChanged,
    ReturnChanged,
    ScopesChanged,
    ShopErased,
    SomethingChanged,
    platform,
)
from webhooks.errors import NotAuthentic, Unreadable
from webhooks.shopify import READERS, translate, verify
from webhooks.signature import sign

EXAMPLES = {path.stem.replace("__", "/"): path.read_bytes() for path in (FOLDER / "shopify").glob("*.json")}
ENDLESS = b'{"id": 1%s}' % (b"0" * 4000)
SECRET = "shpss_0123456789abcdef0123456789abcdef"
OLD = "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"

TOLD = {
    "returns/request": OrderChanged("4783296544821"),
    "returns/approve": OrderChanged("4783296544821"),
    "returns/decline": OrderChanged("4783296544821"),
    "returns/close": OrderChanged("4783296544821"),
    "returns/cancel": OrderChanged("4783296544821"),
    "returns/reopen": OrderChanged("4783296544821"),
    "returns/update": ReturnChanged("123134564567890"),
    "returns/process": SomethingChanged(),
    "reverse_deliveries/attach_deliverable": ReturnChanged("123134564567890"),
    "reverse_fulfillment_orders/dispose": SomethingChanged(),
    "app/uninstalled": AppRemoved(),
    "app/scopes_update": ScopesChanged(("read_products", "write_products")),
    "customers/data_request": PersonAsked("191167", "john@example.com", ("299938", "280263", "220458")),
    "customers/redact": PersonErased("191167", "john@example.com", ("299938", "280263", "220458")),
    "shop/redact": ShopErased(),
    "products/update": ProductChanged("788032119674292922"),
    "orders/updated": OrderChanged("820982911946154508"),
    "refunds/create": OrderChanged("820982911946154500"),
}


def headers(topic: str, body: bytes, *, prefix: str = "x-", secret: str = SECRET, **changes: str) -> dict[str, str]:
    said = {"topic": topic, "hmac-sha256": sign(secret.encode(), body), "webhook-id": "w-1", **changes}
    return {f"{prefix}shopify-{name}": value for name, value in said.items()}


def test_every_topic_has_its_example():
    assert set(EXAMPLES) == set(READERS)


@pytest.mark.parametrize("topic", sorted(READERS))
class TestADelivery:
    @pytest.mark.parametrize("prefix", ["x-", ""])
    def test_verifies_in_either_spelling_and_can_be_read(self, topic: str, prefix: str):
        delivery = verify(headers(topic, EXAMPLES[topic], prefix=prefix), EXAMPLES[topic], secrets=[SECRET])
        assert delivery is not None
        assert (delivery.identity, delivery.topic) == ("w-1", topic)
        assert len(translate(topic, delivery.body)) == 1

    def test_that_was_changed_by_a_byte_is_refused(self, topic: str):
        with pytest.raises(NotAuthentic):
            verify(headers(topic, EXAMPLES[topic]), EXAMPLES[topic] + b" ", secrets=[SECRET])

    def test_of_another_app_is_refused(self, topic: str):
        with pytest.raises(NotAuthentic):
            verify(headers(topic, EXAMPLES[topic], secret=OLD), EXAMPLES[topic], secrets=[SECRET])


@pytest.mark.parametrize("topic", TOLD)
def test_what_a_delivery_says(topic: str):
    assert translate(topic, EXAMPLES[topic]) == (TOLD[topic],)


def test_both_secrets_count_while_one_is_replaced():
    body = EXAMPLES["orders/paid"]
    for secret in (SECRET, OLD):
        assert verify(headers("orders/paid", body, secret=secret), body, secrets=[SECRET, OLD]) is not None


@pytest.mark.parametrize("missing", ["hmac-sha256", "topic", "webhook-id"])
def test_what_is_not_said_is_refused(missing: str):
    body = EXAMPLES["orders/paid"]
    with pytest.raises(NotAuthentic):
        verify({**headers("orders/paid", body), f"x-shopify-{missing}": ""}, body, secrets=[SECRET])


@pytest.mark.parametrize("signature", ["é", "=", "AAAA"])
def test_a_signature_that_is_none_is_refused(signature: str):
    with pytest.raises(NotAuthentic):
        verify(headers("orders/paid", b"{}", **{"hmac-sha256": signature}), b"{}", secrets=[SECRET])


def test_without_a_secret_nothing_is_believed():
    with pytest.raises(NotAuthentic):
        verify(headers("orders/paid", b"{}"), b"{}", secrets=[""])


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"id": "1"}', b'{"id": true}', b"\xff", ENDLESS])
def test_what_cannot_be_read_needs_a_person(body: bytes):
    with pytest.raises(Unreadable):
        translate("orders/paid", body)


def test_a_processed_return_that_is_named_is_read_by_its_name():
    body = json.dumps({"admin_graphql_api_id": "gid://shopify/Return/7"}).encode()
    assert translate("returns/process", body) == (ReturnChanged("7"),)


def test_topics_that_concern_no_return_say_nothing():
    assert translate("themes/publish", b"not even JSON") == ()


def test_the_platform_is_found_by_its_name():
    assert platform("shopify") is not None
