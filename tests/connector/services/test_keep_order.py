"""What we changed on a platform is read back once for all that was changed before the reading began."""

from connector.services.keep_order import read_back
from connector.storage import delivery_store
from tests.shops import TestShop, order


def changed(demo: TestShop) -> None:
    demo.app.database.write(demo.shop, lambda unit: read_back(demo.app, unit, order_id="o1"))


def test_of_three_changes_one_reading_waits(demo: TestShop):
    demo.save_order({**order(), "channel": "shopify"})
    for _ in range(3):
        changed(demo)
    assert [payload for _, _, payload in demo.jobs.waiting.values()] == [
        {"order_id": "o1", "delivery_id": "", "channel": "shopify"}
    ]


def test_a_change_after_a_reading_began_is_read_by_another(demo: TestShop):
    demo.save_order({**order(), "channel": "shopify"})
    changed(demo)
    demo.app.database.write(demo.shop, lambda unit: delivery_store.begin_reading(unit, "o1"))
    changed(demo)
    assert len(demo.jobs.waiting) == 2


def test_an_order_of_our_own_tills_is_not_read_back(demo: TestShop):
    changed(demo)
    assert demo.jobs.waiting == {}
