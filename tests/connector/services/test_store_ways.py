"""How a merchant wants their store used, and what the orders there show of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.services import audit, connect_store, store_plugin, store_ways, watch_store
from connector.services.connect_store import CHANNEL
from connector.services.errors import InvalidInput, NotFound
from connector.services.shop_settings import is_allowed
from connector.storage import connection_store
from connector.store_clients import ways_of
from tests.shops import SAM, TestShop, a_shop
from tests.simulators.woocommerce import SimulatedStore, simulated_store
from tests.simulators.woocommerce.books import KEY, SECRET


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SimulatedStore]:
    with simulated_store(tmp_path) as store:
        yield store


@pytest.fixture
def demo(tmp_path: Path, store: SimulatedStore) -> Iterator[TestShop]:
    with a_shop(tmp_path) as demo:
        connect(demo, store)
        yield demo


def connect(demo: TestShop, store: SimulatedStore) -> None:
    connect_store.connect(demo.app, demo.shop, address=store.address, key=KEY, secret=SECRET)


def connection(demo: TestShop) -> connection_store.Connection:
    with demo.app.database.read(demo.shop) as unit:
        found = connection_store.get(unit, CHANNEL)
    assert found is not None
    return found


def change(demo: TestShop, *, shipped: str = "", settled: str = "") -> store_ways.StoreWays:
    return store_ways.change(demo.app, demo.shop, shipped=shipped, settled=settled, actor=SAM)


def test_what_was_typed_is_what_the_channel_goes_by(demo: TestShop):
    kept = change(demo, shipped="Shipped, wc-handed-over,\nshipped", settled=" Returned ")
    assert kept == store_ways.StoreWays(shipped=("shipped", "handed-over"), settled="returned")
    ways = ways_of(connection(demo))
    assert (ways.shipped, ways.settled, ways.plugin) == (frozenset(kept.shipped), "returned", False)


def test_nothing_is_as_good_an_answer(demo: TestShop):
    change(demo, shipped="shipped", settled="returned")
    assert change(demo) == store_ways.StoreWays()


@pytest.mark.parametrize("typed", ["über", "a" * 30, "-x", "a/b", ",".join(f"s{n}" for n in range(30))])
def test_what_is_no_status_is_said_to_be_none(demo: TestShop, typed: str):
    with pytest.raises(InvalidInput):
        change(demo, shipped=typed)


@pytest.mark.parametrize("status", ["refunded", "cancelled", "wc-pending", "trash"])
def test_a_status_in_which_the_store_moves_money_by_itself_is_not_taken(demo: TestShop, status: str):
    """Fact 8: the store refunds or restocks by itself then."""
    with pytest.raises(InvalidInput, match="by itself"):
        change(demo, settled=status)


def test_a_shop_without_a_store_has_no_ways(tmp_path: Path):
    with a_shop(tmp_path / "alone") as alone, pytest.raises(NotFound):
        store_ways.change(alone.app, alone.shop, shipped="shipped", settled="", actor=SAM)


def test_connecting_the_same_store_again_keeps_them(demo: TestShop, store: SimulatedStore):
    change(demo, shipped="shipped", settled="returned")
    connect(demo, store)
    assert store_ways.ways_in(connection(demo).details).settled == "returned"


def test_the_audit_log_says_who_changed_them(demo: TestShop):
    change(demo, settled="returned")
    (newest, *_) = audit.read(demo.app, demo.shop)
    assert (newest.act, newest.actor_name, newest.details["settled"]) == ("store_ways_changed", "Sam", "returned")


class TestThePluginIsSeen:
    def test_when_the_store_is_connected(self, demo: TestShop, store: SimulatedStore):
        with store.books.change() as state:
            state["plugin"] = True
        connect(demo, store)
        assert ways_of(connection(demo)).plugin is True

    def test_within_an_hour_when_it_is_installed_or_removed(self, demo: TestShop, store: SimulatedStore):
        for is_there in (True, False):
            with store.books.change() as state:
                state["plugin"] = is_there
            watch_store.watch_store(demo.app, demo.shop, step=lambda _, act: act(), payload={})
            assert ways_of(connection(demo)).plugin is is_there

    def test_while_the_store_is_slow_it_is_believed_to_be_as_it_was(self, demo: TestShop, store: SimulatedStore):
        with store.books.change() as state:
            state["plugin"] = True
        connect(demo, store)
        store.goes_wrong("database down", at="wc-backhaul")
        watch_store.watch_store(demo.app, demo.shop, step=lambda _, act: act(), payload={})
        assert ways_of(connection(demo)).plugin is True


def test_the_plugin_lets_its_stores_pages_talk_to_the_assistant(demo: TestShop):
    with demo.app.database.read(demo.shop) as unit:
        found = connection_store.get(unit, CHANNEL)
    assert found is not None
    assert is_allowed(demo.app, demo.shop.slug, origin="https://shop.example.com") is False
    moved = connection_store.Connection(
        found.channel, "https://shop.example.com", found.sealed, found.details, found.connected_at, found.heard_until
    )
    demo.app.database.write(demo.shop, lambda unit: connection_store.save(unit, moved))
    store_plugin.package(demo.app, demo.shop, actor=SAM)
    assert is_allowed(demo.app, demo.shop.slug, origin="https://shop.example.com") is True
