"""What shoppers come for besides opening a return, with everything done that the assistant wants done."""

from pathlib import Path

import pytest

from connector.services import converse, shop_settings
from connector.services.cancel_return import cancel
from connector.services.errors import InvalidInput
from connector.services.follow_return import view
from connector.storage import credit_store, hand_over_store, product_store, settlement_store
from domain.events import Actor
from domain.returns import Return
from tests.connector.services.talking import Shopper, to_summary
from tests.shops import TestShop, a_shop, line, order, product

KIM = Actor(kind="staff", name="Kim")


@pytest.fixture
def ann(demo: TestShop) -> Shopper:
    return Shopper(demo)


def opened(ann: Shopper) -> str:
    to_summary(ann)
    ann.picks("confirm:yes")
    return str(ann.turn["outcome"]["return"])


def found(demo: TestShop, return_id: str) -> Return:
    return view(demo.app, demo.shop, return_id=return_id).found


def test_a_return_is_cancelled_by_a_yes_and_its_units_may_come_back_again(demo: TestShop, ann: Shopper):
    return_id = opened(ann)
    ann.says("please cancel my return")
    assert (ann.asked, ann.keys) == ("confirm", ["ask_cancel_return"])
    assert found(demo, return_id).status == "awaiting"
    ann.says("yes")
    assert ann.turn["outcome"] == {"kind": "return_cancelled", "return": return_id}
    assert found(demo, return_id).status == "cancelled"
    ann.picks("menu:start_return")
    assert "item:l1" in ann.choices


def test_a_return_that_was_cancelled_meanwhile_is_not_said_to_be_cancelled_now(demo: TestShop, ann: Shopper):
    return_id = opened(ann)
    ann.says("please cancel my return")
    cancel(demo.app, demo.shop, return_id=return_id, actor=KIM, why="", key="k")
    ann.picks("confirm:yes")
    assert ann.turn["outcome"] is None
    assert ann.keys[0] == "not_cancellable"


def test_where_exchanges_are_offered_first_the_lines_of_an_order_are_shown(tmp_path: Path):
    with a_shop(tmp_path, resolutions=["exchange", "refund"]) as demo:
        ann = Shopper(demo)
        ann.says("#1001 ann@example.com")
        assert "item:l1" in ann.choices


def a_dearer_top(demo: TestShop) -> None:
    top = {**product()["variants"][2], "id": "top-l", "price": "24.00", "available": 4}
    demo.app.database.write(
        demo.shop, lambda unit: product_store.save(unit, product(id="top", title="Top", variants=[top]))
    )


def test_a_dearer_swap_is_opened_with_what_is_to_be_paid_and_what_is_given_otherwise(demo: TestShop, ann: Shopper):
    a_dearer_top(demo)
    ann.says("#1001 ann@example.com")
    for choice in ("item:l1", "quantity:1", "reason:style"):
        ann.picks(choice)
    offers = {choice["id"]: choice["detail"] for choice in ann.turn["ask"]["choices"]}
    assert "variant:top-l" not in offers
    ann.picks("back")
    ann.picks("reason:size_too_small")
    offers = {choice["id"]: choice["detail"] for choice in ann.turn["ask"]["choices"]}
    assert offers["variant:top-l"] == "$6.60 more"
    ann.picks("variant:top-l")
    ann.picks("method:mail")
    assert (ann.asked, ann.turn["card"]["quote"]["due"]) == ("fallback", "6.60")
    ann.picks("fallback:store_credit")
    assert ann.keys == ["gives_swap", "to_pay", "to_pay_within", "ask_confirm"]
    ann.picks("confirm:yes")
    return_id = ann.turn["outcome"]["return"]
    assert [group.fallback for group in found(demo, return_id).groups] == ["store_credit"]


