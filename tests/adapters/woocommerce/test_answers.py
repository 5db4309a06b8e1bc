"""A file holds orders or refunds, or a clear line says what it holds instead."""

import json

import pytest

from adapters.errors import Unreadable
from adapters.woocommerce.answers import read_answer
from tests.adapters.woocommerce.orders import answer_of
from tests.recordings import body_of, path_of


def bare(name: str) -> bytes:
    return json.dumps(body_of("woocommerce", name)).encode()


@pytest.mark.parametrize("name", ["orders-get-A", "orders-list-page1", "refunds-list", "refund-16-shipping-line"])
def test_a_bare_body_says_the_same_as_the_recorded_exchange(name):
    plain, recorded = read_answer(bare(name)), answer_of(name)
    assert plain.orders == recorded.orders
    assert [(found.order_id, found.refunds) for found in plain.refunds] == [
        (found.order_id, found.refunds) for found in recorded.refunds
    ]


def test_a_list_of_orders_is_all_of_them():
    assert [order["id"] for order in answer_of("orders-list-page1").orders] == [58, 57, 56, 55, 54]


def test_refunds_of_one_order_are_known_by_the_address_of_the_request():
    (found,) = answer_of("refunds-list-A-fields").refunds
    assert (found.order_id, len(found.refunds)) == ("24", 11)


def test_refunds_of_the_whole_store_say_whose_they_are():
    found = answer_of("refunds-global-list").refunds
    assert [(one.order_id, len(one.refunds)) for one in found] == [("27", 1), ("28", 4)]


def test_refunds_that_nobody_knows_the_order_of_are_refused():
    refunds = body_of("woocommerce", "refunds-list-A-fields")
    with pytest.raises(Unreadable, match="whose they are"):
        read_answer(json.dumps(refunds).encode())


def test_a_list_is_known_to_be_whole_when_its_page_is_not_full():
    assert answer_of("refunds-list-F-auto").refunds[0].complete_at is not None
    assert answer_of("refunds-list").refunds[0].complete_at is None


def test_an_empty_list_of_refunds_is_told_too():
    (found,) = answer_of("refund-73d-list-after").refunds
    assert (found.order_id, found.refunds) == ("146", [])


def test_an_empty_list_of_orders_is_nothing():
    """Fact 14: so is a page beyond the last."""
    assert answer_of("orders-list-page-beyond").orders == []


def test_the_answer_to_a_deletion_is_an_order_in_the_trash():
    assert [order["status"] for order in answer_of("orders-delete-force").orders] == ["trash"]


def test_a_good_order_goes_in_beside_what_is_none():
    mixed = json.dumps([body_of("woocommerce", "orders-get-A"), {"id": 1, "topic": "order.created"}, 7])
    found = read_answer(mixed.encode())
    assert len(found.orders) == 1
    assert found.refused == ["1 × This is not an order, nor a refund: it has id, topic.", "1 × This is not an order: 7"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("error-400-bad-coupon", 'HTTP 400, .*woocommerce_rest_invalid_coupon, Coupon "nope"'),
        ("error-401-bad-secret", "HTTP 401, .*woocommerce_rest_authentication_error"),
        ("error-404-order", "HTTP 404, .*woocommerce_rest_shop_order_invalid_id"),
        ("error-404-refund-of-other-order", "HTTP 500, .*invalid_order_refund_id"),
        ("refund-05-over-refund", "HTTP 500, .*Invalid refund amount"),
        ("refund-31-api-refund-true-gateway-declines", "HTTP 500, .*Refund declined"),
        ("outage-404-woocommerce-inactive", "HTTP 404, .*rest_no_route"),
        ("outage-500-database-down", "HTTP 500, no answer of WooCommerce"),
        ("outage-502-php-down", "HTTP 502, no answer of WooCommerce.*Bad Gateway"),
        ("outage-503-maintenance", "HTTP 503, no answer of WooCommerce"),
    ],
)
def test_a_refusal_of_the_store_is_told_with_its_own_words(name, said):
    """Facts 4 and 22."""
    with pytest.raises(Unreadable, match=said):
        answer_of(name)


@pytest.mark.parametrize(
    "name",
    ["products-get-variable", "webhooks-get", "coupons-create-percent", "coupons-get-after-use",
     "_race-gateway-4-responses"],
)  # fmt: skip
def test_anything_else_is_not_an_order(name):
    with pytest.raises(Unreadable, match="not an order"):
        answer_of(name)


def test_an_order_of_some_fields_is_not_whole():
    with pytest.raises(Unreadable, match="not a whole order"):
        answer_of("orders-list-fields")


def test_a_deleted_refund_asks_for_its_order():
    with pytest.raises(Unreadable, match="import its order"):
        answer_of("refunds-delete-without-force")


@pytest.mark.parametrize("content", [b"<html>", b"\xff\xfe", b"[" * 100_000, b""])
def test_what_is_no_json_is_said_to_be_none(content):
    with pytest.raises(Unreadable, match="no JSON"):
        read_answer(content)


def test_a_recorded_error_without_its_envelope_is_still_an_error():
    with pytest.raises(Unreadable, match="WooCommerce refused: woocommerce_rest_shop_order_invalid_id"):
        read_answer(bare("error-404-order"))


def test_a_byte_order_mark_is_no_matter():
    content = b"\xef\xbb\xbf" + path_of("woocommerce", "orders-get-A").read_bytes()
    assert len(read_answer(content).orders) == 1
