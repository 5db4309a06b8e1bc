"""What a person says that they gave by hand counts once, wherever it shows."""

import pytest

from connector.services.answer_leg import both_sides, paid_by_hand, try_again
from connector.services.errors import InvalidInput
from connector.services.follow_return import view
from connector.services.quote_return import preview
from domain.returns import Return
from domain.settlement import Leg
from tests.connector.services.test_story import opened, received, status
from tests.shops import SAM, Document, TestShop, order

CASH = {"id": "p1", "gateway": "cod", "kind": "cash", "amount": "44.60", "refunded": "0.00", "refundable": False}
CARD_AND_CASH = [
    {"id": "p1", "gateway": "card", "kind": "card", "amount": "30.00", "refunded": "0.00", "refundable": True},
    {**CASH, "id": "p2", "amount": "14.60"},
]
AS_A_UNIT = [{"line_id": "l1", "quantity": 1, "amount": "18.00", "tax": "1.80"}]
AS_A_PRICE_CUT = [{"line_id": "l1", "quantity": 0, "amount": "18.00", "tax": "1.80"}]


def refund_by_hand(demo: TestShop, lines: list[Document], *, amount: str = "19.80") -> None:
    there = demo.order()
    (paid,) = there["payments"]  # type: ignore[misc]
    made = {"id": "h1", "at": demo.clock().isoformat(), "amount": amount, "shipping": "0.00", "lines": lines}
    demo.save_order({**there, "payments": [{**paid, "refunded": amount}], "refunds": [made]})


def refund_of(demo: TestShop, return_id: str) -> Leg:
    legs = view(demo.app, demo.shop, return_id=return_id).legs
    return next(leg for leg in legs if leg.kind == "refund" and leg.state != "settled")


def held_up(demo: TestShop, lines: list[Document]) -> tuple[Return, Leg]:
    """A return whose refund is not sent, since one was made by hand; a person is asked."""
    found = opened(demo)
    received(demo, found)
    refund_by_hand(demo, lines)
    demo.work()
    return found, refund_of(demo, found.id)


def refund_of_payment(demo: TestShop, return_id: str, payment_id: str) -> Leg:
    legs = view(demo.app, demo.shop, return_id=return_id).legs
    return next(leg for leg in legs if leg.kind == "refund" and leg.payment_id == payment_id)


def worth_of_another(demo: TestShop) -> object:
    item = {"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund"}
    return preview(demo.app, demo.shop, order_id="o1", items=[item]).document["total"]


@pytest.mark.parametrize("lines", [AS_A_UNIT, AS_A_PRICE_CUT, []], ids=["a unit", "a price cut", "an amount"])
def test_a_refund_that_was_noticed_on_the_platform_and_is_the_return_counts_once(demo: TestShop, lines: list[Document]):
    found, leg = held_up(demo, lines)
    assert (leg.state, both_sides(demo.app, demo.shop, leg_key=leg.key).likely) == ("unknown", "h1")
    with pytest.raises(InvalidInput):
        paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="I did it there", key="h0")
    paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="I did it there", key="h", refund_id="h1")
    assert (status(demo, found), worth_of_another(demo)) == ("done", "19.80")


@pytest.mark.parametrize("lines", [AS_A_UNIT, AS_A_PRICE_CUT, []], ids=["a unit", "a price cut", "an amount"])
def test_cash_that_was_also_noted_on_the_platform_counts_once_where_that_is_said(demo: TestShop, lines: list[Document]):
    demo.save_order(order(payments=[CASH]))
    found = opened(demo)
    received(demo, found)
    demo.work()
    leg = refund_of(demo, found.id)
    refund_by_hand(demo, lines)
    assert both_sides(demo.app, demo.shop, leg_key=leg.key).likely == ""
    paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="noted there", key="h", refund_id="h1")
    assert (status(demo, found), worth_of_another(demo)) == ("done", "19.80")


def test_what_was_given_besides_a_refund_for_another_matter_counts_apart(demo: TestShop):
    _, leg = held_up(demo, AS_A_UNIT)
    paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="in cash", key="h", refund_id="")
    assert worth_of_another(demo) == "0.00"


def test_no_refund_is_named_that_the_platform_does_not_show(demo: TestShop):
    _, leg = held_up(demo, AS_A_UNIT)
    with pytest.raises(InvalidInput):
        paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="there", key="h", refund_id="h2")


def test_a_refund_that_was_named_is_neither_offered_nor_taken_for_another_return_which_it_does_not_hold_up(
    demo: TestShop,
):
    found, other = opened(demo), opened(demo, key="k2")
    received(demo, found)
    refund_by_hand(demo, AS_A_UNIT)
    demo.work()
    leg = refund_of(demo, found.id)
    paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="there", key="h", refund_id="h1")
    received(demo, other, key="r2")
    demo.work()
    assert (status(demo, other), worth_of_another(demo)) == ("done", "0.00")


def test_of_two_that_wait_for_an_answer_one_refund_answers_one(demo: TestShop):
    found, other = opened(demo), opened(demo, key="k2")
    received(demo, found)
    received(demo, other, key="r2")
    refund_by_hand(demo, AS_A_PRICE_CUT)
    demo.work()
    first, second = refund_of(demo, found.id), refund_of(demo, other.id)
    paid_by_hand(demo.app, demo.shop, leg_key=first.key, actor=SAM, note="there", key="h", refund_id="h1")
    assert both_sides(demo.app, demo.shop, leg_key=second.key).candidates == []
    with pytest.raises(InvalidInput):
        paid_by_hand(demo.app, demo.shop, leg_key=second.key, actor=SAM, note="there", key="h2", refund_id="h1")
    try_again(demo.app, demo.shop, leg_key=second.key, actor=SAM, key="t", why="that was the other one's")
    demo.work()
    assert status(demo, other) == "done"


def test_the_other_payment_of_the_return_is_not_held_up_by_a_refund_that_was_named_for_it(demo: TestShop):
    demo.save_order(order(payments=CARD_AND_CASH))
    found = opened(demo)
    received(demo, found)
    leg = refund_of_payment(demo, found.id, "p2")
    made = {"id": "h1", "at": demo.clock().isoformat(), "amount": "6.48", "shipping": "0.00", "lines": []}
    demo.save_order({**demo.order(), "refunds": [made]})
    paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="cash, noted there", key="h", refund_id="h1")
    demo.work()
    assert status(demo, found) == "done"


def test_of_two_payments_the_one_that_people_give_back_gives_no_more_than_it_took(demo: TestShop):
    demo.save_order(order(payments=CARD_AND_CASH))
    cash = 0
    for n in (1, 2):
        found = opened(demo, key=f"k{n}")
        received(demo, found, key=f"r{n}")
        demo.work()
        leg = refund_of(demo, found.id)
        paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="cash", key=f"h{n}")
        cash += leg.amount
    assert cash == 1296
    assert demo.order()["payments"][0]["refunded"] == "26.64"  # type: ignore[index]
