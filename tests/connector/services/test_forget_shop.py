"""A shop is erased: the money that moved stays known, nothing and nobody else, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from adapters.shopify.auth import AppKeys
from connector.services import install_app, take_deliveries
from connector.storage import audit_store, connection_store, settlement_store, shop_store
from connector.storage.erasure_store import STAYS
from connector.storage.tables import metadata
from tests.connector.services.asking import bought_talked_and_returned, told, traces
from tests.connector.services.at_shopify import header
from tests.isolation.two_shops import rows_of
from tests.shops import TestShop, a_shop
from tests.simulators.shopify import SimulatedShop, simulated_shop, tokens
from tests.simulators.shopify.books import CLIENT_ID, SECRET, SHOP


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[SimulatedShop]:
    with simulated_shop(tmp_path) as platform:
        yield platform


@pytest.fixture
def demo(tmp_path: Path, platform: SimulatedShop, each_url: str) -> Iterator[TestShop]:
    """A shop with the app, in which somebody bought, talked and returned."""
    settings = {"shopify": AppKeys(CLIENT_ID, (SECRET,)), "shopify_at": platform.address}
    with a_shop(tmp_path, url=each_url, settings=settings) as demo:
        bought_talked_and_returned(demo)
        demo.clock.now = datetime.now(UTC)
        visited = install_app.visit(demo.app, header=header(platform)).shop
        with demo.app.database.read(visited) as unit:
            found = connection_store.get(unit, "shopify")
        assert found is not None
        demo.app.database.write(visited, lambda unit: connection_store.remove(unit, "shopify"))
        demo.app.database.write(demo.shop, lambda unit: connection_store.save(unit, found))
        yield demo


def take_off(platform: SimulatedShop) -> None:
    with platform.books.change() as state:
        tokens.taken_off(state)


def redact(demo: TestShop) -> None:
    told(demo, "shop/redact", {"shop_id": 1, "shop_domain": SHOP})


def filled(demo: TestShop) -> set[str]:
    with demo.app.database.read(demo.shop) as unit:
        return {name for name, table in metadata.tables.items() if "shop_id" in table.c and rows_of(unit, table)}


def test_the_ledger_stays_with_what_it_stands_on_and_neither_customers_nor_staff(
    demo: TestShop, platform: SimulatedShop
):
    with demo.app.database.read(demo.shop) as unit:
        ledger = unit.connection.execute(metadata.tables["ledger"].select()).all()
    assert len(ledger) == 2
    take_off(platform)
    redact(demo)
    with demo.app.database.read(demo.shop) as unit:
        assert unit.connection.execute(metadata.tables["ledger"].select()).all() == ledger
        assert settlement_store.ledger_of(unit, ledger[0].return_id) != ()
        told_of = str([rows_of(unit, metadata.tables[name]) for name in STAYS])
    assert "Sam" not in told_of
    assert "wore it" not in told_of
    assert filled(demo) <= set(STAYS)
    assert traces(demo) == {}
    its_address_is_free_and_the_next_install_is_another_shop(demo, platform)


def its_address_is_free_and_the_next_install_is_another_shop(demo: TestShop, platform: SimulatedShop) -> None:
    with demo.app.database.read_install() as connection:
        assert demo.shop.id not in [one.id for one in shop_store.list_shops(connection)]
        assert shop_store.find(connection, demo.shop.slug) is None
    demo.clock.now = datetime.now(UTC)
    again = install_app.visit(demo.app, header=header(platform)).shop
    assert again.id != demo.shop.id


def test_a_shop_that_installed_the_app_again_is_left_alone_and_a_person_is_told(
    demo: TestShop, platform: SimulatedShop
):
    before = filled(demo)
    redact(demo)
    assert filled(demo) >= before
    (aside,) = [one for one in take_deliveries.needing_a_person(demo.app, demo.shop) if one.topic == "shop/redact"]
    assert "installed in this shop again" in aside.error
    take_off(platform)
    take_deliveries.replay(demo.app, demo.shop, delivery_id=aside.id, key="again")
    take_deliveries.drain(demo.app)
    demo.work()
    assert filled(demo) <= set(STAYS)


def test_the_log_of_any_other_shop_is_only_added_to(demo: TestShop):
    demo.app.database.write(
        demo.shop,
        lambda unit: audit_store.add(
            unit, "x", actor_kind="staff", actor_name="Sam", about="", details={}, at=demo.clock()
        ),
    )
    with pytest.raises(DBAPIError, match="only added to"):
        demo.app.database.write_install(lambda connection: connection.execute(metadata.tables["audit"].delete()))
