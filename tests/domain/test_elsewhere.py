"""What a platform gave back by itself."""

import pytest
from msgspec.structs import replace

from domain.elsewhere import given_elsewhere
from domain.orders import Order, read_order
from domain.settlement import Leg, LegKind, LegState

PAID = Leg(
    key="RMA-1-1-refund-1", return_id="RMA-1", order_id="o1", kind=LegKind.REFUND, amount=1980, currency="USD",
    digits=2, state=LegState.SETTLED, receipt={"kind": "refund"},
)  # fmt: skip
SECOND = replace(PAID, key="RMA-1-2-refund-1", amount=500, state=LegState.SENDING, receipt=None)


def shown(*refunds: tuple[str | None, str]) -> Order:
    listed = [
        {"id": str(n), "at": "2026-11-20T12:00:00+00:00", "amount": amount, "lines": [], "key": key}
        for n, (key, amount) in enumerate(refunds)
    ]
    return read_order({
        "id": "o1", "currency": "USD", "placed_at": "2026-11-04T10:00:00+00:00", "refunds": listed, "payments": [],
        "lines": [{"id": "l1", "quantity": 1, "unit_price": "40.00"}],
    })  # fmt: skip


def elsewhere(order: Order, *legs: Leg) -> int:
    return given_elsewhere(order, legs, return_id="RMA-1", sending=SECOND.key)


def test_what_bears_no_key_was_given_elsewhere():
    assert elsewhere(shown((None, "7.00"), ("RMA-1", "19.80"), ("RMA-2", "3.00")), PAID, SECOND) == 700


def test_what_bears_our_key_and_no_leg_of_ours_gave_was_given_elsewhere():
    assert elsewhere(shown(("RMA-1", "5.00")), SECOND) == 500
    assert elsewhere(shown(("RMA-1", "19.80"), ("RMA-1", "5.00")), PAID, SECOND) == 500


def test_what_the_platform_does_not_show_yet_hides_nothing_of_others():
    assert elsewhere(shown((None, "7.00")), PAID, SECOND) == 700


@pytest.mark.parametrize("change", [{"state": LegState.UNKNOWN}, {"receipt": {"kind": "by_hand"}}])
def test_what_is_not_certain_or_was_given_by_hand_is_no_refund_of_ours(change: dict[str, object]):
    assert elsewhere(shown(("RMA-1", "19.80")), replace(PAID, **change), SECOND) == 1980  # type: ignore[arg-type]


def test_store_credit_may_stand_among_the_refunds_and_its_bonus_does_not():
    credit, bonus = replace(PAID, kind=LegKind.STORE_CREDIT), replace(PAID, kind=LegKind.BONUS, amount=200)
    assert elsewhere(shown(("RMA-1", "19.80")), credit, bonus, SECOND) == 0
    assert elsewhere(shown(("RMA-1", "21.80")), credit, bonus, SECOND) == 200
