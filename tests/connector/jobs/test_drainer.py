"""What arrives is looked at in the background, and what nobody carries on with is put aside."""

from pathlib import Path

from connector.jobs.drainer import Drainer
from connector.services import take_deliveries
from connector.storage import delivery_store
from connector.storage.delivery_store import QUEUED, KeptDelivery
from tests.shops import NOW, TestShop, a_shop
from tests.waiting import wait_until


def leave(demo: TestShop) -> None:
    """A delivery whose job gave up."""
    one = KeptDelivery(id="left", channel="parcel", topic="order", body=b"{}", arrived_at=NOW)
    demo.app.database.write(demo.shop, lambda unit: delivery_store.keep(unit, [one]))
    demo.app.database.write(demo.shop, lambda unit: delivery_store.mark(unit, "left", state=QUEUED))
    demo.clock.move(days=1)


def test_a_delivery_that_was_left_is_put_aside_for_a_person(tmp_path: Path):
    with a_shop(tmp_path) as demo:
        leave(demo)
        drainer = Drainer(demo.app)
        drainer.start()
        wait_until(lambda: bool(take_deliveries.needing_a_person(demo.app, demo.shop)))
        drainer.stop()
