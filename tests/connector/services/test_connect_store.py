"""A shop is connected to a simulated store, and what comes of it."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.errors import ChannelRefused, NotConnected
from connector.services import connect_store, find_order, watch_store
from connector.services.errors import InvalidInput, NotFound
from connector.services.take_deliveries import secrets_of
from connector.storage import connection_store, shop_store
from connector.storage.shop_store import Shop
from tests.adapters.woocommerce.stores import placed
from tests.shops import TestShop, a_shop
from tests.simulators.woocommerce import SimulatedStore, simulated_store
from tests.simulators.woocommerce.books import KEY, READ_KEY, SECRET


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SimulatedStore]:
    with simulated_store(tmp_path) as store:
        yield store


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path) as shop:
        yield shop


def on_https(demo: TestShop) -> TestShop:
    settings = dataclasses.replace(demo.app.settings, public_url="https://returns.example.com")
    return dataclasses.replace(demo, app=replace(demo.app, settings=settings))


def connected(demo: TestShop, store: SimulatedStore) -> Shop:
    connect_store.connect(demo.app, demo.shop, address=store.address, key=KEY, secret=SECRET)
    with demo.app.database.read_install() as connection:
        found = shop_store.find(connection, demo.shop.slug)
    assert found is not None
    return found


def state_in(page: str) -> str:
    return page.split("user_id=")[1].split("&")[0]


def callback(key: str = KEY, secret: str = SECRET) -> dict[str, object]:
    """What the store's server posts (recorded)."""
    given = {"key_id": 5, "user_id": "state", "key_permissions": "read_write"}
    return {**given, "consumer_key": key, "consumer_secret": secret}


class TestWithAKey:
    def test_a_key_that_works_connects_and_orders_are_found(self, demo: TestShop, store: SimulatedStore):
        order = placed(store)
        shop = connected(demo, store)
        found = find_order.look_up(demo.app, shop, number=order["number"], proof="bob.buyer@example.com", address="x")
        assert found is not None
        assert found["channel"] == "woocommerce"
        wrong = find_order.look_up(demo.app, shop, number=order["number"], proof="bob@example.com", address="x")
        assert wrong is None

    def test_what_is_kept_of_the_key_is_sealed(self, demo: TestShop, store: SimulatedStore):
        connected(demo, store)
        with demo.app.database.read(demo.shop) as unit:
            kept = connection_store.get(unit, "woocommerce")
        assert kept is not None
        assert KEY not in kept.sealed
        assert SECRET not in repr(kept)
        assert kept.details == {"currency": "USD", "decimals": 2, "manner": "basic", "hooks": "on", "plugin": ""}

    def test_fact_27_webhooks_are_made_with_a_secret_of_our_own(self, demo: TestShop, store: SimulatedStore):
        """Fact 27: a secret that is left out is never told."""
        connected(demo, store)
        hooks = list(store.books.read()["webhooks"].values())
        assert {hook["shown"]["topic"] for hook in hooks} == {
            "order.created", "order.updated", "order.deleted", "product.updated",
        }  # fmt: skip
        assert {hook["secret"] for hook in hooks} == set(secrets_of(demo.app, demo.shop, channel="woocommerce"))
        assert {hook["shown"]["delivery_url"] for hook in hooks} == {
            f"{demo.app.settings.public_url}/shops/demo/webhooks/woocommerce"
        }

    def test_connecting_again_leaves_no_webhook_of_before(self, demo: TestShop, store: SimulatedStore):
        connected(demo, store)
        connected(demo, store)
        assert len(store.books.read()["webhooks"]) == 4

    def test_an_install_that_no_store_can_reach_makes_no_webhooks(self, demo: TestShop, store: SimulatedStore):
        settings = dataclasses.replace(demo.app.settings, private_stores=False)
        with pytest.raises(NotConnected, match="BACKHAUL_PRIVATE_STORES"):
            connect_store.connect(
                replace(demo.app, settings=settings), demo.shop, address=store.address, key=KEY, secret=SECRET
            )
        assert store.books.read()["webhooks"] == {}

    @pytest.mark.parametrize(
        ("key", "secret", "said"),
        [(READ_KEY, SECRET, "may read only"), ("ck_unknown", SECRET, "does not know"), (KEY, "cs_other", "signature")],
    )
    def test_fact_22_a_key_that_does_not_work_connects_nothing(
        self, demo: TestShop, store: SimulatedStore, key: str, secret: str, said: str
    ):
        """Fact 22: each is a 401 of its own."""
        with pytest.raises(NotConnected, match=said):
            connect_store.connect(demo.app, demo.shop, address=store.address, key=key, secret=secret)
        assert connect_store.seen(demo.app, demo.shop).connection is None

    @pytest.mark.parametrize(("address", "key"), [("ftp://x", KEY), ("http://x", "key"), ("", KEY)])
    def test_what_is_no_address_or_no_key_is_said_to_be_none(self, demo: TestShop, address: str, key: str):
        with pytest.raises(InvalidInput):
            connect_store.connect(demo.app, demo.shop, address=address, key=key, secret=SECRET)

    def test_disconnecting_removes_key_webhooks_and_secrets(self, demo: TestShop, store: SimulatedStore):
        shop = connected(demo, store)
        connect_store.disconnect(demo.app, shop)
        assert connect_store.seen(demo.app, shop).connection is None
        assert store.books.read()["webhooks"] == {}
        assert secrets_of(demo.app, shop, channel="woocommerce") == ()
        with pytest.raises(NotConnected):
            demo.app.channels.for_shop(shop, "woocommerce")
        with pytest.raises(NotFound):
            connect_store.disconnect(demo.app, shop)

    def test_a_store_that_is_gone_can_be_disconnected(self, demo: TestShop, store: SimulatedStore):
        shop = connected(demo, store)
        store.goes_wrong("php down", times=99)
        connect_store.disconnect(demo.app, shop)
        assert connect_store.seen(demo.app, shop).connection is None


