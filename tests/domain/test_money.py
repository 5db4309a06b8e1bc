"""Amounts in minor units: read strictly, shared and split without losing any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Malformed
from domain.money import format_amount, parse_amount, parse_short_amount, parse_signed_amount, share, split


@pytest.mark.parametrize(
    ("text", "digits", "minor"), [("10.00", 2, 1000), ("1980", 0, 1980), ("3.335", 3, 3335), ("0.05", 2, 5)]
)
def test_an_amount_has_exactly_the_digits_of_its_currency(text, digits, minor):
    assert parse_amount(text, digits) == minor
    assert format_amount(minor, digits) == text


@pytest.mark.parametrize(
    "text",
    [
        "10",
        "10.0",
        "10.000",
        "10.",
        ".50",
        "",
        " 1.00",
        "1,00",
        "1e2.00",
        "+1.00",
        "١.٠٠",
        "²0.00",
        "-1.00",
        1,
        None,
        True,
        "9" * 40,
    ],
)
def test_anything_else_is_no_amount(text):
    with pytest.raises(Malformed):
        parse_amount(text, 2)


def test_a_currency_without_decimals_has_no_point():
    with pytest.raises(Malformed):
        parse_amount("1980.", 0)


def test_only_signed_amounts_may_be_negative():
    assert parse_signed_amount("-1.50", 2) == -150
    assert format_amount(-5, 2) == "-0.05"
    with pytest.raises(Malformed):
        parse_signed_amount("--1.50", 2)


def test_a_policys_amount_may_leave_decimals_out_but_not_add_any():
    assert parse_short_amount("5", 2) == parse_short_amount("5.0", 2) == parse_short_amount("5.00", 2) == 500
    with pytest.raises(Malformed):
        parse_short_amount("5.000", 2)


@pytest.mark.parametrize(("amount", "rounded"), [(5, 3), (-5, -3), (4, 2), (3, 2), (-3, -2), (1, 1), (-1, -1)])
def test_half_rounds_away_from_zero(amount, rounded):
    assert share(amount, 1, 2) == rounded


def test_a_split_gives_the_rest_to_the_largest_remainders_and_ties_to_the_first():
    assert split(1000, [1, 1, 1]) == [334, 333, 333]
    assert split(100, [3, 3, 2]) == [38, 37, 25]
    assert split(1, [1, 2]) == [0, 1]


def test_a_split_without_weights_goes_to_the_first():
    assert split(7, [0, 0]) == [7, 0]
    assert split(7, []) == []


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**6), min_size=1))
def test_the_parts_of_a_split_sum_to_it_and_are_off_by_less_than_one(amount, weights):
    parts = split(amount, weights)
    whole = sum(weights)
    assert sum(parts) == amount
    assert not whole or all(
        abs(part * whole - amount * weight) < whole for part, weight in zip(parts, weights, strict=True)
    )
