"""What turns up later is decided by itself: neither round loses, repeats or touches what the other one gives."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.services.answer_leg import try_again
from connector.services.collect_balance import collect, give_up
from connector.services.errors import NeedsApproval
from connector.services.follow_return import view
from connector.services.ship_return import ship
from domain.returns import Inspection, Return
from tests.connector.services.rounds import (
    FIRST_ALONE,
    SECOND,
    asked,
    came,
    in_two_rounds,
    item,
    legs,
    order_of_three,
    quoted,
)
from tests.shops import ANN, SAM, Document, TestShop, a_shop

LARGE = {"variant_id": "tee-l", "product_id": "tee", "price": "18.00", "tax": "1.80", "available": 2}
BLOCKED = {"id": "c1", "email": "ann@example.com", "name": "Ann", "tags": ["blocked"]}
DEARER = {"variant_id": "tee-l", "product_id": "tee", "price": "30.00", "tax": "3.00", "available": 2}


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path) as shop:
        yield shop


@pytest.fixture
def dear(tmp_path: Path) -> Iterator[TestShop]:
    with a_shop(tmp_path, even_exchange="same_price") as shop:
        yield shop


def settlements(demo: TestShop, found: Return) -> list[str]:
    return [str(group.settlement) for group in view(demo.app, demo.shop, return_id=found.id).found.groups]


def test_what_failed_in_the_first_round_is_still_open_after_the_second(demo: TestShop):
    demo.save_order(order_of_three())
    found = asked(demo, item("a"), item("b"))
    came(demo, found, *FIRST_ALONE, key="first")
    _with_an_empty_card(demo)
    came(demo, found, *SECOND, key="second")
    assert settlements(demo, found) == ["failed", "due"]
    demo.work()
    assert settlements(demo, found) == ["failed", "settled"]
    try_again(demo.app, demo.shop, leg_key=legs(demo, found, "refund")[0].key, actor=SAM, key="again")
    demo.work()
    assert settlements(demo, found) == ["settled", "settled"]
    assert [refund["amount"] for refund in _refunds(demo)] == ["22.00", "22.00"]


@pytest.mark.parametrize("outcome", ["missing", "empty_box", "wrong_item"])
def test_what_turns_up_one_by_one_is_paid_one_by_one(demo: TestShop, outcome: str):
    found = asked(demo, item("l1", quantity=2))
    came(demo, found, Inspection("1", outcome), key="none")
    one, other = Inspection("1", "received", grade="A", quantity=1), Inspection("1", outcome, quantity=1)
    came(demo, found, one, other, key="one")
    demo.work()
    assert settlements(demo, found) == ["settled", "none"]
    came(demo, found, Inspection("1.1", "received", grade="A"), key="other")
    demo.work()
    assert settlements(demo, found) == ["settled", "settled"]
    assert [refund["amount"] for refund in _refunds(demo)] == ["19.80", "19.80"]
    assert demo.available("tee-m") == 7


def test_goods_that_turn_up_before_the_first_round_was_carried_out_are_paid_once(demo: TestShop):
    demo.save_order(order_of_three())
    found = asked(demo, item("a"), item("b"))
    came(demo, found, *FIRST_ALONE, key="first")
    came(demo, found, *SECOND, key="second")
    demo.work()
    assert [leg.group_ids for leg in legs(demo, found, "refund")] == [("1",), ("2",)]
    assert [refund["amount"] for refund in _refunds(demo)] == ["22.00", "22.00"]


def test_two_exchanges_in_two_rounds_take_two_replacements(demo: TestShop):
    before = demo.available("tee-l")
    assert before is not None
    found = asked(demo, _exchange(LARGE), _exchange(LARGE))
    came(demo, found, *FIRST_ALONE, key="first")
    came(demo, found, *SECOND, key="second")
    demo.work()
    assert demo.available("tee-l") == before - 2


def test_each_round_has_a_balance_of_its_own(dear: TestShop):
    found = in_two_rounds(dear, _exchange(DEARER), _exchange(DEARER))
    first, second = legs(dear, found, "collect")
    collect(dear.app, dear.shop, leg_key=first.key, tender="card", actor=SAM, key="pay")
    dear.work()
    assert settlements(dear, found) == ["settled", "unpaid"]
    collect(dear.app, dear.shop, leg_key=second.key, tender="card", actor=SAM, key="pay too")
    dear.work()
    assert [leg.state for leg in legs(dear, found, "exchange")] == ["settled", "settled"]


def test_giving_up_one_balance_leaves_the_other_to_be_paid(dear: TestShop):
    found = in_two_rounds(dear, _exchange(DEARER), _exchange(DEARER))
    first, second = legs(dear, found, "collect")
    give_up(dear.app, dear.shop, leg_key=first.key, actor=SAM, why="too dear", key="up")
    dear.work()
    collect(dear.app, dear.shop, leg_key=second.key, tender="card", actor=SAM, key="pay")
    dear.work()
    assert [leg.state for leg in legs(dear, found, "exchange")] == ["lapsed", "settled"]
    assert [refund["amount"] for refund in _refunds(dear)] == ["19.80"]


def test_goods_that_are_graded_in_two_parts_wait_for_the_same_balance(tmp_path: Path):
    with a_shop(tmp_path, even_exchange="same_price", settle_on="approved") as demo:
        found = asked(demo, _exchange(DEARER, quantity=2))
        demo.work()
        came(demo, found, *_in_two_parts(), key="first")
        assert settlements(demo, found) == ["unpaid", "unpaid"]
        give_up(demo.app, demo.shop, leg_key=legs(demo, found, "collect")[0].key, actor=SAM, why="no", key="up")
        demo.work()
        assert [refund["amount"] for refund in _refunds(demo)] == ["39.60"]


def test_goods_that_are_graded_in_two_parts_after_their_refund_failed_are_both_unpaid(tmp_path: Path):
    with a_shop(tmp_path, settle_on="approved") as demo:
        found = asked(demo, item("l1", quantity=2))
        _with_an_empty_card(demo)
        came(demo, found, *_in_two_parts(), key="first")
        assert settlements(demo, found) == ["failed", "failed"]


def test_delivery_that_went_back_in_the_first_round_is_not_given_again(tmp_path: Path):
    with a_shop(tmp_path, shipping_refund="faulty") as demo:
        demo.save_order(order_of_three())
        faulty = {"reason": "defective", "resolution": "store_credit"}
        in_two_rounds(demo, item("a", **faulty), item("b", resolution="store_credit"))
        assert quoted(demo, item("c", **faulty))["shipping"] == "0.00"


def test_a_fee_for_the_whole_order_is_charged_once(tmp_path: Path):
    with a_shop(tmp_path, return_fee="5", return_fee_per="order") as demo:
        demo.save_order(order_of_three())
        in_two_rounds(demo, item("a"), item("b"))
        assert (quoted(demo, item("c"))["fees"], quoted(demo, item("c"))["total"]) == ([], "22.00")


def test_a_flat_fee_that_the_first_round_did_not_owe_is_charged_in_the_second(tmp_path: Path):
    with a_shop(tmp_path, return_fee="5") as demo:
        demo.save_order(order_of_three())
        in_two_rounds(demo, item("a", reason="defective"), item("b"))
        assert [refund["amount"] for refund in _refunds(demo)] == ["22.00", "17.00"]


def test_a_discount_that_was_lost_and_won_again_comes_to_what_was_paid(tmp_path: Path):
    with a_shop(tmp_path, promotions="clawback") as demo:
        demo.save_order(_with_a_discount())
        in_two_rounds(demo, item("a"), item("b"))
        third = quoted(demo, item("c"))["total"]
        assert sum(float(refund["amount"]) for refund in _refunds(demo)) + float(third) == 54.00


def test_a_rule_that_sets_nothing_stops_no_second_round(tmp_path: Path):
    rule = {"id": "x", "when": {"field": "item.reason", "op": "is", "value": "style"}}
    with a_shop(tmp_path, return_fee="5", rules=[rule]) as demo:
        demo.save_order(order_of_three())
        in_two_rounds(demo, item("a"), item("b"))
        assert [refund["amount"] for refund in _refunds(demo)] == ["17.00", "22.00"]


class TestWhenTheParcelIsHandedIn:
    @pytest.fixture
    def early(self, tmp_path: Path) -> Iterator[TestShop]:
        blocked = {"id": "x", "when": {"field": "customer.tags", "op": "contains", "value": "blocked"}}
        with a_shop(tmp_path, settle_on="in_transit", rules=[{**blocked, "then": {"returnable": False}}]) as demo:
            yield demo

    def test_what_was_promised_is_paid(self, early: TestShop):
        _handed_in(early, asked(early, item("l1")))
        assert [refund["amount"] for refund in _refunds(early)] == ["19.80"]

    @pytest.mark.parametrize("news", [{"disputed": True}, {"customer": BLOCKED}], ids=["disputed", "refused"])
    def test_what_is_no_more_as_promised_waits_for_staff(self, early: TestShop, news: Document):
        found = asked(early, item("l1"))
        early.save_order({**early.order(), **news})
        _handed_in(early, found)
        assert (settlements(early, found), _refunds(early)) == (["none"], [])

    def test_what_is_charged_more_by_now_waits_for_staff(self, tmp_path: Path):
        dear = {"field": "customer.tags", "op": "contains", "value": "blocked"}
        rules = [{"id": "x", "when": dear, "then": {"restocking_percent": "50"}}]
        with a_shop(tmp_path, settle_on="in_transit", rules=rules) as demo:
            found = asked(demo, item("l1"))
            demo.save_order({**demo.order(), "customer": BLOCKED})
            _handed_in(demo, found)
            assert settlements(demo, found) == ["none"]

    def test_what_is_worth_less_by_now_waits_for_staff(self, early: TestShop):
        found = asked(early, item("l1", quantity=2))
        there = early.order()
        (card,) = there["payments"]  # type: ignore[misc]
        cut = {"id": "hand", "at": "2026-11-20T12:30:00+00:00", "amount": "30.00", "lines": []}
        early.save_order({**there, "refunds": [cut], "payments": [{**card, "refunded": "30.00"}]})
        _handed_in(early, found)
        assert settlements(early, found) == ["none"]


def test_while_the_payment_is_disputed_a_manager_answers_for_giving_it_back(demo: TestShop):
    found = asked(demo, item("l1"))
    demo.save_order({**demo.order(), "disputed": True})
    with pytest.raises(NeedsApproval):
        came(demo, found, Inspection("1", "received", grade="D"), key="r")
    assert settlements(demo, found) == ["none"]


def _handed_in(demo: TestShop, found: Return) -> None:
    ship(demo.app, demo.shop, return_id=found.id, tracking="1Z", actor=ANN, key="ship")
    demo.work()


def _exchange(wanted: Document, *, quantity: int = 1) -> dict[str, object]:
    return item("l1", quantity=quantity, resolution="exchange", exchange_for=wanted)


def _in_two_parts() -> tuple[Inspection, ...]:
    return tuple(Inspection("1", "received", grade=grade, quantity=1) for grade in "AB")


def _with_an_empty_card(demo: TestShop) -> None:
    """Carry out what waits while the card holds nothing to speak of, so that it is refused."""
    there = demo.order()
    (card,) = there["payments"]  # type: ignore[misc]
    demo.save_order({**there, "payments": [{**card, "amount": "1.00"}]})
    demo.work()
    demo.save_order(there)


def _with_a_discount() -> dict[str, object]:
    """Three goods of 20.00, 2.00 less for each because they are more than 50.00 together, and no delivery."""
    there = order_of_three()
    lines = [{**one, "discount": "2.00", "tax": "0.00"} for one in there["lines"]]
    discount = {"amount": "6.00", "title": "over 50", "threshold": "50.00"}
    card = {**there["payments"][0], "amount": "54.00"}
    return {**there, "lines": lines, "discounts": [discount], "payments": [card], "shipping": []}


def _refunds(demo: TestShop) -> list[dict[str, str]]:
    refunds: list[dict[str, str]] = demo.order().get("refunds", [])  # type: ignore[assignment]
    return refunds
