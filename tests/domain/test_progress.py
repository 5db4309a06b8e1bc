"""How far an order is on its way."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.orders import read_order
from domain.progress import progress_of
from tests.shops import line, order

SHIPPED, DELIVERED = "2026-11-05T10:00:00+00:00", "2026-11-08T10:00:00+00:00"
ON_THE_5TH, ON_THE_8TH = datetime(2026, 11, 5, 10, tzinfo=UTC), datetime(2026, 11, 8, 10, tzinfo=UTC)


def part(quantity: int, **times: str) -> dict[str, Any]:
    return {"quantity": quantity, "at": SHIPPED, **times}


@pytest.mark.parametrize(
    ("fulfilled", "stage", "since"),
    [
        ([], "not_shipped", None),
        ([part(1)], "partly_shipped", ON_THE_5TH),
        ([part(2)], "shipped", ON_THE_5TH),
        ([part(1, delivered_at=DELIVERED), part(1)], "shipped", ON_THE_5TH),
        ([part(1, delivered_at=DELIVERED), part(1, delivered_at=DELIVERED)], "delivered", ON_THE_8TH),
    ],
)
def test_an_order_is_as_far_as_the_last_of_its_goods(
    fulfilled: list[dict[str, Any]], stage: str, since: datetime | None
):
    found = progress_of(read_order(order(lines=[line(fulfilled=fulfilled)])))
    assert (found.stage, found.since) == (stage, since)


def test_what_was_cancelled_is_not_waited_for():
    sent = line(fulfilled=[part(2)])
    gone = line(id="l2", cancelled=2, fulfilled=[])
    assert progress_of(read_order(order(lines=[sent, gone]))).stage == "shipped"
    assert progress_of(read_order(order(lines=[gone]))).stage == "cancelled"


def test_a_cancelled_order_is_cancelled_whatever_was_shipped():
    found = progress_of(read_order(order(cancelled_at=DELIVERED)))
    assert (found.stage, found.since) == ("cancelled", ON_THE_8TH)
