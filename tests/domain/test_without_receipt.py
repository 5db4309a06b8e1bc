"""Goods without a receipt are worth the lowest price that was kept, and never more than a person may get."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.policy import read_policy
from domain.without_receipt import Price, gift_terms, left_of_cap, lowest_price, person_of, terms_without_receipt

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HISTORY = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 100_000)), max_size=12)


def history(*entries: tuple[int, int]) -> tuple[Price, ...]:
    """Prices by how many days ago they began."""
    return tuple(Price(NOW - timedelta(days=days), amount) for days, amount in sorted(entries, reverse=True))


def test_the_lowest_price_of_the_last_days_counts_with_the_one_that_held_when_they_began():
    prices = history((200, 1000), (100, 4000), (20, 3000), (10, 5000))
    assert lowest_price(prices, now=NOW, days=90) == 3000
    assert lowest_price(prices, now=NOW, days=5) == 5000
    assert lowest_price(prices, now=NOW, days=15) == 3000, "it held when the fifteen days began"
    assert lowest_price(prices, now=NOW, days=150) == 1000
    assert lowest_price((), now=NOW, days=90) is None


@given(HISTORY, st.integers(1, 400))
def test_it_is_never_above_any_price_that_held_on_any_of_the_days(entries: list[tuple[int, int]], days: int):
    prices = history(*entries)
    found = lowest_price(prices, now=NOW, days=days)
    for past in range(days + 1):
        held = [price.amount for price in prices if price.since <= NOW - timedelta(days=past)]
        assert not held or (found is not None and found <= held[-1])
    assert found is None or found in {price.amount for price in prices}


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_what_is_left_of_a_cap_and_what_was_given_never_pass_it(cap: int, given_: int):
    assert left_of_cap(cap, given=given_) + min(cap, given_) <= cap or given_ >= cap
    assert left_of_cap(cap, given=given_) == max(0, cap - given_)


def test_one_person_is_one_however_they_write_their_address():
    assert person_of(" Ann+xmas@Example.com") == person_of("ann@example.com")
    assert person_of("ann@example.com") != person_of("anna@example.com")


def test_the_terms_are_readable_and_give_nothing_on_top():
    rule = {
        "id": "nice",
        "when": {"field": "item.quantity", "op": "gte", "value": 1},
        "then": {"bonus_percent": "50", "resolutions": ["refund"], "keep_item": True, "destination": "donate"},
    }
    policy = {"store_credit_bonus_percent": "10", "rules": [rule], "days": 30, "shipping_refund": "whole_order"}
    for terms in (gift_terms(policy), terms_without_receipt(policy)):
        read = read_policy(terms, 2)
        assert (read.resolutions, read.store_credit_bonus_percent, read.shipping_refund) == (
            ("store_credit",),
            0,
            "never",
        )
        (only,) = read.rules
        assert dict(only.then.said) == {"destination": "donate"}
    assert gift_terms(policy)["days"] == 30
