"""One bucket of points and one lease a shop, however many processes reach for them, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from adapters.shopify.bucket import FIRST_MAXIMUM, Cost
from connector.storage import lease_store
from connector.storage.cost_store import DatabaseBucket
from connector.storage.database import Database
from connector.storage.shop_store import Shop
from tests.connector.storage.conftest import LATER, NOW


def bucket_of(database: Database, shop: Shop) -> DatabaseBucket:
    return DatabaseBucket(database, shop, "shopify", lambda: NOW)


def test_all_processes_together_take_no_more_than_there_is(each_database: Database, shop: Shop):
    with ThreadPoolExecutor(8) as several:
        waits = list(several.map(lambda _: bucket_of(each_database, shop).take(100.0), range(30)))
    assert waits.count(0.0) == FIRST_MAXIMUM / 100


def test_what_shopify_says_to_one_holds_for_all(each_database: Database, shop: Shop):
    said = Cost(requested=10.0, actual=10.0, available=5.0, maximum=2000.0, rate=100.0)
    bucket_of(each_database, shop).take(10.0)
    bucket_of(each_database, shop).tell(said, taken=10.0)
    assert bucket_of(each_database, shop).take(55.0) == 0.5


def test_another_shop_has_a_bucket_of_its_own(each_database: Database, shop: Shop, other_shop: Shop):
    assert bucket_of(each_database, shop).take(FIRST_MAXIMUM) == 0.0
    assert bucket_of(each_database, other_shop).take(FIRST_MAXIMUM) == 0.0
    assert bucket_of(each_database, shop).take(1.0) > 0


def test_one_of_many_gets_the_lease_and_the_next_one_when_its_time_is_over(each_database: Database, shop: Shop):
    def taken(holder: int) -> bool:
        return each_database.write(
            shop, lambda unit: lease_store.take(unit, "tokens", holder=str(holder), at=NOW, until=LATER)
        )

    with ThreadPoolExecutor(8) as several:
        assert list(several.map(taken, range(8))).count(True) == 1
    after = LATER + timedelta(seconds=1)
    assert each_database.write(
        shop, lambda unit: lease_store.take(unit, "tokens", holder="next", at=after, until=after + timedelta(hours=1))
    )
