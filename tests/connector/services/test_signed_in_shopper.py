"""Who is signed in to the storefront proves nothing; what nobody signed opens nothing."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.woocommerce.signed_token import signed_token
from connector.services import connect_store, converse, sealing, store_plugin
from connector.services.connect_store import CHANNEL
from connector.services.errors import NotFound
from connector.services.returns_of_order import told_to_the_store
from connector.storage import connection_store, shop_store
from tests.adapters.woocommerce.stores import Document, placed
from tests.connector.services.talking import Shopper
from tests.shops import SAM, TestShop, a_shop
from tests.simulators.woocommerce import SimulatedStore, simulated_store
from tests.simulators.woocommerce.books import KEY, SECRET

EMAIL = "bob.buyer@example.com"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SimulatedStore]:
    with simulated_store(tmp_path) as store:
        yield store


@pytest.fixture
def demo(tmp_path: Path, store: SimulatedStore) -> Iterator[TestShop]:
    with a_shop(tmp_path) as demo:
        connect_store.connect(demo.app, demo.shop, address=store.address, key=KEY, secret=SECRET)
        store_plugin.package(demo.app, demo.shop, actor=SAM)
        with demo.app.database.read_install() as connection:
            shop = shop_store.find(connection, demo.shop.slug)
        assert shop is not None
        yield dataclasses.replace(demo, shop=shop)


def secret_of(demo: TestShop) -> str:
    with demo.app.database.read(demo.shop) as unit:
        found = connection_store.get(unit, CHANNEL)
    assert found is not None
    return sealing.opened(demo.app, str(found.details[store_plugin.SECRET]))


def token(demo: TestShop, order: Document | None, *, secret: str | None = None, **changes: object) -> str:
    now = int(demo.clock().timestamp())
    claims = {
        "v": 1, "shop": demo.shop.slug, "for": "shopper", "customer": "7", "email": EMAIL,
        "order": str(order["id"]) if order else "", "iat": now, "exp": now + 1800,
    }  # fmt: skip
    return signed_token({**claims, **changes}, secret=secret_of(demo) if secret is None else secret)


def begun(demo: TestShop, customer: str | None) -> Any:
    return converse.start(demo.app, demo.shop, language="en", address="x", customer=customer)


def test_who_comes_from_an_order_is_asked_for_its_items_at_once(demo: TestShop, store: SimulatedStore):
    order = placed(store)
    turn = begun(demo, token(demo, order))
    assert [message["key"] for message in turn["messages"]][:2] == ["greeting", "order_found"]
    assert turn["draft"]["order"] == order["number"]
    assert turn["ask"]["slot"] == "items"


def test_who_is_signed_in_names_an_order_and_need_not_prove_it(demo: TestShop, store: SimulatedStore):
    order = placed(store)
    bob = Shopper(demo, customer=token(demo, None))
    assert bob.asked == "menu"
    bob.says(f"I want to return something of #{order['number']}")
    assert bob.turn["draft"]["order"] == order["number"]


def test_an_order_of_somebody_else_is_not_opened_by_the_email_of_who_is_signed_in(
    demo: TestShop, store: SimulatedStore
):
    theirs = placed(store, billing={"email": "eve@example.com", "country": "US", "state": "NY"}, shipping={})
    bob = Shopper(demo, customer=token(demo, None))
    bob.says(f"return #{theirs['number']}")
    assert bob.turn["draft"]["order"] is None
    assert begun(demo, token(demo, theirs))["ask"]["slot"] == "menu"


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "another"},
        {"secret": ""},
        {"shop": "another"},
        {"v": 2},
        {"for": "staff"},
        {"email": ""},
        {"exp": 1},
        {"exp": "soon"},
        {"iat": 10**11, "exp": 10**11 + 60},
        {"exp": 2 * 10**9},
        {"customer": 5},
    ],
    ids=str,
)
def test_what_is_forged_over_or_anothers_says_nothing(demo: TestShop, store: SimulatedStore, change: dict[str, Any]):
    turn = begun(demo, token(demo, placed(store), **change))
    assert (turn["ask"]["slot"], turn["draft"]["order"]) == ("menu", None)


def test_a_token_of_which_one_byte_is_another_says_nothing(demo: TestShop, store: SimulatedStore):
    good = token(demo, placed(store))
    for place in range(0, len(good), 7):
        bad = f"{good[:place]}{'A' if good[place] != 'A' else 'B'}{good[place + 1 :]}"
        assert store_plugin.claims_of(demo.app, demo.shop, token=bad, purpose="shopper") is None
    assert store_plugin.claims_of(demo.app, demo.shop, token=good, purpose="shopper") is not None


@pytest.mark.parametrize("said", ["", ".", "a.b", "é.é", "x" * 5000, "e30."])
def test_what_is_no_token_says_nothing(demo: TestShop, said: str):
    assert store_plugin.claims_of(demo.app, demo.shop, token=said, purpose="shopper") is None


def test_with_a_new_secret_the_plugin_of_before_is_believed_no_more(demo: TestShop, store: SimulatedStore):
    before = token(demo, placed(store))
    store_plugin.package(demo.app, demo.shop, actor=SAM, renews_secret=True)
    assert begun(demo, before)["ask"]["slot"] == "menu"


def test_connecting_again_keeps_the_secret_and_disconnecting_forgets_it(demo: TestShop, store: SimulatedStore):
    known = token(demo, placed(store))
    connect_store.connect(demo.app, demo.shop, address=store.address, key=KEY, secret=SECRET)
    assert begun(demo, known)["ask"]["slot"] == "items"
    connect_store.disconnect(demo.app, demo.shop)
    assert store_plugin.claims_of(demo.app, demo.shop, token=known, purpose="shopper") is None
    with pytest.raises(NotFound):
        store_plugin.package(demo.app, demo.shop, actor=SAM)


def test_a_store_that_is_slow_lets_the_shopper_name_the_order_again(demo: TestShop, store: SimulatedStore):
    order = placed(store)
    store.goes_wrong("database down", at=f"GET /wp-json/wc/v3/orders/{order['id']}")
    turn = begun(demo, token(demo, order))
    assert (turn["ask"]["slot"], turn["draft"]["order"]) == ("menu", None)


class TestThePanel:
    def test_the_returns_of_the_order_are_told_with_where_they_stand(self, demo: TestShop, store: SimulatedStore):
        order = placed(store)
        bob = Shopper(demo, customer=token(demo, order))
        for choice in (f"item:{order['line_items'][0]['id']}", "quantity:1", "reason:style", "resolution:refund"):
            bob.picks(choice)
        bob.picks("method:mail")
        bob.picks("confirm:yes")
        (told,) = told_to_the_store(demo.app, demo.shop, token=token(demo, order, **{"for": "staff"}))
        assert (told["id"], told["status"]) == (bob.turn["outcome"]["return"], "Waiting for the goods")
        assert [item["quantity"] for item in told["items"]] == [1]  # type: ignore[attr-defined]

    def test_an_order_of_which_nothing_came_back_has_none(self, demo: TestShop, store: SimulatedStore):
        assert told_to_the_store(demo.app, demo.shop, token=token(demo, placed(store), **{"for": "staff"})) == []

    @pytest.mark.parametrize("purpose", ["shopper", ""])
    def test_what_was_signed_for_something_else_opens_nothing(
        self, demo: TestShop, store: SimulatedStore, purpose: str
    ):
        with pytest.raises(NotFound):
            told_to_the_store(demo.app, demo.shop, token=token(demo, placed(store), **{"for": purpose}))
