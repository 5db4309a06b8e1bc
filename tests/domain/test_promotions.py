"""Unearned discounts: taken back as promotion, and given back with the goods that made them unearned."""

import pytest

from .examples import back, case, earlier, european, exchange, fees, item, line, order, quote, refund

TWENTY_OFF = {"amount": "20.00", "threshold": "100.00"}
CLAWBACK = {"promotions": "clawback"}


def shop(*discounts, **changes):
    """Two lines of 60.00 and 50.00."""
    lines = [line("a", unit_price="60.00"), line("b", unit_price="50.00")]
    return order(*lines, discounts=list(discounts) or [TWENTY_OFF], **changes)


def charged(amount, *items, return_id="R1"):
    return earlier(return_id, *items, fees=[{"code": "promotion", "amount": amount}])


def test_a_discount_is_unearned_when_what_is_kept_falls_below_its_threshold():
    document = quote(case(shop(), item("b"), policy=CLAWBACK))
    assert document["fees"] == [{"code": "promotion", "line_id": None, "amount": "10.91"}]
    assert document["total"] == "30.00"


@pytest.mark.parametrize(("threshold", "owed"), [("60.01", [("promotion", "10.91")]), ("60.00", []), (None, [])])
def test_at_the_threshold_it_is_still_earned(threshold, owed):
    assert fees(case(shop(TWENTY_OFF | {"threshold": threshold}), item("b"), policy=CLAWBACK)) == owed


def test_as_allocated_nothing_is_taken_back():
    assert fees(case(shop(), item("b"))) == []


def test_what_is_kept_counts_at_its_unit_price():
    of = order(line("a", unit_price="100.00", discount="60.00"), line("b", discount="0.00"), discounts=[TWENTY_OFF])
    assert fees(case(of, item("b"), policy=CLAWBACK)) == []


def test_where_discounts_are_shared_already_they_serve_the_clawback_only():
    of = order(
        line("a", unit_price="60.00", discount="10.91"),
        line("b", unit_price="50.00", discount="9.09"),
        discounts=[TWENTY_OFF],
    )
    assert fees(case(of, item("b"), policy=CLAWBACK)) == [("promotion", "10.91")]


def test_only_unearned_discounts_are_taken_back():
    of = shop(TWENTY_OFF, {"amount": "11.00", "threshold": "50.00"}, {"amount": "11.00"})
    assert fees(case(of, item("b"), policy=CLAWBACK)) == [("promotion", "10.91")]


def test_the_kept_units_are_the_last_before_the_cancelled_ones():
    of = order(line(quantity=4, unit_price="30.00", cancelled=1), discounts=[{"amount": "0.10", "threshold": "90.00"}])
    assert fees(case(of, policy=CLAWBACK)) == [("promotion", "0.05")]
    of["discounts"][0]["amount"] = "0.02"
    assert fees(case(of, item(quantity=2), policy=CLAWBACK)) == [("promotion", "0.01")]


def test_an_exchange_keeps_the_goods():
    assert fees(case(shop(), exchange("b", price="1.00"), policy=CLAWBACK)) == []


def test_goods_exchanged_earlier_are_kept():
    before = earlier("R1", back("b", amount="40.91", resolution="exchange"))
    of = order(*shop()["lines"], line("c", unit_price="5.00"), discounts=[TWENTY_OFF])
    assert fees(case(of, item("c"), earlier=[before], policy=CLAWBACK)) == []


@pytest.mark.parametrize("gone", ["earlier", "refunds"])
def test_goods_that_came_back_earlier_are_not_kept(gone):
    of = order(
        line("a", unit_price="60.00"),
        line("b", unit_price="50.00"),
        line("c", unit_price="5.00"),
        discounts=[TWENTY_OFF],
    )
    changes = {"earlier": [earlier("R1", back("b", amount="41.30"))]} if gone == "earlier" else {}
    if gone == "refunds":
        of["refunds"] = [refund("r", back("b", amount="41.30"), amount="41.30")]
    assert fees(case(of, item("c"), policy=CLAWBACK, **changes)) == [("promotion", "4.13")]


