"""Goods without a receipt: never above the lowest price kept, never above the cap of a person in the period."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.services.errors import InvalidInput, NeedsApproval, QuoteMoved, Refused
from connector.services.follow_return import view
from connector.services.take_back import Hands
from connector.services.take_without_receipt import Goods, take_without_receipt, valued
from connector.storage import credit_store, price_store
from domain.events import Actor
from domain.returns import Return
from tests.connector.services.test_take_back import somebody
from tests.shops import SAM, TestShop, a_shop

CAP, CAP_DAYS, PRICE_DAYS = 5000, 30, 20
TERMS = {"cap": "50.00", "cap_days": CAP_DAYS, "price_days": PRICE_DAYS}
BEN = "ben@example.com"


@pytest.fixture
def till(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path, without_receipt=TERMS, store_credit_bonus_percent="10", return_fee="3.00") as shop:
        costs(shop, 2000)
        yield shop


def costs(till: TestShop, amount: int, *, variant: str = "tee-m") -> None:
    till.app.database.write(till.shop, lambda unit: price_store.keep(unit, variant, amount=amount, at=till.clock()))


def brought(till: TestShop, manager: Actor, *, key: str, email: str = BEN, quantity: int = 1) -> Return:
    goods = [Goods("tee-m", "A", quantity)]
    total = str(valued(till.app, till.shop, goods=goods, email=email).quote["total"])
    hands = Hands(manager)
    return take_without_receipt(
        till.app, till.shop, goods=goods, email=email, total=total, hands=hands, key=key
    )  # fmt: skip


def test_they_are_worth_the_lowest_price_as_store_credit_and_go_back_on_the_shelf(till: TestShop):
    till.clock.move(days=1)
    costs(till, 1500)
    till.clock.move(days=1)
    costs(till, 2500)
    found = brought(till, somebody(till, "manager"), key="k")
    till.work()
    shown = view(till.app, till.shop, return_id=found.id)
    (code,) = shown.credits
    with till.app.database.read(till.shop) as unit:
        credit = credit_store.find(unit, code)
    assert credit is not None
    assert (credit.amount, credit.email, shown.found.status) == (1500, BEN, "done")
    assert till.available("tee-m") == 6


def test_a_manager_must_agree(till: TestShop):
    for nobody in (SAM, somebody(till, "staff")):
        with pytest.raises(NeedsApproval):
            brought(till, nobody, key="k")


def test_the_cap_holds_for_a_person_however_they_write_their_address_until_the_period_is_over(till: TestShop):
    boss = somebody(till, "manager")
    brought(till, boss, key="1", quantity=2)
    for same in (BEN, "BEN+again@example.com"):
        with pytest.raises(Refused, match=r"10\.00 USD more"):
            brought(till, boss, key="2", email=same)
    brought(till, boss, key="3", email="mia@example.com")
    till.clock.move(days=CAP_DAYS + 1)
    brought(till, boss, key="4")


def test_what_was_shown_is_what_is_given(till: TestShop):
    hands = Hands(somebody(till, "manager"))
    with pytest.raises(QuoteMoved):
        take_without_receipt(
            till.app, till.shop, goods=[Goods("tee-m", "A")], email=BEN, total="19.00", hands=hands, key="k"
        )


def test_goods_of_unknown_worth_and_people_without_an_address_get_nothing(till: TestShop):
    with pytest.raises(Refused):
        valued(till.app, till.shop, goods=[Goods("tee-l", "A")], email=BEN)
    with pytest.raises(InvalidInput):
        valued(till.app, till.shop, goods=[Goods("tee-m", "A")], email="")


def test_a_shop_that_does_not_offer_it_takes_nothing(demo: TestShop):
    with pytest.raises(Refused):
        valued(demo.app, demo.shop, goods=[Goods("tee-m", "A")], email=BEN)


STEP = st.tuples(st.integers(0, 12), st.integers(100, 6000), st.integers(1, 3), st.sampled_from(["a", "b"]))
EXAMPLES = int(os.environ.get("BACKHAUL_TEST_NO_RECEIPT", "8"))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=1, max_size=8))
def test_whatever_happens_nobody_gets_more_than_the_lowest_price_or_the_cap(
    till: TestShop, steps: list[tuple[int, int, int, str]]
):
    """Prices change, days pass, two people bring things again and again."""
    till.clock.move(days=500)
    boss, began = somebody(till, "manager"), till.clock().isoformat()
    costs(till, 2000)
    prices, gifts = [(till.clock(), 2000)], []
    for days, price, quantity, who in steps:
        till.clock.move(days=days, seconds=1)
        now, email = till.clock(), f"{who}-{began}@example.com"
        costs(till, price)
        prices.append((now, price))
        try:
            found = brought(till, boss, key=now.isoformat(), email=email, quantity=quantity)
        except Refused:
            continue
        amount = sum(group.amount for group in found.groups)
        assert amount <= quantity * min(cost for at, cost in prices if at > now - timedelta(days=PRICE_DAYS))
        gifts.append((now, email, amount))
        recent = [one for at, whose, one in gifts if whose == email and at >= now - timedelta(days=CAP_DAYS)]
        assert sum(recent) <= CAP
