"""Fields are read as what they must be, or named."""

from decimal import Decimal

import pytest

from adapters.errors import Unreadable
from adapters.woocommerce import fields


@pytest.mark.parametrize(
    ("found", "digits", "written"),
    [("40.48", 2, "40.48"), ("5", 2, "5.00"), ("0.125", 2, "0.13"), ("-0.125", 2, "-0.13"), ("-0.004", 2, "0.00"),
     ("1333.33", 0, "1333"), ("13.493333333333", 2, "13.49")],
)  # fmt: skip
def test_amounts_are_rounded_half_away_from_zero(found: str, digits: int, written: str):
    assert fields.written(Decimal(found), digits) == written


@pytest.mark.parametrize("found", ["1e3", "NaN", "1,000.00", " 1.00", "١.٠٠", 1.5, 2, None, "--1", "9" * 20])
def test_what_is_no_decimal_string_is_no_amount(found: object):
    with pytest.raises(Unreadable, match="total"):
        fields.amount({"total": found}, "total")


def test_an_amount_that_is_not_kept_is_nothing():
    assert fields.amount({"subtotal": ""}, "subtotal") == 0


@pytest.mark.parametrize("found", [0, "0", "", None, []])
def test_an_id_that_stands_for_none_is_none(found: object):
    assert fields.identity({"product_id": found}, "product_id") is None


@pytest.mark.parametrize("found", [True, "3", 1.5, None])
def test_what_is_no_whole_number_is_named(found: object):
    with pytest.raises(Unreadable, match="quantity"):
        fields.whole({"quantity": found}, "quantity")


def test_a_time_in_utc_says_so():
    assert fields.moment({"date_paid_gmt": "2026-11-23T06:27:17"}, "date_paid_gmt") == "2026-11-23T06:27:17+00:00"
