"""What comes back besides the goods."""

import pytest

from .examples import back, case, earlier, exchange, item, line, order, quote, refund

PAID = [{"id": "s", "price": "9.00", "discount": "2.00", "tax": "0.70", "standard_price": "1.00"}]
POLICY = {"shipping_refund": "whole_order"}


def shipping(document):
    return quote(document)["shipping"]


def test_by_default_delivery_does_not_come_back():
    assert shipping(case(order(shipping=PAID))) == "0.00"


@pytest.mark.parametrize(("included", "paid"), [(False, "7.70"), (True, "7.00")])
def test_a_whole_order_brings_all_delivery_with_its_tax(included, paid):
    assert shipping(case(order(shipping=PAID, prices_include_tax=included), policy=POLICY)) == paid


def test_a_whole_order_is_one_of_which_no_unit_is_left():
    of = order(line(quantity=2), line("b"), shipping=PAID)
    assert shipping(case(of, item(quantity=2), policy=POLICY)) == "0.00"
    assert shipping(case(of, item(quantity=2), item("b"), policy=POLICY)) == "7.70"


@pytest.mark.parametrize(
    "change",
    [
        {"refunds": [refund("r", back("b"))]},
        {"lines": [line(), line("b", cancelled=1)]},
    ],
)
def test_it_does_not_matter_how_the_others_came_back(change):
    of = order(line(), line("b"), shipping=PAID) | change
    assert shipping(case(of, policy=POLICY)) == "7.70"


def test_an_earlier_return_counts_and_so_does_an_exchange():
    of = order(line(), line("b"), shipping=PAID)
    assert shipping(case(of, earlier=[earlier("R1", back("b"), status="open")], policy=POLICY)) == "7.70"
    assert shipping(case(of, item(), exchange("b"), policy=POLICY)) == "7.70"


def test_unshipped_units_are_left():
    assert shipping(case(order(line(), line("b", fulfilled=[]), shipping=PAID), policy=POLICY)) == "0.00"


def test_a_refused_item_is_left():
    of = order(line(), line("b", gift_card=True), shipping=PAID)
    assert shipping(case(of, item(), item("b"), policy=POLICY)) == "0.00"
    assert shipping(case(of, item("b"), earlier=[earlier("R1", back())], policy=POLICY)) == "0.00"


@pytest.mark.parametrize(("reason", "given"), [("defective", "7.70"), ("changed_mind", "0.00"), (None, "0.00")])
def test_faulty_goods_bring_delivery(reason, given):
    of = order(line(quantity=2), shipping=PAID)
    assert shipping(case(of, item(reason=reason), policy={"shipping_refund": "faulty"})) == given


def test_faulty_is_what_the_merchant_waives_fees_for():
    policy = {"shipping_refund": "faulty", "fees_waived_for": ["moth"]}
    of = order(shipping=PAID)
    assert [shipping(case(of, item(reason=reason), policy=policy)) for reason in ("moth", "defective")] == [
        "7.70",
        "0.00",
    ]


def test_a_refused_faulty_item_brings_none():
    of = order(line(), line("b", gift_card=True), shipping=PAID)
    assert shipping(case(of, item(), item("b", reason="defective"), policy={"shipping_refund": "faulty"})) == "0.00"


def test_delivery_given_back_before_does_not_come_back_again():
    of = order(line(quantity=2), shipping=PAID, refunds=[refund("r", amount="2.00", shipping="2.00")])
    policy = {"shipping_refund": "faulty"}
    assert shipping(case(of, item(reason="damaged"), policy=policy)) == "5.70"
    assert shipping(case(of, item(reason="damaged"), earlier=[earlier("R1", shipping="5.70")], policy=policy)) == "0.00"


def test_duties_come_back_in_proportion_where_the_policy_says_so():
    of = order(line(quantity=3, duties="1.00"))
    policy = {"duties_refund": True}
    assert quote(case(of, item(quantity=2)))["duties"] == "0.00"
    assert quote(case(of, item(quantity=2), policy=policy))["duties"] == "0.67"
    assert quote(case(of, earlier=[earlier("R1", back(quantity=2))], policy=policy))["duties"] == "0.33"


def test_duties_come_back_with_exchanged_goods_too():
    of = order(line(duties="1.00"))
    document = quote(case(of, exchange(price="10.00"), policy={"duties_refund": True}))
    assert (document["duties"], document["total"], document["due"]) == ("1.00", "1.00", "0.00")
