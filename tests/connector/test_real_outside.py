"""The real calendars and patterns behind the rules."""

from datetime import date
from time import perf_counter

import pytest

from connector.real_outside import real_outside
from domain.errors import Malformed

OUTSIDE = real_outside()
CORPUS_CHRISTI = date(2026, 6, 4)


@pytest.mark.parametrize(
    ("day", "country", "region", "holiday"),
    [
        (date(2026, 5, 25), "DE", None, True),
        (date(2026, 5, 26), "DE", None, False),
        (CORPUS_CHRISTI, "DE", None, False),
        (CORPUS_CHRISTI, "DE", "BY", True),
        (CORPUS_CHRISTI, "DE", "DE-BY", True),
        (CORPUS_CHRISTI, "DE", "BE", False),
        (date(2026, 5, 25), "DE", "Nowhere", True),
        (date(2026, 12, 25), "GB", "ENG", True),
        (date(2026, 12, 28), "GB", None, True),
        (date(2026, 12, 28), "DE", None, False),
        (date(2027, 1, 6), "DE", "BY", True),
        (date(2026, 1, 1), "IS", None, True),
        (date(2026, 1, 1), "XX", None, False),
    ],
)
def test_holidays_are_the_countrys_or_the_regions_where_it_is_known(day, country, region, holiday):
    assert OUTSIDE.is_holiday(day, country, region) is holiday


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [("^AB", "AB-1", True), ("B-", "AB-1", True), ("ab", "AB-1", False), ("ü", "für", True)],
)
def test_patterns_are_searched_for(pattern, text, found):
    assert OUTSIDE.search(pattern, text) is found


def test_patterns_take_linear_time():
    started = perf_counter()
    assert not OUTSIDE.search("(a+)+$", "a" * 100_000 + "!")
    assert perf_counter() - started < 1


@pytest.mark.parametrize("pattern", ["(", "(?=a)", "(a)\\1", "((a{1000}){1000}){1000}"])
def test_what_is_no_pattern_is_malformed_and_nothing_is_printed(pattern, capfd):
    with pytest.raises(Malformed):
        OUTSIDE.search(pattern, "a")
    assert capfd.readouterr() == ("", "")
