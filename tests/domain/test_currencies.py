"""Decimals follow ISO 4217."""

import pytest

from domain.currencies import DIGITS


@pytest.mark.parametrize(
    ("code", "digits"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("HUF", 2), ("XOF", 0), ("MGA", 2), ("TND", 3)]
)
def test_a_currency_has_the_decimals_of_iso_4217(code, digits):
    assert DIGITS[code] == digits


@pytest.mark.parametrize("code", ["XXX", "XTS", "XAU", "eur", "BTC", ""])
def test_what_nobody_pays_with_is_no_currency(code):
    assert code not in DIGITS
