"""Which policy a request is quoted by."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from connector.services import quote_return
from connector.storage import policy_store
from tests.shops import TestShop

BACK = [{"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}]


def fees(demo: TestShop) -> list[str]:
    """The fees that a return of the demo's order would owe."""
    told: Mapping[str, Any] = quote_return.preview(demo.app, demo.shop, order_id="o1", items=BACK).document
    return [fee["amount"] for fee in told["fees"]]


def add_version(demo: TestShop, fee: str, *, days_ago: int) -> None:
    at = demo.clock() - timedelta(days=days_ago)
    demo.app.database.write(
        demo.shop, lambda unit: policy_store.add_version(unit, {"return_fee": fee}, in_force_from=at)
    )


def test_the_policy_that_was_in_force_when_the_order_was_placed_decides(demo: TestShop):
    assert fees(demo) == []
    add_version(demo, "3.00", days_ago=0)
    assert fees(demo) == []
    add_version(demo, "2.00", days_ago=60)
    add_version(demo, "1.00", days_ago=90)
    assert fees(demo) == ["2.00"]
