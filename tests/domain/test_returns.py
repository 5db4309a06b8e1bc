"""A return from its opening to its last unit."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from domain.errors import IllegalStep, Malformed
from domain.events import Act, Actor
from domain.lifecycle import Doing, apply
from domain.returns import Inspection, Return, UnitGroup, inspect, open_return, settle
from domain.transitions import Acceptance, Reception, Settlement

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANN = Actor(kind="shopper", name="Ann")
SAM = Actor(kind="staff", name="Sam")
GROUP = UnitGroup(
    id="1", line_id="l1", quantity=3, reason="style", resolution="refund", title="Tee, M", amount=1000, tax=100
)


def a_return(*groups: UnitGroup, approval: str = "auto") -> Return:
    drafted = Return(
        id="RMA-1", order_id="o1", order_number="#1001", kind="return", channel="online", method="mail",
        opened_at=NOW, quote_id="q1", groups=groups or (GROUP,), history=(),
    )  # fmt: skip
    return open_return(drafted, actor=ANN, approval=approval)


def looked_at(found: Return, *inspections: Inspection) -> Return:
    return inspect(found, inspections, at=NOW, actor=SAM)


def test_what_the_rules_allow_is_accepted_at_once():
    opened = a_return()
    assert opened.groups[0].acceptance is Acceptance.ACCEPTED
    assert opened.status == "awaiting"
    assert [(entry.act, entry.actor) for entry in opened.history] == [(Act.OPENED, ANN)]


def test_what_needs_a_review_waits_for_a_person():
    asked = a_return(approval="review")
    assert asked.status == "requested"
    approved = apply(asked, "approve", doing=Doing(at=NOW, actor=SAM, why="a good customer"))
    assert approved.status == "awaiting"
    assert (approved.history[-1].act, approved.history[-1].why) == (Act.APPROVED, "a good customer")


def test_a_declined_return_holds_no_units():
    declined = apply(a_return(approval="review"), "decline", doing=Doing(at=NOW, actor=SAM, why="worn"))
    assert declined.status == "declined"
    assert not declined.groups[0].counts


def test_received_goods_wait_to_be_settled():
    found = looked_at(a_return(), Inspection("1", "received", grade="A"))
    assert found.status == "received"
    assert found.groups[0].payable
    assert found.groups[0].disposition == "shelf"


def test_goods_cannot_be_received_twice():
    found = looked_at(a_return(), Inspection("1", "received", grade="A"))
    with pytest.raises(IllegalStep) as refused:
        looked_at(found, Inspection("1", "received", grade="A"))
    assert "receive" not in refused.value.allowed


def test_units_in_different_condition_part_ways_and_their_money_with_them():
    found = looked_at(
        a_return(),
        Inspection("1", "received", grade="A", quantity=1),
        Inspection("1", "received", grade="C", quantity=1),
        Inspection("1", "missing", quantity=1),
    )
    assert [(g.id, g.quantity, g.reception, g.disposition) for g in found.groups] == [
        ("1", 1, Reception.RECEIVED, "shelf"),
        ("1.1", 1, Reception.RECEIVED, "refurbish"),
        ("1.2", 1, Reception.MISSING, None),
    ]
    assert (sum(g.amount for g in found.groups), sum(g.tax for g in found.groups)) == (1000, 100)


@pytest.mark.parametrize("quantities", [(1, 1), (2, 2), (3, 0), (4, -1)])
def test_inspections_must_account_for_every_unit(quantities: tuple[int, int]):
    with pytest.raises(Malformed, match="accounted for"):
        looked_at(a_return(), *(Inspection("1", "received", grade="A", quantity=n) for n in quantities))


def test_an_inspection_of_a_group_that_is_not_there_is_refused():
    with pytest.raises(Malformed) as refused:
        looked_at(a_return(), Inspection("9", "received", grade="A"))
    assert refused.value.at == "groups.9"


def test_goods_refused_at_the_counter_are_not_paid_for():
    found = looked_at(a_return(), Inspection("1", "rejected", grade="E", note="worn and washed"))
    assert not found.groups[0].payable
    assert found.status == "declined"
    assert found.history[-1].act == Act.REFUSED


def test_what_is_missing_leaves_the_return_incomplete():
    second = replace(GROUP, id="2", line_id="l2")
    found = looked_at(a_return(GROUP, second), Inspection("1", "received", grade="A"), Inspection("2", "missing"))
    paid = settle(settle(settle(found, ["1"], act="fall_due"), ["1"], act="send"), ["1"], act="settle")
    assert paid.status == "incomplete"


def test_money_that_failed_asks_for_a_person():
    found = looked_at(a_return(), Inspection("1", "received", grade="A"))
    for act in ("fall_due", "send", "fail"):
        found = settle(found, ["1"], act=act)
    assert found.status == "needs_a_person"
    assert found.groups[0].settlement is Settlement.FAILED


def test_the_history_only_grows():
    opened = a_return()
    found = looked_at(opened, Inspection("1", "received", grade="B", note="no box"))
    assert found.history[: len(opened.history)] == opened.history
    assert found.history[-1].details["grade"] == "B"


@pytest.mark.parametrize("outcome", ["rejected", "missing", "empty_box", "wrong_item"])
def test_only_what_is_taken_back_goes_anywhere(outcome: str):
    (group,) = looked_at(a_return(), Inspection("1", outcome, grade="A", disposition="shelf")).groups
    assert (group.grade, group.disposition) == ("A", None)


@pytest.mark.parametrize("outcome", ["missing", "empty_box", "wrong_item"])
def test_some_of_what_did_not_come_turn_up_and_the_others_stay_what_they_were_found(outcome: str):
    found = looked_at(a_return(), Inspection("1", outcome))
    stood = found.groups[0].reception
    seen = looked_at(found, Inspection("1", "received", grade="A", quantity=1), Inspection("1", outcome, quantity=2))
    assert [(g.id, g.quantity, g.reception) for g in seen.groups] == [
        ("1", 1, Reception.RECEIVED),
        ("1.1", 2, stood),
    ]
    assert (sum(g.amount for g in seen.groups), sum(g.tax for g in seen.groups)) == (1000, 100)
