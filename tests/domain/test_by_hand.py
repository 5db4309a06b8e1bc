"""What people did by hand for our returns, in the order that it was done to."""

from domain.by_hand import as_answered, likely, needs_answers
from domain.settlement import Leg, LegKind, LegState
from tests.shops import Document, order

CASH = {"id": "p1", "kind": "cash", "amount": "44.60", "refunded": "5.00", "refundable": False}
BY_HAND = {"id": "h1", "amount": "19.80", "lines": []}


def leg(receipt: Document | None = None, *, key: str = "k", state: str = LegState.SETTLED) -> Leg:
    given = {"kind": "by_hand", **receipt} if receipt is not None else None
    return Leg(
        key=key, return_id="RMA-1", order_id="o1", kind=LegKind.REFUND, amount=1980, currency="USD", digits=2,
        payment_id="p1", state=state, receipt=given,
    )  # fmt: skip


def test_an_order_of_which_the_platform_tells_all_needs_no_answers():
    assert not needs_answers(order())
    assert needs_answers(order(payments=[CASH]))
    assert needs_answers(order(refunds=[BY_HAND]))
    assert not needs_answers(order(refunds=[{**BY_HAND, "key": "RMA-1"}]))


def test_what_nobody_did_by_hand_changes_nothing():
    told = order(payments=[CASH], refunds=[BY_HAND])
    assert as_answered(told, [leg()]) is told


def test_a_refund_that_was_named_is_of_its_return_and_no_other_is():
    told = order(refunds=[BY_HAND, {**BY_HAND, "id": "h2"}, {**BY_HAND, "id": "r1", "key": "RMA-9"}])
    answered = as_answered(told, [leg({"refund_id": "h1"}), leg({"refund_id": "r1"}, key="k2")])
    assert [refund.get("key") for refund in answered["refunds"]] == ["RMA-1", None, "RMA-9"]  # type: ignore[attr-defined]


def test_a_payment_that_people_give_back_holds_the_less_of_what_is_shown_and_what_was_given():
    def refunded(*legs: Leg) -> str:
        (paid,) = as_answered(order(payments=[CASH]), legs)["payments"]  # type: ignore[misc]
        return str(paid["refunded"])

    assert (refunded(leg({})), refunded(leg({}), leg({}, key="k2"))) == ("19.80", "39.60")
    (card,) = as_answered(order(), [leg({})])["payments"]  # type: ignore[misc]
    assert card == order()["payments"][0]  # type: ignore[index]


def test_the_likely_refund_is_the_latest_of_as_much_for_what_is_not_certain():
    told = order(refunds=[BY_HAND, {**BY_HAND, "id": "h2"}, {**BY_HAND, "id": "h3", "amount": "5.00"}])
    assert likely(told, leg(state=LegState.UNKNOWN)) == "h2"
    assert likely(told, leg(state=LegState.BY_HAND)) == ""
