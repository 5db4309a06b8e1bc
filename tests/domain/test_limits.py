"""How much each role gives back by itself."""

import pytest

from domain.limits import Limits, is_within

LIMITS = Limits(by_role={"staff": 5000, "manager": 20000, "owner": None}, currency="USD", digits=2)


@pytest.mark.parametrize(
    ("role", "amount", "within"),
    [
        ("staff", 0, True),
        ("staff", 5000, True),
        ("staff", 5001, False),
        ("manager", 5001, True),
        ("manager", 20000, True),
        ("manager", 20001, False),
        ("owner", 10**9, True),
        ("wizard", 1, False),
        ("wizard", 0, True),
    ],
)
def test_a_role_gives_back_up_to_its_limit(role: str, amount: int, within: bool):
    assert is_within(LIMITS, role, amount=amount, currency="USD", digits=2) is within


def test_another_currency_than_the_limits_is_beyond_it():
    assert not is_within(LIMITS, "staff", amount=1, currency="JPY", digits=0)
    assert is_within(LIMITS, "owner", amount=1, currency="JPY", digits=0)


def test_amounts_of_other_decimals_are_the_same_money():
    assert is_within(LIMITS, "staff", amount=50_000, currency="USD", digits=3)
    assert not is_within(LIMITS, "staff", amount=50_001, currency="USD", digits=3)
