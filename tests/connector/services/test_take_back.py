"""Goods that are brought without an RMA: opened, taken in, paid and put away in one go."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from connector.services import give_receipt, visits
from connector.services.answer_leg import given_in_cash
from connector.services.errors import Conflict, NeedsApproval, QuoteMoved, Refused
from connector.services.follow_return import view
from connector.services.offer_instead import exchange_for
from connector.services.quote_return import Document
from connector.services.quote_return import preview as quoted
from connector.services.take_back import Brought, Hands, preview, take_back
from connector.storage import credit_store, settlement_store
from connector.storage.staff_store import add_staff
from domain.events import Actor, Post
from domain.replay import replayed
from domain.returns import Inspection, Return
from tests.shops import SAM, TestShop, a_shop, order

CASH = {"id": "p1", "gateway": "till", "kind": "cash", "amount": "44.60", "refunded": "0.00", "refundable": False}


def somebody(demo: TestShop, role: str) -> Actor:
    """A person of the shop who acts."""
    staff = demo.app.database.write(demo.shop, lambda unit: add_staff(unit, role.title(), role=role, at=demo.clock()))
    return Actor(kind="staff", name=staff.name, post=Post(staff.id))


def item(**changes: object) -> Document:
    return {"line_id": "l1", "quantity": 1, "reason": "style", "resolution": "refund", **changes}


def brought(*items: Document, grades: Sequence[str] = ("A",), **changes: object) -> Brought:
    looked = [Inspection(str(n), "received", grade=grade) for n, grade in enumerate(grades, start=1)]
    return Brought("o1", items or (item(),), looked, **changes)  # type: ignore[arg-type]


def taken(demo: TestShop, goods: Brought, *, key: str = "k", actor: Actor = SAM, visit_id: str = "") -> Return:
    shown = preview(demo.app, demo.shop, brought=goods)
    return take_back(
        demo.app, demo.shop, brought=goods, quote_id=shown.id, hands=Hands(actor, visit_id), key=key
    )  # fmt: skip


def refunded(demo: TestShop) -> str:
    return str(demo.order()["payments"][0]["refunded"])  # type: ignore[index]


def test_everything_is_done_in_one_go_and_once(demo: TestShop):
    found = taken(demo, brought())
    assert taken(demo, brought()).id == found.id
    demo.work()
    shown = view(demo.app, demo.shop, return_id=found.id).found
    assert (shown.status, shown.channel, shown.method) == ("done", "store", "store")
    assert (refunded(demo), demo.available("tee-m")) == ("19.80", 6)
    assert [entry.act for entry in shown.history][:3] == ["opened", "received", "decided"]
    assert replayed(shown) == shown.__class__(**{name: getattr(replayed(shown), name) for name in shown.__slots__})


def test_a_lower_grade_is_not_put_on_sale(demo: TestShop):
    found = taken(demo, brought(grades=("C",)))
    demo.work()
    assert [group.disposition for group in found.groups] == ["refurbish"]
    assert demo.available("tee-m") == 5


def test_an_exchange_takes_what_is_in_stock_now_and_leaves_nothing_reserved(demo: TestShop):
    swap = exchange_for(demo.app, demo.shop, order=demo.order(), line_id="l1", variant_id="tee-l")
    found = taken(demo, brought(item(resolution="exchange", exchange_for=swap)))
    demo.work()
    assert view(demo.app, demo.shop, return_id=found.id).found.status == "done"
    assert (demo.available("tee-m"), demo.available("tee-l")) == (6, 1)


def test_what_was_paid_in_cash_is_given_from_the_till_by_a_person(demo: TestShop):
    demo.save_order(order(payments=[CASH]))
    found = taken(demo, brought())
    demo.work()
    with demo.app.database.read(demo.shop) as unit:
        (leg,) = [one for one in settlement_store.legs_of(unit, found.id) if one.kind == "refund"]
    assert (leg.state, leg.amount) == ("by_hand", 1980)
    for _ in range(2):
        given_in_cash(demo.app, demo.shop, leg_key=leg.key, actor=SAM, key="p")
    with pytest.raises(Conflict):
        given_in_cash(demo.app, demo.shop, leg_key=leg.key, actor=SAM, key="again")
    assert view(demo.app, demo.shop, return_id=found.id).found.status == "done"


def exchanged(demo: TestShop) -> str:
    """A swap for the next size, and the number of the order that it became."""
    swap = exchange_for(demo.app, demo.shop, order=demo.order(), line_id="l1", variant_id="tee-l")
    found = taken(demo, brought(item(resolution="exchange", exchange_for=swap)))
    demo.work()
    return f"o1-{found.id.removeprefix('RMA-')}"


def test_a_replacement_goes_back_to_all_that_paid_for_what_it_replaced(demo: TestShop):
    card = {"id": "card", "gateway": "card", "kind": "card", "amount": "5.00", "refundable": True}
    gift = {**card, "id": "gift", "gateway": "gift_card", "kind": "gift_card", "amount": "39.60"}
    demo.save_order(order(payments=[card, gift]))
    made = exchanged(demo)
    given = quote_of(demo, made)["to"]
    assert [(one["of"], one["amount"]) for one in given] == [
        ({"order_id": "o1", "payment_id": "card"}, "2.22"),
        ({"order_id": "o1", "payment_id": "gift"}, "17.58"),
    ]


def test_a_replacement_of_what_was_paid_in_cash_is_given_back_by_a_person(demo: TestShop):
    demo.save_order(order(payments=[CASH]))
    made = exchanged(demo)
    again = Brought(made, (item(line_id="x1"),), [Inspection("1", "received", grade="C")])
    found = taken(demo, again, key="again")
    demo.work()
    legs = view(demo.app, demo.shop, return_id=found.id).legs
    assert [leg.state for leg in legs if leg.kind == "refund"] == ["by_hand"]


def test_a_payment_that_is_disputed_is_left_to_a_manager_once(demo: TestShop):
    demo.save_order({**demo.order(), "disputed": True})
    with pytest.raises(NeedsApproval) as refusal:
        taken(demo, brought())
    assert [one.act for one in refusal.value.wanted] == ["review"]


def quote_of(demo: TestShop, order_id: str) -> Any:
    return quoted(demo.app, demo.shop, order_id=order_id, items=[item(line_id="x1")]).document


def test_what_the_rules_refuse_is_not_taken(demo: TestShop):
    demo.clock.move(days=60)
    with pytest.raises(Refused):
        taken(demo, brought())
    assert demo.available("tee-m") == 5


def test_money_that_moved_since_it_was_shown_moves_nothing(demo: TestShop):
    goods = brought()
    shown = preview(demo.app, demo.shop, brought=goods)
    given = {"id": "r1", "at": "2026-11-20T10:00:00Z", "amount": "40.00", "shipping": "0.00", "lines": []}
    demo.save_order(order(refunds=[given]))
    with pytest.raises(QuoteMoved):
        take_back(demo.app, demo.shop, brought=goods, quote_id=shown.id, hands=Hands(SAM), key="k")
    assert view_count(demo) == 0


def view_count(demo: TestShop) -> int:
    from connector.storage import return_store

    with demo.app.database.read(demo.shop) as unit:
        return len(return_store.of_order(unit, "o1"))


def test_what_the_rules_leave_to_a_person_a_manager_agrees_to(tmp_path: Path):
    with a_shop(tmp_path, approval="review") as demo:
        for nobody in (SAM, somebody(demo, "staff")):
            with pytest.raises(NeedsApproval):
                taken(demo, brought(), actor=nobody)
        found = taken(demo, brought(), actor=somebody(demo, "manager"))
        assert [(entry.act, entry.actor.name) for entry in found.history][1] == ("approved", "Manager")
        assert (found.history[-1].act, found.history[-1].details["act"]) == ("agreed", "review")


def test_several_returns_of_one_visit_are_together(demo: TestShop):
    first = taken(demo, brought())
    visit = visits.begin(demo.app, demo.shop, return_id=first.id, actor=SAM)
    assert visits.begin(demo.app, demo.shop, return_id=first.id, actor=SAM) == visit
    demo.clock.move(minutes=1)
    second = taken(demo, brought(), key="k2", visit_id=visit)
    assert visits.returns_of(demo.app, demo.shop, visit_id=visit) == (first.id, second.id)


def test_a_gift_is_given_as_credit_to_who_brings_it_and_the_giver_keeps_what_they_paid(demo: TestShop):
    gift = give_receipt.issue(demo.app, demo.shop, order_id="o1", line_ids=["l1"], key="g")
    goods = brought(item(resolution="store_credit"), gift_receipt=gift.number, credit_to="bob@example.com")
    found = taken(demo, goods)
    demo.work()
    shown = view(demo.app, demo.shop, return_id=found.id)
    (code,) = shown.credits
    with demo.app.database.read(demo.shop) as unit:
        credit = credit_store.find(unit, code)
    assert credit is not None
    assert (credit.email, credit.amount, refunded(demo)) == ("bob@example.com", 1980, "0.00")
    assert not any(word in repr((shown.order, shown.found)) for word in ("Ann", "ann@", "#1001", "10001"))


def test_a_gift_cannot_be_refunded_to_a_payment(demo: TestShop):
    gift = give_receipt.issue(demo.app, demo.shop, order_id="o1", line_ids=["l1"], key="g")
    with pytest.raises(Refused):
        taken(demo, brought(item(), gift_receipt=gift.number, credit_to=""))
