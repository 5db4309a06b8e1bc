"""Every recorded delivery of a real store, as it came and as it must not come."""

import base64
import json
from typing import Any

import pytest

from tests.recordings import FOLDER
from webhooks.delivery import CouponsUsed, OrderChanged, ProductChanged, platform
from webhooks.errors import NotAuthentic, Unreadable
from webhooks.woocommerce import SIGNATURE, translate, verify

DELIVERIES = FOLDER / "woocommerce" / "webhooks"
SECRETS: dict[str, str | None] = json.loads((DELIVERIES / "SECRETS.json").read_bytes())["secrets"]
NAMES = sorted(path.name for path in DELIVERIES.glob("[0-9]*.json"))
SIGNED = [name for name in NAMES if SECRETS.get(name)]
ENDLESS = b'{"id":1%s}' % (b"0" * 4000)
PINGS = [name for name in NAMES if "-ping-" in name]


def recorded(name: str) -> tuple[dict[str, str], bytes]:
    document: dict[str, Any] = json.loads((DELIVERIES / name).read_bytes())
    encoded = document.get("body_base64")
    body = base64.b64decode(encoded) if encoded else document["body_text"].encode()
    return {key.lower(): value for key, value in document["headers"]}, body


def secret_of(name: str) -> str:
    return SECRETS[name] or ""


def test_all_recordings_are_pings_or_signed():
    assert len(SIGNED) > 100
    assert set(SIGNED) | set(PINGS) | {name for name in NAMES if "nosecret" in name} == set(NAMES)


@pytest.mark.parametrize("name", SIGNED)
class TestASignedDelivery:
    def test_fact_23_verifies_and_can_be_read(self, name: str):
        """Fact 23: base64 of HMAC-SHA256 of the raw body, with UTF-8 secrets too."""
        headers, body = recorded(name)
        delivery = verify(headers, body, secrets=["another", secret_of(name)])
        assert delivery is not None
        assert (delivery.topic, delivery.body) == (headers["x-wc-webhook-topic"], body)
        translate(delivery.topic, body)

    @pytest.mark.parametrize("at", [0, -1, 1])
    def test_with_a_flipped_bit_is_refused(self, name: str, at: int):
        headers, body = recorded(name)
        place = len(body) // 2 if at == 1 else at % len(body)
        altered = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        with pytest.raises(NotAuthentic):
            verify(headers, altered, secrets=[secret_of(name)])

    def test_fact_23_with_its_json_written_anew_is_refused(self, name: str):
        """Fact 23: the store escapes "/" and everything beyond ASCII, Python does not."""
        headers, body = recorded(name)
        anew = json.dumps(json.loads(body), separators=(",", ": ")).encode()
        with pytest.raises(NotAuthentic):
            verify(headers, anew, secrets=[secret_of(name)])

    @pytest.mark.parametrize("secrets", [[], [""], ["lab-webhook-secret-2"], ["", "x-y"]])
    def test_with_other_secrets_or_an_empty_one_is_refused(self, name: str, secrets: list[str]):
        headers, body = recorded(name)
        with pytest.raises(NotAuthentic):
            verify(headers, body, secrets=secrets)

    @pytest.mark.parametrize("signature", [None, "", "AAAA"])
    def test_without_its_signature_is_refused(self, name: str, signature: str | None):
        headers, body = recorded(name)
        others = {key: value for key, value in headers.items() if key != SIGNATURE}
        given = others if signature is None else {**others, SIGNATURE: signature}
        with pytest.raises(NotAuthentic):
            verify(given, body, secrets=[secret_of(name)])


@pytest.mark.parametrize("name", PINGS)
def test_fact_26_a_ping_is_a_greeting_that_says_nothing(name: str):
    """Fact 26: a form with the webhook's id and no signature; it must be answered with 200 all the same."""
    headers, body = recorded(name)
    assert verify(headers, body, secrets=["lab-webhook-secret-1"]) is None


