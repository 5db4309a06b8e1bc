"""A shopper returns an order, staff receive it, the money goes back."""

from pathlib import Path

import pytest

from connector.services.answer_leg import paid_by_hand, try_again
from connector.services.decide_return import approve, decline
from connector.services.errors import Conflict, QuoteMoved, Refused
from connector.services.find_order import look_up
from connector.services.follow_return import overview, view
from connector.services.offer_lines import line_choices, replacement_choices, variants_once
from connector.services.quote_return import preview
from connector.services.receive_return import preview as preview_arrival
from connector.services.receive_return import receive
from connector.services.request_return import Wish, open_return
from connector.services.scan import scan
from connector.storage import credit_store, settlement_store
from domain.events import Act, Actor
from domain.orders import read_order
from domain.returns import Inspection, Return
from tests.shops import ANN, SAM, TestShop, a_shop, line, order

SWAP = {"variant_id": "tee-l", "product_id": "tee", "price": "20.00", "tax": "0.00", "available": 2}


def wish(demo: TestShop, *, quantity: int = 1, resolution: str = "refund", **changes: object) -> Wish:
    item = {"line_id": "l1", "quantity": quantity, "reason": "style", "resolution": resolution, **changes}
    shown = preview(demo.app, demo.shop, order_id="o1", items=[item])
    return Wish(order_id="o1", items=[item], method="mail", quote_id=shown.id)


def opened(demo: TestShop, *, key: str = "k1", **changes: object) -> Return:
    return open_return(demo.app, demo.shop, wish=wish(demo, **changes), actor=ANN, key=key)  # type: ignore[arg-type]


def received(demo: TestShop, found: Return, *inspections: Inspection, key: str = "r1", actor: Actor = SAM) -> Return:
    looked = inspections or tuple(Inspection(group.id, "received", grade="A") for group in found.groups)
    shown = preview_arrival(demo.app, demo.shop, return_id=found.id, inspections=looked)
    return receive(
        demo.app, demo.shop, return_id=found.id, inspections=looked, quote_id=shown and shown.id, actor=actor, key=key
    )


def status(demo: TestShop, found: Return) -> str:
    return view(demo.app, demo.shop, return_id=found.id).found.status


def acts(demo: TestShop, found: Return) -> list[str]:
    return [entry.act for entry in view(demo.app, demo.shop, return_id=found.id).found.history]


def refunded(demo: TestShop) -> str:
    return demo.order()["payments"][0]["refunded"]  # type: ignore[index]


def test_the_whole_story_of_a_refund(demo: TestShop):
    found = look_up(demo.app, demo.shop, number="1001", proof="ANN@example.com", address="x")
    assert found is not None
    (choice,) = line_choices(demo.app, demo.shop, order=found)
    assert (choice.title, choice.returnable, choice.why) == ("Tee, M", 2, ())
    asked = opened(demo)
    assert asked.status == "awaiting"
    for text in (asked.id.lower(), "#1001"):
        assert [match.id for match in scan(demo.app, demo.shop, text=text).matches] == [asked.id]
    taken = received(demo, asked)
    assert taken.status == "settling"
    assert refunded(demo) == "0.00"
    demo.work()
    assert status(demo, asked) == "done"
    assert refunded(demo) == "19.80"
    assert acts(demo, asked) == [
        Act.OPENED, Act.RECEIVED, Act.DECIDED, Act.SENDING, Act.PAID, Act.SENDING, Act.PAID,
    ]  # fmt: skip
    assert demo.available("tee-m") == 6


def test_store_credit_goes_to_the_orders_own_e_mail(demo: TestShop):
    asked = opened(demo, resolution="store_credit")
    received(demo, asked)
    demo.work()
    with demo.app.database.read(demo.shop) as unit:
        (leg, _) = settlement_store.legs_of(unit, asked.id)
        credit = credit_store.get(unit, leg.key)
    assert credit is not None
    assert (credit.email, credit.amount, credit.balance) == ("ann@example.com", 1980, 1980)
    assert leg.receipt is not None
    assert leg.receipt["reference"] == credit.code
    assert refunded(demo) == "0.00"


