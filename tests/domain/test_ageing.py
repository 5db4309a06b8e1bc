"""How long goods have been lying."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.ageing import BUCKETS, Lying, aged, bucket_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "label"),
    [(-1, 0), (0, 0), (2, 0), (2.99, 0), (3, 1), (7.5, 1), (8, 2), (14.9, 2), (15, 3), (30.9, 3), (31, 4), (400, 4)],
)
def test_each_age_has_one_bucket(days: float, label: int):
    assert bucket_of(NOW - timedelta(days=days), now=NOW) == BUCKETS[label][1]


def test_units_and_what_they_are_worth_are_summed_by_bucket_and_currency():
    old = NOW - timedelta(days=40)
    found = aged(
        [Lying(NOW, 100, "USD", 2), Lying(old, 5, "JPY", 0), Lying(old, 7, "USD", 2), Lying(old, 1, "USD", 2)], now=NOW
    )
    assert [one.units for one in found] == [1, 0, 0, 0, 3]
    assert found[0].worth == ((100, "USD", 2),)
    assert found[4].worth == ((5, "JPY", 0), (8, "USD", 2))