def test_a_waived_reason_owes_no_promotion_but_any_other_item_owes_it_whole():
    of = order(
        line("a", unit_price="60.00"),
        line("b", unit_price="50.00"),
        line("c", unit_price="50.00"),
        discounts=[TWENTY_OFF],
    )
    faulty = item("b", reason="defective")
    assert fees(case(of, faulty, item("c", reason="recall"), policy=CLAWBACK)) == []
    assert fees(case(of, faulty, item("c"), policy=CLAWBACK)) == [("promotion", "7.50")]


def test_what_the_shopper_takes_instead_does_not_waive_it():
    policy = CLAWBACK | {"fees_waived_when": ["store_credit", "exchange"]}
    assert fees(case(shop(), item("b", resolution="store_credit"), policy=policy)) == [("promotion", "10.91")]


def test_a_withdrawal_owes_no_promotion():
    of = european(*shop()["lines"], discounts=[TWENTY_OFF])
    assert fees(case(of, item("b"), kind="withdrawal", policy=CLAWBACK)) == []


def test_what_earlier_returns_were_charged_is_not_charged_again():
    of = order(
        line("a", unit_price="60.00"),
        line("b", unit_price="50.00"),
        line("c", unit_price="10.00"),
        discounts=[TWENTY_OFF],
    )
    before = charged("6.00", back("b", amount="41.67"))
    assert fees(case(of, item("c"), earlier=[before], policy=CLAWBACK)) == [("promotion", "4.00")]


@pytest.mark.parametrize(
    ("asked", "kind"), [(item("a"), "return"), (item("a", reason="defective"), "return"), (item("a"), "withdrawal")]
)
def test_it_comes_back_with_the_goods_it_was_charged_for(asked, kind):
    of = european(*shop()["lines"], discounts=[TWENTY_OFF])
    document = quote(case(of, asked, kind=kind, earlier=[charged("10.91", back("b", amount="40.91"))], policy=CLAWBACK))
    assert ([fee["amount"] for fee in document["fees"]], document["total"], document["capped"]) == (
        ["-10.91"],
        "60.00",
        None,
    )


def test_a_refused_request_gives_no_promotion_back():
    of = order(line("a", unit_price="60.00", gift_card=True), line("b", unit_price="50.00"), discounts=[TWENTY_OFF])
    assert fees(case(of, item("a"), earlier=[charged("10.91", back("b"))], policy=CLAWBACK)) == []


def test_a_promotion_given_back_before_may_be_charged_again():
    before = [charged("10.91", back("b", amount="40.91")), charged("-10.91", return_id="R2")]
    of = order(line("a", quantity=2, unit_price="60.00"), line("b", unit_price="50.00"), discounts=[TWENTY_OFF])
    assert fees(case(of, item("a"), earlier=before, policy=CLAWBACK)) == [("promotion", "7.06")]


@pytest.mark.parametrize(
    ("resolution", "to"),
    [
        ("refund", [{"payment_id": "card", "amount": "60.00"}]),
        ("store_credit", [{"store_credit": True, "amount": "60.00"}]),
    ],
)
def test_what_is_given_back_follows_the_refund_or_else_the_credit(resolution, to):
    document = case(
        shop(), item("a", resolution=resolution), earlier=[charged("10.91", back("b", amount="40.91"))], policy=CLAWBACK
    )
    assert quote(document)["to"] == to


def test_the_share_on_the_kept_units_is_that_of_their_place_in_the_line():
    of = order(line(quantity=5, unit_price="30.00", cancelled=1), discounts=[{"amount": "0.02", "threshold": "90.00"}])
    assert fees(case(of, item(quantity=3), policy=CLAWBACK)) == [("promotion", "0.01")]
