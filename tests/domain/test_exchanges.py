"""Exchanges: old goods count for what was paid for them, and the difference is netted over the request."""

import pytest

from .examples import case, exchange, item, line, order, quote

SHIRT = line(product_id="shirt", unit_price="80.00", discount="20.00")


def figures(document):
    found = quote(document)
    return found["goods"], found["exchange"], found["total"], found["due"]


def swap(price="80.00", **changes):
    return exchange(price=price, product_id="shirt", **changes)


def test_within_a_product_an_exchange_is_even_whatever_the_prices():
    for price in ("80.00", "95.00", "10.00"):
        assert figures(case(order(SHIRT), swap(price))) == ("60.00", "60.00", "0.00", "0.00")


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("80.00", ("60.00", "0.00", "0.00")),
        ("95.00", ("95.00", "0.00", "35.00")),
        ("50.00", ("50.00", "10.00", "0.00")),
    ],
)
def test_or_only_where_list_prices_are_equal(price, expected):
    assert figures(case(order(SHIRT), swap(price), policy={"even_exchange": "same_price"})) == ("60.00", *expected)


@pytest.mark.parametrize("even", ["same_product", "same_price"])
def test_another_product_is_never_even(even):
    of = order(SHIRT)
    assert figures(case(of, exchange(price="80.00"), policy={"even_exchange": even})) == (
        "60.00",
        "80.00",
        "0.00",
        "20.00",
    )


def test_products_that_are_not_known_are_not_the_same():
    assert figures(case(order(line()), exchange(price="12.00", product_id=None))) == ("10.00", "12.00", "0.00", "2.00")


def test_a_replacement_is_worth_its_price_and_tax_for_every_unit():
    of = order(line(quantity=2, tax="4.00"))
    asked = exchange(quantity=2, price="11.00", tax="2.20")
    assert figures(case(of, asked)) == ("24.00", "26.40", "0.00", "2.40")
    assert figures(case(of | {"prices_include_tax": True}, asked)) == ("20.00", "22.00", "0.00", "2.00")


def test_differences_are_netted_over_the_request():
    of = order(line(), line("b"), line("c"))
    asked = [exchange("a", price="15.00"), exchange("b", price="4.00"), item("c")]
    assert figures(case(of, *asked)) == ("30.00", "19.00", "11.00", "0.00")
    assert figures(case(of, exchange("a", price="25.00"), item("c"))) == ("20.00", "25.00", "0.00", "5.00")


def test_an_even_exchange_leaves_no_room_for_fees():
    document = quote(
        case(order(SHIRT), swap() | {"diminished": "5.00"}, policy={"return_fee": "5", "restocking_percent": "10"})
    )
    assert (document["fees"], document["total"], document["due"]) == ([], "0.00", "0.00")


def test_fees_come_off_what_a_cheaper_replacement_leaves():
    assert figures(case(order(SHIRT), exchange(price="45.00"), policy={"return_fee": "5"})) == (
        "60.00",
        "45.00",
        "10.00",
        "0.00",
    )


def test_a_refused_exchange_takes_nothing():
    assert figures(case(order(SHIRT), exchange(price="95.00", available=0))) == ("0.00", "0.00", "0.00", "0.00")


def test_what_is_left_of_an_exchange_goes_back_to_the_payments():
    document = quote(case(order(line(), line("b")), exchange(price="4.00"), item("b", resolution="store_credit")))
    assert document["to"] == [{"payment_id": "card", "amount": "6.00"}, {"store_credit": True, "amount": "10.00"}]


def test_what_is_due_is_less_by_all_that_comes_back():
    of = order(line(duties="1.00"), ship_to={"country": "DE"}, shipping=[{"id": "s", "price": "2.00"}])
    of["charges"] = [{"id": "c", "amount": "4.00"}]
    document = case(of, exchange(price="30.00"), kind="withdrawal")
    assert figures(document) == ("10.00", "30.00", "0.00", "13.00")
