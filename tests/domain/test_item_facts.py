"""What conditions may ask of a case."""

import pytest

from .examples import back, case, earlier, exchange, item, line, order, quote, refund, rule, when


def holds(document, field, value, op="is"):
    """For which items, by their place, a condition on a field holds."""
    policy = document["policy"] | {"rules": [rule("r", when(field, op, value), say="yes")]}
    return [place for place, entry in enumerate(quote(document | {"policy": policy})["items"]) if "say" in entry]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("item.reason", "moth"),
        ("item.quantity", 2),
        ("item.value", "23.60"),
        ("line.sku", "S"),
        ("line.tags", ["new"]),
        ("line.product_type", "shoe"),
        ("line.collections", ["autumn"]),
        ("line.price", "12.00"),
        ("line.discount_percent", "10"),
        ("order.total", "40.40"),
        ("order.tags", ["gift"]),
        ("order.channel", "shopify"),
        ("order.age_days", 10),
        ("customer.tags", ["vip"]),
        ("customer.email", "ann@example.com"),
        ("customer.returns_90_days", 0),
        ("customer.return_rate", "0.25"),
        ("ship_to.country", "US"),
        ("request.channel", "store"),
        ("request.resolution", "refund"),
        ("request.value", "23.60"),
    ],
)
def test_every_field_is_read_from_the_case(field, value):
    of = order(
        line(
            quantity=3, unit_price="12.00", discount="3.60", tax="3.00", sku="S", tags=["new"], product_type="shoe",
            collections=["autumn"], duties="1.00",
        ),
        shipping=[{"id": "s", "price": "4.00"}],
        tags=["gift"],
        channel="shopify",
        customer={"tags": ["vip"], "email": "ann@example.com", "returns_90_days": 0, "return_rate": 0.25},
        ship_to={"country": "US"},
    )  # fmt: skip
    assert holds(case(of, item(quantity=2, reason="moth"), channel="store"), field, value) == [0]


def test_the_value_is_that_of_the_goods_before_fees_tax_included():
    of = order(line(tax="2.00"))
    assert holds(case(of, policy={"restocking_percent": "50"}), "item.value", "12.00") == [0]
    assert holds(case(of | {"prices_include_tax": True}), "item.value", "10.00") == [0]


def test_items_of_a_line_are_worth_what_is_left_one_after_the_other():
    of = order(line(quantity=3, total="10.00"))
    items = [item(quantity=1), item(quantity=1), item(quantity=5)]
    assert [holds(case(of, *items), "item.value", value) for value in ("3.33", "3.34")] == [[0, 2], [1]]
    assert holds(case(of, *items), "request.value", "10.00") == [0, 1, 2]


def test_an_item_is_worth_at_most_what_is_left():
    of = order(line(quantity=3, total="10.00"), refunds=[refund("r", back(amount="3.33"), amount="3.33")])
    document = case(of, item(quantity=3), earlier=[earlier("R1", back(amount="3.34"))])
    assert holds(document, "item.value", "3.33") == [0]
    assert holds(case(of, item(quantity=1), item(quantity=1), item(quantity=1)), "item.value", "0.00") == [2]


def test_refused_items_are_worth_as_if_they_were_accepted():
    document = case(order(line(quantity=2, gift_card=True)), item(quantity=1), item(quantity=1))
    assert holds(document, "request.value", "20.00") == [0, 1]


def test_the_resolution_is_the_items_own():
    document = case(order(line(quantity=2)), item(), exchange())
    assert holds(document, "request.resolution", "exchange") == [1]


def test_the_discount_is_exact_and_leaves_tax_out():
    of = order(line(quantity=3, unit_price="1.00", discount="1.00", tax="5.00"))
    assert holds(case(of), "line.discount_percent", "33.33", "gt") == [0]
    assert holds(case(of), "line.discount_percent", "33.34", "lt") == [0]
    assert holds(case(of), "line.discount_percent", "33.33") == []


def test_shares_of_order_discounts_count_as_discount():
    assert holds(case(order(discounts=[{"amount": "2.50"}])), "line.discount_percent", "25") == [0]


def test_the_discount_of_what_costs_nothing_is_missing():
    assert holds(case(order(line(unit_price="0.00"))), "line.discount_percent", "0", "gte") == []


def test_the_age_is_in_calendar_days_of_the_shops_time_zone():
    of = order(placed_at="2026-10-01T23:30:00-04:00")
    late = {"now": "2026-10-02T00:30:00-04:00"}
    assert holds(case(of, policy={"timezone": "America/New_York"}, **late), "order.age_days", 1) == [0]
    assert holds(case(of, **late), "order.age_days", 0) == [0]


def test_the_age_is_that_when_the_return_was_opened():
    assert holds(case(opened_at="2026-10-03T00:00:00Z"), "order.age_days", 3) == [0]


def test_what_was_cancelled_is_not_in_the_orders_total():
    assert holds(case(order(line(quantity=2, cancelled=1))), "order.total", "10.00") == [0]


@pytest.mark.parametrize("reason", [None, ""])
def test_no_reason_is_a_missing_value(reason):
    assert holds(case(None, item(reason=reason)), "item.reason", True, "exists") == []