@pytest.mark.parametrize("body", [b"", b"webhook_id=", b"webhook_id=1&id=2", b'{"id":1}', b"webhook_id=1\n{}"])
def test_fact_26_nothing_else_is_a_greeting(body: bytes):
    with pytest.raises(NotAuthentic):
        verify({}, body, secrets=["lab-webhook-secret-1"])


def test_fact_24_different_bodies_under_one_delivery_id_are_different_deliveries():
    """Fact 24: 54 ids of deliveries came with different bodies, so the id is not what a delivery is known by."""
    seen: dict[str, set[bytes]] = {}
    known: dict[bytes, set[str]] = {}
    for name in SIGNED:
        headers, body = recorded(name)
        delivery = verify(headers, body, secrets=[secret_of(name)])
        assert delivery is not None
        seen.setdefault(headers["x-wc-webhook-delivery-id"], set()).add(body)
        known.setdefault(headers["x-wc-webhook-id"].encode() + body, set()).add(delivery.identity)
    assert any(len(bodies) > 1 for bodies in seen.values())
    assert {len(identities) for identities in known.values()} == {1}
    assert len({identity for identities in known.values() for identity in identities}) == len(known)


class TestWhatItSays:
    @pytest.mark.parametrize("topic", ["order.created", "order.updated", "order.deleted", "order.restored"])
    def test_fact_28_an_order_is_to_be_read_anew_whatever_its_body_says(self, topic: str):
        """Fact 28: bodies are late and in no order, so nothing but the id is taken from them."""
        assert translate(topic, b'{"id":27,"status":"completed"}') == (OrderChanged("27"),)

    def test_fact_19_of_an_order_with_coupons_it_is_told_which(self):
        """Fact 19: what is left of a used coupon is lost, unless somebody asks how much that was."""
        body = b'{"id":27,"coupon_lines":[{"code":"abc"},{"code":""},5]}'
        assert translate("order.updated", body) == (OrderChanged("27"), CouponsUsed("27", ("abc",)))

    def test_fact_27_a_refund_is_told_by_its_order(self):
        """Fact 27: there is no topic for refunds; the action's body is only the order's id."""
        headers, body = recorded("0071-action.woocommerce_order_refunded-hook_action_refunded.json")
        assert translate(headers["x-wc-webhook-topic"], body) == (OrderChanged("28"),)

    def test_fact_29_what_is_said_to_be_deleted_is_only_to_be_read_anew(self):
        """Fact 29: trashing an order fired product.deleted and coupon.deleted with its id."""
        assert translate("product.deleted", b'{"id":27}') == (ProductChanged("27"),)
        assert translate("coupon.deleted", b'{"id":27}') == ()

    def test_fact_31_a_variation_is_its_product(self):
        """Fact 31: product.updated comes with the variation's own id and type."""
        assert translate("product.updated", b'{"id":17,"type":"variation","parent_id":14}') == (ProductChanged("14"),)
        assert translate("product.updated", b'{"id":14,"type":"variable","parent_id":0}') == (ProductChanged("14"),)

    @pytest.mark.parametrize("topic", ["customer.updated", "customer.deleted", "coupon.created", ""])
    def test_fact_32_other_topics_concern_no_return(self, topic: str):
        """Fact 32: an erased person comes as order.updated too, and the order is read anew by that."""
        assert translate(topic, b'{"id":1}') == ()

    def test_what_was_gone_when_the_store_came_to_tell_says_nothing(self):
        headers, body = recorded("0317-product.created-hook_product.created.json")
        assert translate(headers["x-wc-webhook-topic"], body) == ()

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b"{}", b'{"id":"1"}', b'{"id":0}', b'{"id":true}', b"[" * 9999, ENDLESS]
    )
    def test_what_cannot_be_read_never_can(self, body: bytes):
        with pytest.raises(Unreadable):
            translate("order.updated", body)


def test_the_platform_is_known_by_its_name():
    assert platform("woocommerce") is not None
