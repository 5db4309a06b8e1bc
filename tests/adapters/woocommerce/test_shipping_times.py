"""When goods of an order left, and which variant a line is of."""

from typing import Any

import pytest

from adapters.woocommerce.normalise import normalise
from tests.adapters.woocommerce.orders import order_of
from tests.recordings import body_of

A = "orders-get-A"
PARCELS = [
    {"tracking_number": "1Z", "date_shipped": "1795400000"},
    {"tracking_number": "2Z", "date_shipped": "1795450000"},
]


def shipped_at(document: Any) -> str | None:
    fulfilled = document["lines"][0]["fulfilled"]
    return fulfilled[0]["at"] if fulfilled else None


def tracked(value: object) -> list[dict[str, object]]:
    return [*body_of("woocommerce", A)["meta_data"], {"id": 9, "key": "_wc_shipment_tracking_items", "value": value}]


def test_a_status_of_the_shops_own_says_that_goods_have_left_where_the_shop_says_so():
    body = body_of("woocommerce", A) | {"status": "sent-by-courier", "date_completed_gmt": None}
    assert shipped_at(normalise(body)) is None
    assert shipped_at(normalise(body, shipped=frozenset({"sent-by-courier"}))) == "2026-11-23T06:27:21+00:00"


def test_fact_21_cash_on_delivery_that_was_set_paid_is_completed_and_so_shipped():
    """Fact 21: cod with set_paid gave `completed`, and its GMT date is when the goods count as sent."""
    assert shipped_at(order_of(A)) == "2026-11-23T06:27:17+00:00"


def test_fact_21_a_product_that_the_store_did_not_know_is_an_empty_line():
    """Fact 21: such a line has product 0, so nothing can be given instead of it and nothing be put on sale."""
    line: Any = order_of("error-400-bad-line-product")["lines"]
    assert [(one["product_id"], one["variant_id"]) for one in line] == [(None, None)]


def test_the_last_parcel_that_is_tracked_says_when_goods_left():
    assert shipped_at(order_of(A, meta_data=tracked(PARCELS))) == "2026-11-23T16:06:40+00:00"


@pytest.mark.parametrize("value", [[], "", [{}], [{"date_shipped": ""}], [{"date_shipped": "soon"}], {"0": {}}, [1]])
def test_tracking_that_says_no_date_leaves_it_to_the_date_of_completion(value: object):
    assert shipped_at(order_of(A, meta_data=tracked(value))) == "2026-11-23T06:27:17+00:00"


def test_a_parcel_of_an_order_that_waits_is_not_the_whole_order():
    assert shipped_at(order_of(A, status="processing", meta_data=tracked(PARCELS))) is None


def test_a_product_without_variations_is_its_own_only_variant():
    line: Any = order_of(A)["lines"]
    assert [(one["product_id"], one["variant_id"]) for one in line] == [("11", "11"), ("14", "17"), ("12", "12")]