class TestByApproval:
    """Fact 33: the store's server hands the key over to a one-time address, before its owner comes back."""

    def test_fact_33_the_key_that_was_handed_over_connects(self, demo: TestShop, store: SimulatedStore):
        demo = on_https(demo)
        page = connect_store.begin(demo.app, demo.shop, address=store.address)
        assert page.startswith(f"{store.address}/wc-auth/v1/authorize?app_name=Backhaul&scope=read_write&user_id=")
        connect_store.take_key(demo.app, demo.shop, state=state_in(page), body=callback())
        assert connect_store.finish(demo.app, demo.shop, state=state_in(page)).address == store.address

    def test_fact_33_a_state_counts_once(self, demo: TestShop, store: SimulatedStore):
        demo = on_https(demo)
        state = state_in(connect_store.begin(demo.app, demo.shop, address=store.address))
        connect_store.take_key(demo.app, demo.shop, state=state, body=callback())
        with pytest.raises(NotFound):
            connect_store.take_key(demo.app, demo.shop, state=state, body=callback(key="ck_of_somebody_else"))
        connect_store.finish(demo.app, demo.shop, state=state)
        with pytest.raises(NotFound):
            connect_store.finish(demo.app, demo.shop, state=state)

    def test_fact_33_a_state_is_over_after_an_hour_and_another_shops_is_none(
        self, demo: TestShop, store: SimulatedStore
    ):
        demo = on_https(demo)
        state = state_in(connect_store.begin(demo.app, demo.shop, address=store.address))
        with pytest.raises(NotFound):
            connect_store.take_key(demo.app, replace(demo.shop, id=999), state=state, body=callback())
        demo.clock.move(hours=2)
        with pytest.raises(NotFound):
            connect_store.take_key(demo.app, demo.shop, state=state, body=callback())

    def test_fact_33_the_key_is_proved_by_a_read(self, demo: TestShop, store: SimulatedStore):
        demo = on_https(demo)
        state = state_in(connect_store.begin(demo.app, demo.shop, address=store.address))
        connect_store.take_key(demo.app, demo.shop, state=state, body=callback(secret="cs_forged"))
        with pytest.raises(NotConnected):
            connect_store.finish(demo.app, demo.shop, state=state)
        assert connect_store.seen(demo.app, demo.shop).connection is None

    def test_who_did_not_approve_is_told_so(self, demo: TestShop, store: SimulatedStore):
        demo = on_https(demo)
        state = state_in(connect_store.begin(demo.app, demo.shop, address=store.address))
        with pytest.raises(ChannelRefused, match="sent no key"):
            connect_store.finish(demo.app, demo.shop, state=state)

    def test_fact_33_without_https_a_key_must_be_pasted(self, demo: TestShop, store: SimulatedStore):
        with pytest.raises(InvalidInput, match="BACKHAUL_PUBLIC_URL"):
            connect_store.begin(demo.app, demo.shop, address=store.address)


class TestWatching:
    def watch(self, demo: TestShop, shop: Shop) -> None:
        watch_store.watch_store(demo.app, shop, step=lambda _, act: act(), payload={})

    def test_fact_25_a_webhook_that_the_store_switched_off_is_switched_on(self, demo: TestShop, store: SimulatedStore):
        """Fact 25: after the seventh failure in a row it is disabled, and nothing says so."""
        shop = connected(demo, store)
        with store.books.change() as state:
            for hook in state["webhooks"].values():
                hook["shown"]["status"] = "disabled"
        self.watch(demo, shop)
        assert {hook["shown"]["status"] for hook in store.books.read()["webhooks"].values()} == {"active"}

    def test_a_shop_without_a_store_is_left_alone(self, demo: TestShop):
        self.watch(demo, demo.shop)
        assert demo.jobs.waiting == {}
