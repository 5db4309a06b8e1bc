"""What a number names at a till: goods that are expected, else the order."""

from connector.services import till_returns
from domain.returns import Inspection
from tests.connector.services.test_story import opened, received, status
from tests.shops import TestShop


def test_a_return_whose_goods_are_still_to_come_is_found_by_its_orders_number(demo: TestShop):
    asked = opened(demo)
    seen = till_returns.find(demo.app, demo.shop, text="#1001")
    assert (seen.found and seen.found.id, seen.order) == (asked.id, None)


def test_a_return_that_is_here_does_not_stand_before_its_order(demo: TestShop):
    asked = opened(demo)
    received(demo, asked, Inspection("1", "received", grade="A"))
    assert status(demo, asked) == "settling"
    seen = till_returns.find(demo.app, demo.shop, text="#1001")
    assert (seen.found, seen.order is not None) == (None, True)


def test_one_of_which_something_is_missing_is_still_expected(demo: TestShop):
    asked = opened(demo, quantity=2)
    taken = (Inspection("1", "received", grade="A", quantity=1), Inspection("1", "missing", quantity=1))
    received(demo, asked, *taken)
    demo.work()
    seen = till_returns.find(demo.app, demo.shop, text="#1001")
    assert seen.found is not None