def test_what_is_given_otherwise_is_what_the_rules_of_the_item_give(tmp_path: Path):
    ways = ["exchange", "store_credit"]
    rules = [{"id": "sale", "then": {"resolutions": ways}}]
    with a_shop(tmp_path, resolutions=[*ways, "refund"], rules=rules) as demo:
        a_dearer_top(demo)
        ann = Shopper(demo)
        ann.says("#1001 ann@example.com")
        for choice in ("item:l1", "quantity:1", "reason:size_too_small", "variant:top-l", "method:mail"):
            ann.picks(choice)
        assert ann.asked == "confirm"
        assert "Store credit" in next(one["text"] for one in ann.turn["messages"] if one["key"] == "to_pay_within")
        ann.picks("confirm:yes")
        assert [group.fallback for group in found(demo, ann.turn["outcome"]["return"]).groups] == ["store_credit"]


def test_who_withdraws_is_asked_no_reason_and_gets_the_money(demo: TestShop):
    demo.save_order(order(lines=[line(quantity=1, tax="1.60", discount="0.00")], ship_to={"country": "DE"}))
    ann = Shopper(demo)
    ann.says("I withdraw from the purchase, order #1001, ann@example.com")
    ann.picks("item:l1")
    assert ann.asked == "method"
    ann.picks("method:mail")
    ann.picks("confirm:yes")
    opened_return = found(demo, ann.turn["outcome"]["return"])
    assert (opened_return.kind, [group.resolution for group in opened_return.groups]) == ("withdrawal", ["refund"])


def test_an_order_that_was_not_shipped_is_for_the_shop_to_cancel(demo: TestShop):
    demo.save_order(order(lines=[line(fulfilled=[])]))
    ann = Shopper(demo)
    ann.says("cancel my order #1001, ann@example.com")
    assert ann.keys == ["order_found", "ask_cancel_order"]
    ann.says("yes")
    assert ann.turn["outcome"] == {"kind": "handed_over", "topic": "cancel_order"}
    with demo.app.database.read(demo.shop) as unit:
        (asked,) = hand_over_store.open_ones(unit, 5)
    assert asked.topic == "cancel_order"


def test_the_shops_own_words_are_told(demo: TestShop, ann: Shopper):
    said = shop_settings.Details(contact=" help@shop.example ", return_address="1 Dock Road,\n Hull")
    shop_settings.say(demo.app, demo.shop, said=said, actor=KIM)
    ann.says("I need an invoice")
    assert ann.turn["messages"][1]["text"] == "You reach Demo here: help@shop.example"
    ann.says("where do I send my return?")
    assert "Parcels go to: 1 Dock Road, Hull" in [message["text"] for message in ann.turn["messages"]]


def test_too_many_words_are_refused(demo: TestShop):
    with pytest.raises(InvalidInput):
        shop_settings.say(demo.app, demo.shop, said=shop_settings.Details(contact="x" * 501), actor=KIM)


def test_credit_that_was_given_is_told_without_its_code(tmp_path: Path):
    with a_shop(tmp_path, settle_on="approved") as demo:
        ann = Shopper(demo)
        ann.says("#1001 ann@example.com")
        for choice in (
            "item:l1",
            "quantity:1",
            "reason:style",
            "resolution:store_credit",
            "method:mail",
            "confirm:yes",
        ):
            ann.picks(choice)
        demo.work()
        ann.says("what is the balance of my store credit?")
        assert ann.keys == ["credit_offered", "credit_given", "credit_left", "ask_end"]
        with demo.app.database.read(demo.shop) as unit:
            (leg,) = [leg for leg in settlement_store.legs_of(unit, opened_by(ann)) if leg.kind == "store_credit"]
            credit = credit_store.get(unit, leg.key)
        assert credit is not None
        assert credit.code not in str(ann.turn)


def opened_by(ann: Shopper) -> str:
    said = converse.transcript(ann.demo.app, ann.demo.shop, conversation_id=ann.talk.conversation_id)["turns"]
    return next(turn["outcome"]["return"] for turn in said if turn.get("outcome"))
