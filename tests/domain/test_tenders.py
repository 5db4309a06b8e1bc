"""Where what is given goes."""

from .examples import case, exchange, item, line, order, quote, rule, when


def to(document):
    return [(leg.get("payment_id", "credit"), leg["amount"]) for leg in quote(document)["to"]]


def payment(payment_id, amount, **changes):
    return {"id": payment_id, "amount": amount, "kind": "card", **changes}


def test_refunds_go_to_payments_by_what_each_still_holds():
    of = order(line(unit_price="30.00"), line("b", unit_price="70.00"))
    of["payments"] = [payment("gift", "80.00", kind="gift_card", refunded="40.00"), payment("card", "60.00")]
    assert to(case(of)) == [("gift", "12.00"), ("card", "18.00")]


def test_the_last_cent_goes_by_largest_remainder_and_ties_to_the_first():
    of = order(payments=[payment(name, "5.00") for name in "xyz"])
    assert to(case(of)) == [("x", "3.34"), ("y", "3.33"), ("z", "3.33")]


def test_payments_that_get_nothing_are_left_out():
    of = order(payments=[payment("spent", "5.00", refunded="5.00"), payment("card", "10.00")])
    assert to(case(of)) == [("card", "10.00")]


def test_a_gift_cards_share_goes_back_to_it():
    of = order(payments=[payment("gift", "10.00", kind="gift_card")])
    assert to(case(of)) == [("gift", "10.00")]


def test_a_payment_that_cannot_be_refunded_by_api_is_still_named():
    of = order(payments=[payment("cod", "10.00", kind="manual", refundable=False)])
    assert to(case(of)) == [("cod", "10.00")]


def test_what_goes_back_to_an_exchange_names_where_it_stems_from():
    origin = {"order_id": "o0", "payment_id": "p0"}
    of = order(payments=[payment("x", "5.00", kind="exchange", of=origin), payment("card", "5.00", of=origin)])
    assert quote(case(of))["to"] == [
        {"payment_id": "x", "amount": "5.00", "of": origin},
        {"payment_id": "card", "amount": "5.00"},
    ]


def test_store_credit_stands_last_with_its_bonus():
    of = order(line(), line("b"))
    document = case(of, item(resolution="store_credit"), item("b"), policy={"store_credit_bonus_percent": "10"})
    assert to(document) == [("card", "10.00"), ("credit", "11.00")]


def test_fees_of_an_item_fall_on_that_item():
    of = order(line(), line("b"))
    items = [item(resolution="store_credit"), item("b", diminished="4.00")]
    assert to(case(of, *items)) == [("card", "6.00"), ("credit", "10.00")]
    assert to(case(of, items[0] | {"diminished": "4.00"}, item("b"))) == [("card", "10.00"), ("credit", "6.00")]


def test_flat_fees_come_off_refunds_first_and_then_credit():
    of = order(line(unit_price="3.00"), line("b"))
    items = [item(), item("b", resolution="store_credit")]
    assert to(case(of, *items, policy={"return_fee": "2"})) == [("card", "1.00"), ("credit", "10.00")]
    assert to(case(of, *items, policy={"return_fee": "5"})) == [("credit", "8.00")]


def test_exchange_differences_come_off_refunds_first_and_then_credit():
    of = order(line(unit_price="3.00"), line("b"), line("c"))
    items = [item(), item("b", resolution="store_credit"), exchange("c", price="15.00")]
    assert to(case(of, *items)) == [("credit", "8.00")]


def test_what_an_item_cannot_bear_of_its_fees_comes_off_the_others():
    of = order(line(), line("b"))
    items = [item(diminished="10.00"), item("b", resolution="store_credit")]
    assert to(case(of, *items, policy={"restocking_percent": "20", "rules": []})) == [("credit", "6.00")]
    swapped = [item(resolution="store_credit", diminished="10.00"), item("b")]
    assert to(case(of, *swapped, policy={"restocking_percent": "20"})) == [("card", "6.00")]


SHIPPED = {"shipping": [{"id": "s", "price": "2.00"}]}
ALL_BACK = {"shipping_refund": "whole_order", "store_credit_bonus_percent": "50"}


def test_delivery_follows_the_refund_if_there_is_one():
    of = order(line(), line("b"), **SHIPPED)
    document = case(of, item(resolution="store_credit"), item("b"), policy=ALL_BACK)
    assert to(document) == [("card", "12.00"), ("credit", "15.00")]


def test_with_only_exchange_and_credit_delivery_goes_to_credit_and_earns_the_bonus():
    of = order(line(), line("b"), **SHIPPED)
    items = [item(resolution="store_credit"), exchange("b", price="10.00")]
    assert to(case(of, *items, policy=ALL_BACK)) == [("credit", "18.00")]


def test_with_only_exchanges_delivery_is_refunded():
    assert to(case(order(**SHIPPED), exchange(price="10.00"), policy=ALL_BACK)) == [("card", "2.00")]


def test_the_bonus_is_rounded_once_at_one_rate():
    of = order(line(unit_price="0.05"), line("b", unit_price="0.05"))
    items = [item(resolution="store_credit"), item("b", resolution="store_credit")]
    assert quote(case(of, *items, policy={"store_credit_bonus_percent": "10"}))["bonus"] == "0.01"


def test_the_bonus_is_rounded_for_each_item_where_rates_differ():
    of = order(line(unit_price="1.05"), line("b", unit_price="1.05"))
    items = [item(resolution="store_credit"), item("b", resolution="store_credit", reason="recall")]
    rules = [rule("r", when("item.reason", "is", "recall"), bonus_percent="30")]
    policy = {"store_credit_bonus_percent": "10", "rules": rules}
    assert quote(case(of, *items, policy=policy))["bonus"] == "0.43"


def test_with_different_rates_credit_is_shared_by_what_each_item_leaves():
    of = order(line(), line("b"))
    items = [item(resolution="store_credit", diminished="6.00"), item("b", resolution="store_credit", reason="late")]
    rules = [rule("r", when("item.reason", "is", "late"), bonus_percent="50")]
    document = quote(case(of, *items, policy={"return_fee": "7", "store_credit_bonus_percent": "10", "rules": rules}))
    assert (document["bonus"], document["total"]) == ("2.70", "9.70")


def test_refunds_earn_no_bonus():
    assert quote(case(policy={"store_credit_bonus_percent": "10"}))["bonus"] == "0.00"


def test_nothing_given_goes_nowhere():
    assert to(case(order(line(gift_card=True)))) == []
