"""A worker that sleeps just before it sends, is taken over, and wakes: Shopify gives once, or a person is told.

Everything is written down before it is sent, so who takes over does not send blindly: a person is asked, says "send it
again", and only then the sleeper wakes and sends, too.
"""

import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.shopify.auth import AppKeys
from connector.jobs.catalogue import CATALOGUE
from connector.services import install_app
from connector.services.answer_leg import try_again
from connector.storage import policy_store, settlement_store
from connector.storage.database import Unit
from connector.storage.tables.connection_tables import sendings
from domain.settlement import Leg, LegState
from tests.adapters.shopify.shops import TEE_L, TEE_M, placed
from tests.connector.services.at_shopify import opened
from tests.connector.services.test_shopify_returns import EXCHANGE, REFUND, asked_for
from tests.shops import SAM, TestShop, a_shop
from tests.simulators.shopify import SimulatedShop, simulated_shop, tokens
from tests.simulators.shopify.books import CLIENT_ID, SECRET

WAYS = {
    "return_create": {},
    "return_process": {},
    "refund_create": {"resolution": "exchange", "exchange_for": {"variant_id": TEE_L, "price": "24.95"}},
    "store_credit_bonus": {"resolution": "store_credit"},
}
"""Where the worker falls asleep, and what is wanted so that it gets there."""
POLICY = {"days": 30, "methods": ["mail"], "settle_on": "approved", "store_credit_bonus_percent": "10"}


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[SimulatedShop]:
    with simulated_shop(tmp_path) as platform:
        yield platform


@contextmanager
def installed(folder: Path, shop: SimulatedShop) -> Iterator[TestShop]:
    settings = {"shopify": AppKeys(CLIENT_ID, (SECRET,)), "shopify_at": shop.address}
    with a_shop(folder, settings=settings) as demo:
        demo.clock.now = datetime.now(UTC)
        made = install_app.visit(demo.app, header=f"Bearer {tokens.session_token(shop.books.read())}").shop
        demo.app.database.write(made, lambda unit: policy_store.add_version(unit, POLICY, in_force_from=demo.clock.now))
        yield dataclasses.replace(demo, shop=made)


@contextmanager
def asleep(folder: Path, shop: SimulatedShop, mutation: str, legs: list[str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.crash.shop_sleeper_process", str(folder), shop.address, mutation, *legs]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "asleep\n"
            yield process
        finally:
            process.kill()


def legs_of(demo: TestShop, return_id: str) -> tuple[Leg, ...]:
    with demo.app.database.read(demo.shop) as unit:
        return settlement_store.legs_of(unit, return_id)


def carry_on(demo: TestShop, return_id: str) -> None:
    """Who takes over, and the person who lets be tried again what nobody can tell."""
    for n in range(6):
        legs = legs_of(demo, return_id)
        if all(leg.state == LegState.SETTLED for leg in legs):
            return
        for leg in legs:
            if leg.state in (LegState.UNKNOWN, LegState.FAILED):
                why = "It shows nowhere."
                try_again(demo.app, demo.shop, leg_key=leg.key, why=why, actor=SAM, key=f"again {leg.key} {n}")
        demo.clock.move(seconds=60)
        payload = {"legs": [leg.key for leg in legs]}
        CATALOGUE["settle"](demo.app, demo.shop, step=lambda _, act: act(), payload=payload)
    raise AssertionError(legs_of(demo, return_id))


def given(shop: SimulatedShop, leg: Leg) -> int:
    """How often the shop gave what a leg gives."""
    books = shop.books.read()
    moved = [
        one["amount"] for order in books["orders"].values() for one in order["transactions"] if one["kind"] == "REFUND"
    ]
    if leg.kind == "bonus":
        moved = [entry["amount"] for account in books["accounts"].values() for entry in account["entries"]]
    return moved.count(f"{leg.amount / 100:.2f}")


@pytest.mark.parametrize("mutation", WAYS)
def test_who_wakes_gives_nothing_a_second_time_in_silence(
    tmp_path: Path,
    platform: SimulatedShop,
    mutation: str,
):
    with installed(tmp_path, platform) as demo:
        asked = opened(demo, placed(platform), **WAYS[mutation])
        keys = [leg.key for leg in legs_of(demo, asked.id)]
        assert keys
        with asleep(tmp_path, platform, mutation, keys) as sleeper:
            carry_on(demo, asked.id)
            os.kill(sleeper.pid, signal.SIGCONT)
            sleeper.wait(60)
        legs = legs_of(demo, asked.id)
        assert [leg.key for leg in legs if not told_or_once(platform, leg)] == []
        assert any(leg.amount for leg in legs)


@pytest.mark.parametrize("mutation", ["return_create", "return_process"])
def test_who_dies_over_a_refund_beside_an_exchange_leaves_both_to_be_carried_out_once(
    tmp_path: Path, platform: SimulatedShop, mutation: str
):
    with installed(tmp_path, platform) as demo:
        asked = asked_for(demo, placed(platform, (TEE_M, 1), (TEE_L, 1)), REFUND, EXCHANGE)
        keys = [leg.key for leg in legs_of(demo, asked.id)]
        with asleep(tmp_path, platform, mutation, keys):
            pass
        carry_on(demo, asked.id)
        assert [leg.key for leg in legs_of(demo, asked.id) if leg.amount and given(platform, leg) != 1] == []
        books = platform.books.read()
        assert books["variants"][TEE_L]["stock"] == 9
        assert [len(native["exchange"]) for native in books["returns"].values()] in ([0, 1], [1, 0])


def told_or_once(shop: SimulatedShop, leg: Leg) -> bool:
    times = given(shop, leg) if leg.amount else 1
    return (times == 1 and leg.state == LegState.SETTLED) or leg.state == LegState.UNKNOWN


def test_the_sleeper_has_written_down_what_it_is_about_to_send(
    tmp_path: Path,
    platform: SimulatedShop,
):
    """Else the one who takes over would know of nothing."""
    with installed(tmp_path, platform) as demo:
        asked = opened(demo, placed(platform))
        keys = [leg.key for leg in legs_of(demo, asked.id)]
        with asleep(tmp_path, platform, "return_process", keys):

            def kept(unit: Unit) -> list[str]:
                return [row.key for row in unit.connection.execute(sendings.select()) if row.receipt is None]

            assert demo.app.database.write(demo.shop, kept) == keys[:1]
