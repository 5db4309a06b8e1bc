"""Caps: nothing comes back twice, from a line, from the order, from its payments."""

from .examples import back, case, earlier, european, exchange, item, line, order, quote, refund, withdrawal


def capped(document):
    found = quote(document)["capped"]
    return found and (found["by"], found["wanted"], found["given"])


def because(document):
    return quote(document)["capped"]["because"]


CUT = refund("r1", back(quantity=0, amount="4.00"), amount="4.00")


def test_what_is_not_above_anything_is_not_capped():
    assert quote(case())["capped"] is None


def test_a_price_cut_caps_its_line():
    of = order(line(), line("b"), refunds=[CUT])
    document = quote(case(of))
    assert document["capped"] == {
        "by": "line",
        "wanted": "10.00",
        "given": "6.00",
        "because": "refund r1 on 2026-10-06 gave back 4.00",
    }
    assert (document["total"], document["goods"], document["items"][0]["amount"]) == ("6.00", "10.00", "10.00")
    assert capped(case(of, item("b"))) is None


def test_a_line_cap_counts_tax():
    cut = refund("r1", back(quantity=0, amount="4.00", tax="0.80"), amount="4.80")
    of = order(line(tax="2.00"), line("b"), refunds=[cut])
    assert capped(case(of)) == ("line", "12.00", "7.20")
    assert capped(case(of | {"prices_include_tax": True})) == ("line", "10.00", "6.00")


def test_a_line_cap_is_taken_per_line_over_its_items():
    of = order(line(quantity=3), line("b"), refunds=[CUT])
    assert capped(case(of, item(quantity=2))) is None
    assert capped(case(of, item(), item(quantity=2))) == ("line", "30.00", "26.00")


def test_a_line_cap_is_held_against_the_goods_less_their_own_fees():
    of = order(line(), line("b"), refunds=[CUT])
    assert capped(case(of, policy={"restocking_percent": "40"})) is None
    assert capped(case(of, item(diminished="1.00"))) == ("line", "9.00", "6.00")
    assert capped(case(of, policy={"return_fee": "1"})) == ("line", "9.00", "5.00")


def test_a_line_cap_leaves_delivery_and_duties_alone():
    of = european(line(duties="2.00"), shipping=[{"id": "s", "price": "3.00"}], refunds=[CUT])
    assert capped(withdrawal(of)) == ("line", "15.00", "11.00")


def test_what_an_earlier_return_gave_for_a_line_counts_less_its_fees():
    before = earlier("R1", back(), fees=[{"code": "restocking", "line_id": "a", "amount": "3.00"}])
    of = order(line(quantity=2), line("b"), refunds=[CUT])
    assert capped(case(of, earlier=[before])) == ("line", "10.00", "9.00")


def test_exchanged_goods_are_not_capped():
    of = order(line(quantity=2, product_id="p"), line("b"), refunds=[CUT])
    swap = exchange(price="10.00", product_id="p")
    assert capped(case(of, swap, item())) is None
    assert capped(case(order(line(), refunds=[refund("r", amount="10.00")]), exchange(price="10.00"))) is None


def test_a_cap_does_not_raise_what_is_due():
    of = order(line(), line("b"), refunds=[refund("r1", back(quantity=0, amount="9.00"), amount="9.00")])
    document = quote(case(of, item(), exchange("b", price="15.00")))
    assert (document["total"], document["due"]) == ("0.00", "0.00")
    assert (document["capped"]["wanted"], document["capped"]["given"]) == ("5.00", "0.00")


def test_goodwill_caps_the_order():
    of = order(line(), line("b"), refunds=[refund("g1", amount="4.00"), refund("r1", back("b"))])
    assert capped(case(of)) == ("order", "10.00", "6.00")
    assert because(case(of)) == "refund g1 on 2026-10-06 gave back 4.00; refund r1 on 2026-10-06 gave back 10.00"


def test_an_open_return_counts_against_the_order():
    of = order(line(quantity=2), refunds=[refund("g1", amount="4.00")])
    document = case(of, earlier=[earlier("R1", back(), status="open")])
    assert capped(document) == ("order", "10.00", "6.00")
    assert because(document).endswith("; return R1 was promised 10.00")


def test_a_settled_return_counts_by_its_goods_and_shipping_less_its_fees():
    before = earlier("R1", back(), shipping="3.00", fees=[{"code": "return_fee", "amount": "1.00"}])
    of = order(line(quantity=2), shipping=[{"id": "s", "price": "1.00"}])
    assert capped(case(of, earlier=[before])) == ("order", "10.00", "9.00")


def test_a_return_counts_once_by_the_refund_that_paid_it():
    of = order(line(quantity=2), refunds=[refund("r1", back(), amount="10.00", key="R1")])
    assert capped(case(of, earlier=[earlier("R1", back())])) is None


