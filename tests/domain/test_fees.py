"""Fees: what each is, who is spared, and that they never take more than there is."""

import pytest

from .examples import back, case, earlier, exchange, fees, item, line, order, quote, rule, when

FAULTS = ["defective", "damaged", "wrong_item", "not_as_described", "missing_parts", "recall"]


def test_restocking_is_a_percentage_of_the_items_amount_rounded_per_item():
    of = order(line(quantity=2, unit_price="3.33", tax="6.00"))
    document = quote(case(of, item(), item(), policy={"restocking_percent": "12.5"}))
    assert document["fees"] == [{"code": "restocking", "line_id": "a", "amount": "0.42"}] * 2


def test_half_a_cent_of_restocking_rounds_up():
    assert fees(case(order(line(unit_price="0.30")), policy={"restocking_percent": "15"})) == [("restocking", "0.05")]


def test_a_fee_of_nothing_is_left_out():
    assert fees(case(order(line(unit_price="0.01")), policy={"restocking_percent": "15"})) == []


@pytest.mark.parametrize("reason", FAULTS)
def test_an_item_with_a_waived_reason_owes_no_fee(reason):
    assert fees(case(None, item(reason=reason), policy={"restocking_percent": "15", "return_fee": "1"})) == []


@pytest.mark.parametrize("reason", ["changed_mind", "late", "moth", None])
def test_other_reasons_owe_fees(reason):
    policy = {"restocking_percent": "15", "return_fee": "1"}
    assert fees(case(None, item(reason=reason), policy=policy)) == [("restocking", "1.50"), ("return_fee", "1.00")]


def test_the_merchant_says_which_reasons_are_waived():
    policy = {"return_fee": "1", "fees_waived_for": ["moth"]}
    assert fees(case(None, item(reason="moth"), policy=policy)) == []
    assert fees(case(None, item(reason="defective"), policy=policy)) == [("return_fee", "1.00")]
    assert fees(case(None, item(reason="defective"), policy=policy | {"fees_waived_for": []})) == [
        ("return_fee", "1.00")
    ]


@pytest.mark.parametrize("waived", ["store_credit", "exchange"])
def test_fees_may_be_waived_for_what_the_shopper_takes(waived):
    policy = {"restocking_percent": "15", "return_fee": "1", "fees_waived_when": [waived]}
    credit, swap = item(resolution="store_credit"), exchange(price="1.00")
    assert (fees(case(None, credit, policy=policy)) == []) is (waived == "store_credit")
    assert (fees(case(None, swap, policy=policy)) == []) is (waived == "exchange")
    assert fees(case(policy=policy)) != []


def test_the_flat_fee_is_owed_once():
    of = order(line(quantity=3))
    document = quote(case(of, item(), item(reason="defective"), item(), policy={"return_fee": "4"}))
    assert document["fees"] == [{"code": "return_fee", "line_id": None, "amount": "4.00"}]


def test_the_highest_flat_fee_counts_where_rules_differ():
    rules = [
        rule("r", when("item.reason", "is", "late"), return_fee="6.00"),
        rule("s", when("item.reason", "is", "recall"), return_fee="9"),
    ]
    of = order(line(quantity=3))
    items = [item(), item(reason="late"), item(reason="recall")]
    assert fees(case(of, *items, policy={"return_fee": "4", "rules": rules})) == [("return_fee", "6.00")]
    assert fees(case(of, items[1], policy={"return_fee": "8", "rules": rules})) == [("return_fee", "6.00")]


def test_refused_items_owe_nothing():
    of = order(line(), line("b", gift_card=True))
    policy = {"restocking_percent": "10", "return_fee": "1"}
    assert fees(case(of, item("b"), policy=policy)) == []
    assert fees(case(of, item(reason="recall"), item("b", diminished="5.00"), policy=policy)) == []


@pytest.mark.parametrize(
    ("per", "charged", "owed"),
    [("return", "4.00", [("return_fee", "4.00")]), ("order", "4.00", []), ("order", "0.00", [("return_fee", "4.00")])],
)
def test_a_flat_fee_per_order_is_charged_once_an_order(per, charged, owed):
    before = earlier("R1", back(), fees=[{"code": "return_fee", "amount": charged}])
    policy = {"return_fee": "4", "return_fee_per": per}
    assert fees(case(order(line(quantity=2)), earlier=[before], policy=policy)) == owed


def test_the_returns_own_fee_was_not_charged_before():
    before = earlier("R1", back(), fees=[{"code": "return_fee", "amount": "4.00"}])
    policy = {"return_fee": "4", "return_fee_per": "order"}
    assert fees(case(return_id="R1", earlier=[before], policy=policy)) == [("return_fee", "4.00")]


@pytest.mark.parametrize(("lost", "fee"), [("3.00", "3.00"), ("12.00", "12.00"), ("99.00", "12.00")])
def test_diminished_value_is_deducted_whatever_the_reason_at_most_the_goods(lost, fee):
    assert fees(case(order(line(tax="2.00")), item(reason="defective", diminished=lost))) == [("diminished", fee)]


def test_fees_are_cut_in_the_order_of_their_codes():
    policy = {"restocking_percent": "60", "return_fee": "3"}
    document = case(None, item(diminished="5.00"), policy=policy)
    assert fees(document) == [("restocking", "6.00"), ("return_fee", "3.00"), ("diminished", "1.00")]
    assert (quote(document)["total"], quote(document)["due"]) == ("0.00", "0.00")


def test_fees_are_cut_to_goods_shipping_and_duties_less_the_exchange():
    of = order(line(duties="1.00"), shipping=[{"id": "s", "price": "2.00"}])
    policy = {"return_fee": "99", "shipping_refund": "whole_order", "duties_refund": True}
    assert fees(case(of, policy=policy)) == [("return_fee", "13.00")]
    assert fees(case(of, exchange(price="8.00"), policy=policy)) == [("return_fee", "5.00")]
    assert fees(case(of, exchange(price="20.00"), policy=policy)) == []


def test_charges_are_not_touched_by_fees():
    of = order(line(), ship_to={"country": "DE"}, charges=[{"id": "c", "amount": "3.00"}])
    document = quote(case(of, item(diminished="99.00"), kind="withdrawal"))
    assert (document["fees"][0]["amount"], document["charges"], document["total"]) == ("10.00", "3.00", "3.00")


def test_a_fee_never_raises_what_is_due():
    document = quote(case(None, exchange(price="12.00"), policy={"return_fee": "5", "restocking_percent": "10"}))
    assert (document["fees"], document["total"], document["due"]) == ([], "0.00", "2.00")
