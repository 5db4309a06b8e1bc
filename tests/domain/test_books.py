"""The books: what an order cost, and what came back of it, each counted once."""

from domain.books import open_books
from domain.case import read_case

from .examples import back, case, earlier, line, order, refund


def books(of, **changes):
    return open_books(read_case(case(of, **changes)))


def worths(of):
    return [account.worth for account in books(of).accounts.values()]


def test_an_order_cost_its_lines_taxes_duties_shipping_and_charges():
    of = order(
        line("a", unit_price="10.00", tax="2.00", duties="1.00"),
        line("b", quantity=2, unit_price="5.00", cancelled=1, tax="1.00", duties="1.00"),
        shipping=[{"id": "s", "price": "6.00", "discount": "1.00", "tax": "0.50"}],
        charges=[{"id": "c", "amount": "3.00", "tax": "0.30"}, {"id": "d", "amount": "-1.00", "tax": "-0.10"}],
    )
    assert books(of).charged == 1200 + 100 + 550 + 50 + 550 + 330 - 110
    assert books(of | {"prices_include_tax": True}).charged == 1000 + 100 + 500 + 50 + 500 + 300 - 100


def test_order_discounts_are_shared_by_unit_price_times_quantity():
    of = order(
        line("a", quantity=2, unit_price="30.00"), line("b", unit_price="40.00"), discounts=[{"amount": "10.00"}]
    )
    assert worths(of) == [5400, 3600]


def test_order_discounts_are_shared_over_the_lines_that_have_none_of_their_own():
    of = order(
        line("a", discount="0.00"), line("b", total="9.00"), line("c"), line("d"), discounts=[{"amount": "1.01"}]
    )
    assert worths(of) == [1000, 900, 949, 950]


def test_where_every_line_has_its_own_discount_nothing_is_shared():
    assert worths(order(line("a", discount="1.00"), line("b", total="9.00"), discounts=[{"amount": "2.00"}])) == [
        900,
        900,
    ]


def test_no_line_bears_more_of_the_discounts_than_it_costs():
    of = order(line("a", unit_price="0.01"), line("b", unit_price="0.01"), discounts=[{"amount": "0.01"}] * 2)
    assert worths(of) == [0, 0]


def test_an_earlier_return_counts_by_its_own_figures():
    of = order(line(quantity=3))
    entry = earlier(
        "R1", back(amount="10.00", tax="1.00"), fees=[{"code": "restocking", "amount": "2.00"}], shipping="3.00"
    )
    found = books(of, earlier=[entry])
    assert (found.given, found.promised, found.shipping_given) == (1200, 0, 300)


def test_an_earlier_return_that_cost_more_than_it_gave_does_not_raise_what_is_left():
    entry = earlier("R1", back(), status="open", fees=[{"code": "return_fee", "amount": "12.00"}])
    found = books(order(line(quantity=3)), earlier=[entry])
    assert (found.given, found.promised) == (0, 0)


def test_an_open_return_is_promised():
    found = books(order(line(quantity=3)), earlier=[earlier("R1", back(), status="open")])
    assert (found.given, found.promised) == (1000, 1000)


def test_a_return_that_says_nothing_of_its_status_is_open():
    assert books(order(line(quantity=3)), earlier=[earlier("R1", back(), status=None)]).promised == 1000


def test_a_return_that_was_refunded_counts_its_money_by_the_refund_and_its_units_by_its_own_items():
    of = order(
        line(quantity=3),
        refunds=[refund("r", back(quantity=2, amount="9.00"), amount="9.00", key="R1", shipping="1.00")],
    )
    found = books(of, earlier=[earlier("R1", back(amount="10.00"), shipping="4.00", status="open")])
    assert (found.given, found.promised, found.shipping_given) == (900, 0, 100)
    assert (found.accounts["a"].returned, found.accounts["a"].refunded, found.accounts["a"].given) == (1, 0, 900)


def test_a_refund_that_tells_of_no_lines_leaves_them_to_the_return():
    of = order(line(quantity=3), refunds=[refund("r", amount="9.00", key="R1")])
    assert books(of, earlier=[earlier("R1", back(amount="10.00"))]).accounts["a"].given == 1000


def test_a_refund_under_the_key_of_no_known_return_is_the_platforms():
    of = order(line(quantity=3), refunds=[refund("r", back(), key="R9")])
    assert books(of).accounts["a"].refunded == 1


def test_the_returns_own_promise_does_not_count():
    of = order(line(quantity=3), refunds=[refund("r", back(), key="R1")])
    found = books(of, return_id="R1", earlier=[earlier("R1", back(), status="open")])
    assert (found.accounts["a"].returned, found.accounts["a"].refunded, found.given, found.promised) == (0, 1, 1000, 0)


def test_payments_hold_what_did_not_go_back():
    of = order(payments=[{"id": "p", "amount": "10.00", "refunded": "4.00"}, {"id": "q", "amount": "5.00"}])
    assert (books(of).paid, books(of).held) == (1500, 1100)


def test_a_payment_never_holds_less_than_nothing():
    assert books(order(payments=[{"id": "p", "amount": "1.00", "refunded": "4.00"}])).held == 0


def test_duties_and_charges_given_back_earlier_count_too():
    entry = earlier("R1", back(), duties="2.00", charges="3.00")
    assert books(order(line(quantity=3)), earlier=[entry]).given == 1500


def test_what_a_line_cannot_bear_of_a_discount_falls_on_the_others():
    of = order(line("a", unit_price="0.02"), line("b", unit_price="0.02"))
    assert worths(of | {"discounts": [{"amount": "0.01"}, {"amount": "0.03"}]}) == [0, 0]


def test_duties_of_cancelled_units_were_not_charged():
    assert books(order(line(quantity=3, unit_price="0.00", duties="1.00", cancelled=1))).charged == 67
