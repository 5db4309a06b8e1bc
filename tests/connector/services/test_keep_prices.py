"""A platform tells that a product changed: what it costs now is kept, once, however often that is told."""

import dataclasses
import json

import pytest
from msgspec.structs import replace

from adapters.channel import Variant
from connector.services import take_deliveries
from connector.services.keep_prices import JOB
from connector.services.take_deliveries import Arrival
from connector.storage import price_store, product_store
from tests.shops import TestShop
from webhooks.delivery import Delivery


class Priced:
    """A channel that says what the scarf costs."""

    def __init__(self) -> None:
        self.price = "18.00"
        self.asked = 0

    def for_shop(self, *_: object) -> "Priced":
        return self

    def variants(self, product_id: str) -> tuple[Variant, ...]:
        self.asked += 1
        return (Variant("v27", product_id, None, "Red", {}, price=self.price, available=5),)


@pytest.fixture
def platform() -> Priced:
    return Priced()


@pytest.fixture
def shop(demo: TestShop, platform: Priced) -> TestShop:
    scarf = {"id": "27", "title": "Scarf", "variants": [{"id": "v27", "title": "Red", "price": "18.00"}]}
    demo.app.database.write(demo.shop, lambda unit: product_store.save(unit, scarf))
    return dataclasses.replace(demo, app=replace(demo.app, channels=platform))  # type: ignore[arg-type]


def tell(shop: TestShop, name: str, product_id: int = 27) -> None:
    body = json.dumps({"id": product_id}).encode()
    given = Arrival(shop.shop, "shopify", Delivery(name, topic="products/update", body=body))
    take_deliveries.keep(shop.app, [given]).result()
    take_deliveries.drain(shop.app)


def prices(shop: TestShop) -> list[int]:
    with shop.app.database.read(shop.shop) as unit:
        return [one.amount for one in price_store.history(unit, "v27")]


def test_a_price_is_kept_when_it_is_news_and_told_of_often(shop: TestShop, platform: Priced):
    for n in range(3):
        tell(shop, f"a{n}")
    shop.work()
    assert (prices(shop), platform.asked) == ([1800], 1)
    shop.clock.move(minutes=15)
    tell(shop, "same again")
    shop.work()
    assert (prices(shop), platform.asked) == ([1800], 2)
    shop.clock.move(minutes=15)
    platform.price = "15.50"
    tell(shop, "cheaper")
    shop.work()
    assert prices(shop) == [1800, 1550]


def test_what_is_not_in_the_catalogue_is_not_asked_for(shop: TestShop, platform: Priced):
    tell(shop, "a", product_id=28)
    assert not [name for _, name, _ in shop.jobs.waiting.values() if name == JOB]


def test_a_price_that_cannot_be_read_is_left(shop: TestShop, platform: Priced):
    platform.price = ""
    tell(shop, "a")
    shop.work()
    assert prices(shop) == []