def test_a_swap_takes_the_new_size_from_the_shelf_and_puts_the_old_one_back(demo: TestShop):
    found = demo.order()
    sizes = replacement_choices(read_order(found), "l1", variants=variants_once(demo.app, demo.shop))
    assert [(variant.title, variant.available) for variant in sizes] == [("L", 2), ("M", 5), ("S", 0)]
    asked = opened(demo, resolution="exchange", exchange_for=SWAP)
    received(demo, asked)
    demo.work()
    assert status(demo, asked) == "done"
    assert (demo.available("tee-l"), demo.available("tee-m")) == (1, 6)
    made = look_up(demo.app, demo.shop, number=f"1001-{asked.id[4:]}", proof="10001", address="x")
    assert made is not None
    assert made["payments"][0]["of"] == {"order_id": "o1", "payment_id": "p1"}  # type: ignore[index]
    assert made["payments"][0]["amount"] == "19.80"  # type: ignore[index]


def test_a_wrong_proof_and_an_unknown_order_are_the_same_nothing(demo: TestShop):
    assert look_up(demo.app, demo.shop, number="1001", proof="bob@example.com", address="x") is None
    assert look_up(demo.app, demo.shop, number="9999", proof="ann@example.com", address="x") is None


def test_opening_twice_with_one_key_is_one_return(demo: TestShop):
    asked = wish(demo)
    first = open_return(demo.app, demo.shop, wish=asked, actor=ANN, key="k")
    second = open_return(demo.app, demo.shop, wish=asked, actor=ANN, key="k")
    assert second == first


def test_the_last_units_cannot_be_promised_twice(demo: TestShop):
    both = wish(demo, quantity=2)
    opened(demo, quantity=2)
    with pytest.raises((Refused, QuoteMoved)):
        open_return(demo.app, demo.shop, wish=both, actor=ANN, key="other")


def test_money_that_moved_since_it_was_shown_opens_nothing(demo: TestShop):
    shown = wish(demo)
    demo.save_order({**demo.order(), "lines": [line(discount="10.00", tax="3.00")]})
    with pytest.raises(QuoteMoved):
        open_return(demo.app, demo.shop, wish=shown, actor=ANN, key="k")
    assert [match.kind for match in scan(demo.app, demo.shop, text="#1001").matches] == ["order"]


def test_receiving_twice_with_one_key_changes_nothing_more(demo: TestShop):
    asked = opened(demo)
    taken = received(demo, asked)
    again = receive(demo.app, demo.shop, return_id=asked.id, inspections=[], quote_id=None, actor=SAM, key="r1")
    assert again == taken


def test_only_what_arrived_is_paid(demo: TestShop):
    asked = opened(demo, quantity=2)
    received(demo, asked, Inspection("1", "received", grade="B", quantity=1), Inspection("1", "missing", quantity=1))
    demo.work()
    assert refunded(demo) == "19.80"
    assert status(demo, asked) == "incomplete"
    assert demo.available("tee-m") == 5


@pytest.mark.parametrize("resolution", ["refund", "store_credit"])
def test_what_was_missing_and_turns_up_is_paid_then_and_the_flat_fee_once(tmp_path: Path, resolution: str):
    with a_shop(tmp_path, return_fee="3.00") as demo:
        asked = opened(demo, quantity=2, resolution=resolution)
        one, missing = Inspection("1", "received", grade="A", quantity=1), Inspection("1", "missing", quantity=1)
        received(demo, asked, one, missing)
        demo.work()
        assert status(demo, asked) == "incomplete"
        received(demo, asked, Inspection("1.1", "received", grade="A"), key="r2")
        demo.work()
        assert status(demo, asked) == "done"
        with demo.app.database.read(demo.shop) as unit:
            given = [line.amount for line in settlement_store.ledger_of(unit, asked.id) if line.amount]
        assert given == [1980 - 300, 1980]
        assert demo.available("tee-m") == 7


def test_goods_whose_money_nobody_looked_at_are_not_paid(demo: TestShop):
    asked = opened(demo)
    looked = [Inspection("1", "received", grade="A")]
    with pytest.raises(QuoteMoved):
        receive(demo.app, demo.shop, return_id=asked.id, inspections=looked, quote_id=None, actor=SAM, key="r")
    assert status(demo, asked) == "awaiting"


