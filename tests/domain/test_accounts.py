"""A line's account: exact shares of what it cost, and units that count once."""

import pytest

from domain.accounts import Account, taxes_of
from domain.orders import Line, Tax

from .examples import back, case, earlier, item, line, order, parcel, quote, reasons, refund


def account(**changes):
    said = {"worth": 1000, "taxes": (), "prices_include_tax": False, "posted": 3}
    return Account(line=Line(id="a", quantity=3, unit_price=400, duties=100), **(said | changes))


def test_units_of_a_line_never_lose_a_cent():
    assert [account().goods(first, 1).amount for first in range(3)] == [333, 334, 333]


def test_several_units_cost_what_they_cost_one_by_one():
    assert account().goods(1, 2).amount == 1000 - 333


def test_each_tax_is_shared_on_its_own():
    goods = account(taxes=(100, 100)).goods(0, 1)
    assert (goods.tax, goods.value) == (33 + 33, 333 + 66)


def test_tax_is_inside_where_prices_include_it():
    assert account(taxes=(100,), prices_include_tax=True).goods(0, 1).value == 333


def test_duties_are_shared_the_same_way():
    assert [account().goods(first, 1).duties for first in range(3)] == [33, 34, 33]


@pytest.mark.parametrize(
    ("tax", "taxes", "counted"),
    [
        (None, (), ()),
        (None, (60, 40), (60, 40)),
        (100, (), (100,)),
        (100, (60, 40), (60, 40)),
        (101, (60, 40), (60, 40, 1)),
        (99, (60, 40), (60, 40, -1)),
    ],
)
def test_the_tax_of_the_line_wins_and_a_difference_counts_as_one_more(tax, taxes, counted):
    parts = tuple(Tax(id=str(index), amount=amount) for index, amount in enumerate(taxes))
    assert taxes_of(Line(id="a", quantity=1, unit_price=1000, tax=tax, taxes=parts)) == counted


def test_what_was_charged_wins_over_price_and_discount():
    document = quote(case(order(line(quantity=3, discount="5.00", total="24.99")), item(quantity=3)))
    assert document["goods"] == "24.99"


def test_tax_is_added_only_to_prices_that_exclude_it():
    for included, total in ((True, "10.00"), (False, "12.00")):
        document = quote(case(order(line(tax="2.00"), prices_include_tax=included)))
        assert (document["items"][0]["amount"], document["items"][0]["tax"], document["total"]) == (
            "10.00",
            "2.00",
            total,
        )


def test_refunded_units_count_as_unshipped_ones_first():
    of = order(line(quantity=3, fulfilled=[parcel(2)]), refunds=[refund("r", back(quantity=1))])
    assert quote(case(of, item(quantity=2)))["items"][0]["verdict"] == "accepted"
    of["refunds"] = [refund("r", back(quantity=2, amount="20.00"))]
    assert reasons(case(of, item(quantity=2))) == ["quantity_exceeds"]


def test_returned_units_count_as_shipped_ones_first():
    of = order(line(quantity=3, fulfilled=[parcel(2)]))
    assert reasons(case(of, item(quantity=2), earlier=[earlier("R1", back())])) == ["quantity_exceeds"]


def test_cancelled_units_are_the_last_and_not_charged():
    of = order(line(quantity=3, total="10.00", cancelled=1))
    document = quote(case(of, item(quantity=2)))
    assert (document["goods"], document["capped"]) == ("6.67", None)
    assert reasons(case(of, item(quantity=3))) == ["quantity_exceeds"]