def test_a_negative_charge_lowers_what_can_come_back():
    of = order(charges=[{"id": "c", "amount": "-3.00"}])
    assert capped(case(of)) == ("order", "10.00", "7.00")
    assert because(case(of)) == "that is all that was charged"


def test_what_was_paid_in_part_is_capped_by_payment():
    of = order(payments=[{"id": "p", "amount": "8.00", "refunded": "1.00"}])
    assert capped(case(of)) == ("payment", "10.00", "7.00")
    assert because(case(of)) == "the payments still hold 7.00"


def test_what_open_returns_promise_is_not_held_any_more():
    of = order(line(quantity=3), payments=[{"id": "p", "amount": "24.00"}])
    assert capped(case(of, item(quantity=2), earlier=[earlier("R1", back(), status="open")])) == (
        "payment",
        "20.00",
        "14.00",
    )
    assert because(case(of, item(quantity=2), earlier=[earlier("R1", back(), status="open")])).endswith(
        "promised 10.00"
    )
    assert capped(case(of, item(quantity=2), earlier=[earlier("R1", back())])) is None


def test_store_credit_is_capped_too():
    of = order(payments=[{"id": "p", "amount": "8.00"}])
    assert capped(case(of, item(resolution="store_credit"))) == ("payment", "10.00", "8.00")


def test_the_first_cap_that_binds_is_named_and_given_is_after_all_of_them():
    of = order(line(), line("b"), refunds=[CUT, refund("g", amount="12.00")], payments=[{"id": "p", "amount": "3.00"}])
    assert capped(case(of)) == ("line", "10.00", "3.00")
    of["refunds"] = [refund("g", amount="12.00")]
    assert capped(case(of)) == ("order", "10.00", "3.00")
    of["refunds"] = []
    assert capped(case(of)) == ("payment", "10.00", "3.00")


def test_a_cap_on_money_and_credit_comes_off_refunds_first():
    of = order(line(), line("b"), payments=[{"id": "p", "amount": "13.00"}])
    document = quote(case(of, item(resolution="store_credit"), item("b")))
    assert document["to"] == [{"payment_id": "p", "amount": "3.00"}, {"store_credit": True, "amount": "10.00"}]
    of["payments"][0]["amount"] = "7.00"
    assert quote(case(of, item(resolution="store_credit"), item("b")))["to"] == [
        {"store_credit": True, "amount": "7.00"}
    ]


def test_a_line_cap_on_money_and_credit_comes_off_refunds_first():
    of = order(line(quantity=2), line("b"), refunds=[CUT])
    document = quote(case(of, item(resolution="store_credit"), item()))
    assert document["to"] == [{"payment_id": "card", "amount": "6.00"}, {"store_credit": True, "amount": "10.00"}]


def test_the_bonus_is_on_what_is_left_after_caps_and_not_capped_itself():
    of = order(line(), line("b"), refunds=[CUT])
    document = quote(case(of, item(resolution="store_credit"), policy={"store_credit_bonus_percent": "10"}))
    assert (document["bonus"], document["total"], document["capped"]["given"]) == ("0.60", "6.60", "6.00")


def test_a_cap_limits_money_and_not_the_return():
    assert quote(case(order(refunds=[refund("g", amount="10.00")])))["items"][0]["verdict"] == "accepted"


def test_many_refunds_are_not_all_named():
    of = order(line(quantity=9), refunds=[refund(f"g{number}", amount="2.00") for number in range(6)])
    of["refunds"][0]["at"] = None
    assert because(case(of, item(quantity=8))) == (
        "refund g0 gave back 2.00; refund g1 on 2026-10-06 gave back 2.00; refund g2 on 2026-10-06 gave back 2.00"
        "; 3 more gave back the rest"
    )


def test_a_line_of_which_more_was_given_than_charged_gives_nothing():
    of = order(line(), line("b"), refunds=[refund("r1", back(quantity=0, amount="12.00"), amount="12.00")])
    assert capped(case(of)) == ("line", "10.00", "0.00")
    assert quote(case(of, item(), item("b")))["to"] == [{"payment_id": "card", "amount": "8.00"}]


def test_payments_that_hold_less_than_is_promised_give_nothing():
    of = order(line(quantity=3), payments=[{"id": "p", "amount": "5.00"}])
    assert capped(case(of, earlier=[earlier("R1", back(), status="open")])) == ("payment", "10.00", "0.00")


def test_a_capped_line_names_only_what_was_given_for_it():
    of = order(
        line(quantity=2), line("b"), refunds=[CUT, refund("r2", back("b", quantity=0, amount="1.00"), amount="1.00")]
    )
    assert because(case(of, earlier=[earlier("R1", back(), back("b", amount="9.00"))])) == (
        "refund r1 on 2026-10-06 gave back 4.00; return R1 gave back 10.00"
    )