def test_a_payment_that_no_api_can_refund_waits_for_a_person(demo: TestShop):
    cash = {"id": "p1", "gateway": "cod", "kind": "cash", "amount": "44.60", "refunded": "0.00", "refundable": False}
    demo.save_order(order(payments=[cash]))
    asked = opened(demo)
    received(demo, asked)
    demo.work()
    assert status(demo, asked) == "settling"
    (leg,) = overview(demo.app, demo.shop).by_hand
    assert (leg.state, leg.amount) == ("by_hand", 1980)
    for _ in range(2):
        paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="from the till", key="h1")
    with pytest.raises(Conflict):
        paid_by_hand(demo.app, demo.shop, leg_key=leg.key, actor=SAM, note="again", key="h2")
    assert status(demo, asked) == "done"
    assert acts(demo, asked).count(Act.PAID_BY_HAND) == 1


def test_an_order_of_a_platform_that_is_not_connected_is_settled_by_a_person(demo: TestShop):
    demo.save_order(order(channel="woocommerce"))
    asked = opened(demo)
    received(demo, asked)
    demo.work()
    assert [leg.state for leg in view(demo.app, demo.shop, return_id=asked.id).legs] == ["by_hand", "by_hand"]


def test_a_replacement_that_sold_out_meanwhile_fails_and_can_be_tried_again(demo: TestShop):
    asked = opened(demo, quantity=2, resolution="exchange", exchange_for=SWAP)
    received(demo, asked)
    others = opened_by_somebody_else(demo)
    demo.work()
    failed = view(demo.app, demo.shop, return_id=asked.id)
    assert failed.found.status == "needs_a_person", others
    key = next(leg.key for leg in failed.legs if leg.state == "failed")
    put_on_shelf(demo, "tee-l", 2)
    try_again(demo.app, demo.shop, leg_key=key, actor=SAM, key="t1")
    demo.work()
    assert status(demo, asked) == "done"


def test_what_the_rules_leave_to_a_person_waits_for_one(tmp_path: Path):
    with a_shop(tmp_path, approval="review", settle_on="approved") as demo:
        asked, other = opened(demo), opened(demo, key="k2")
        assert asked.status == "requested"
        assert len(overview(demo.app, demo.shop).undecided) == 2
        with pytest.raises(Conflict):
            received(demo, asked)
        approve(demo.app, demo.shop, return_id=asked.id, actor=SAM, why="fine", key="a")
        decline(demo.app, demo.shop, return_id=other.id, actor=SAM, why="worn", key="b")
        demo.work()
        assert (status(demo, asked), status(demo, other)) == ("done", "declined")
        assert refunded(demo) == "19.80"


def test_what_is_paid_when_approved_is_not_paid_again_when_it_arrives(tmp_path: Path):
    with a_shop(tmp_path, settle_on="approved") as demo:
        asked = opened(demo)
        demo.work()
        assert refunded(demo) == "19.80"
        received(demo, asked)
        demo.work()
        assert refunded(demo) == "19.80"
        assert status(demo, asked) == "done"
        assert demo.available("tee-m") == 6


def test_goods_worth_little_stay_with_the_shopper_and_are_paid_at_once(tmp_path: Path):
    with a_shop(tmp_path, keep_item_below="50.00") as demo:
        asked = opened(demo)
        demo.work()
        assert (asked.method, status(demo, asked)) == ("keep", "done")
        assert refunded(demo) == "19.80"


def test_a_second_return_is_paid_beside_the_first(demo: TestShop):
    first = opened(demo)
    received(demo, first)
    demo.work()
    second = opened(demo, key="k2")
    received(demo, second, key="r2")
    demo.work()
    assert refunded(demo) == "39.60"


def opened_by_somebody_else(demo: TestShop) -> None:
    put_on_shelf(demo, "tee-l", -1)


def put_on_shelf(demo: TestShop, variant_id: str, delta: int) -> None:
    from connector.storage import product_store

    demo.app.database.write(
        demo.shop,
        lambda unit: product_store.move_stock(unit, variant_id, delta=delta, why="test", at=demo.clock()),
    )
