"""What came back before counts once, however it was given and wherever the platform wrote it down."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.services.errors import Refused
from domain.returns import Inspection
from tests.connector.services.rounds import asked, came, item, order_of_three, quoted
from tests.shops import Document, TestShop, a_shop

CHEAPER = {"variant_id": "tee-l", "product_id": "tee", "price": "10.00", "tax": "1.00", "available": 2}
RECEIVED = Inspection("1", "received", grade="D")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path, even_exchange="same_price") as shop:
        yield shop


def test_after_a_cheaper_exchange_the_rest_of_the_line_gives_all_that_it_cost(demo: TestShop):
    found = asked(demo, item("l1", resolution="exchange", exchange_for=CHEAPER))
    came(demo, found, RECEIVED, key="r")
    demo.work()
    assert (quoted(demo, item("l1"))["total"], quoted(demo, item("l1"))["capped"]) == ("19.80", None)


def test_after_an_exchange_and_store_credit_a_third_item_gives_all_that_it_cost(demo: TestShop):
    demo.save_order(order_of_three())
    swap = item("a", resolution="exchange", exchange_for=CHEAPER)
    found = asked(demo, swap, item("b", resolution="store_credit"))
    came(demo, found, RECEIVED, Inspection("2", "received", grade="D"), key="r")
    demo.work()
    assert (quoted(demo, item("c"))["total"], quoted(demo, item("c"))["capped"]) == ("22.00", None)


@pytest.mark.parametrize("wish", [{"resolution": "store_credit"}, {"resolution": "exchange", "exchange_for": CHEAPER}])
def test_units_that_were_paid_for_and_rejected_afterwards_give_nothing_again(tmp_path: Path, wish: Document):
    with a_shop(tmp_path, settle_on="approved") as demo:
        found = asked(demo, item("l1", quantity=2, **wish))
        demo.work()
        came(demo, found, Inspection("1", "rejected"), key="r")
        with pytest.raises(Refused):
            asked(demo, item("l1", quantity=2), key="again")
