"""What a device did on its own is judged by how the return stands now."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from domain.device_commands import DeviceAct, DeviceCommand, Standing, Verdict, as_noticed, can_be_taken_now, judge
from domain.inspection import Sold
from domain.orders import Line
from domain.policy import Guide, Question
from domain.returns import Inspection, Return, UnitGroup
from domain.transitions import Acceptance, Reception

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEE = UnitGroup("1", "l1", 2, "style", "refund", "Tee", acceptance=Acceptance.ACCEPTED)
CAP = replace(TEE, id="2", line_id="l2", title="Cap")
FOUND = Return("RMA-A", "o1", "#1", "return", "online", "store", NOW, "q1", groups=(TEE, CAP), history=())
SEEN = {"1": Standing(2, "awaiting", "accepted"), "2": Standing(2, "awaiting", "accepted")}
RECEIVE = DeviceCommand(
    "c1", DeviceAct.RECEIVE, "d1", "RMA-A", NOW, seen=SEEN, inspections=(Inspection("1", "received", grade="A"),)
)


def with_tee(**changes: object) -> Return:
    return replace(FOUND, groups=(replace(TEE, **changes), CAP))  # type: ignore[arg-type]


def test_what_stands_as_the_device_saw_it_is_taken():
    assert judge(RECEIVE, FOUND, sold={}) is Verdict.TAKEN


def test_what_happened_to_another_item_does_not_matter():
    other = replace(FOUND, groups=(TEE, replace(CAP, reception=Reception.RECEIVED)))
    assert judge(RECEIVE, other, sold={}) is Verdict.TAKEN


def test_a_parcel_that_was_announced_meanwhile_changes_nothing():
    assert judge(RECEIVE, with_tee(reception=Reception.IN_TRANSIT), sold={}) is Verdict.TAKEN


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"reception": Reception.RECEIVED}, Verdict.ALREADY_RECEIVED),
        ({"reception": Reception.RECEIVED, "quantity": 1}, Verdict.ALREADY_RECEIVED),
        ({"reception": Reception.MISSING}, Verdict.CHANGED),
        ({"reception": Reception.CANCELLED}, Verdict.CHANGED),
        ({"quantity": 1}, Verdict.CHANGED),
        ({"acceptance": Acceptance.REJECTED}, Verdict.CHANGED),
        ({"acceptance": Acceptance.NEEDS_PERSON}, Verdict.UNDECIDED),
    ],
)
def test_what_changed_in_between_waits_for_a_person(changes: dict[str, object], verdict: Verdict):
    assert judge(RECEIVE, with_tee(**changes), sold={}) is verdict


def test_an_item_that_is_not_there_any_more_has_changed():
    assert judge(RECEIVE, replace(FOUND, groups=(CAP,)), sold={}) is Verdict.CHANGED


@pytest.mark.parametrize("act", DeviceAct)
def test_nothing_is_done_to_a_return_that_nobody_knows(act: DeviceAct):
    assert judge(replace(RECEIVE, act=act), None, sold={}) is Verdict.UNKNOWN_RETURN


@pytest.mark.parametrize("act", [DeviceAct.NOTE, DeviceAct.PHOTO])
def test_notes_and_photos_are_taken_however_the_return_stands(act: DeviceAct):
    assert judge(replace(RECEIVE, act=act), with_tee(reception=Reception.RECEIVED), sold={}) is Verdict.TAKEN


def test_what_was_taken_in_without_knowing_the_return_waits():
    assert judge(replace(RECEIVE, seen={}), FOUND, sold={}) is Verdict.NOT_SEEN
    assert judge(replace(RECEIVE, inspections=()), FOUND, sold={}) is Verdict.NOT_SEEN


def test_a_person_may_still_take_in_what_can_arrive():
    assert can_be_taken_now(RECEIVE, with_tee(reception=Reception.MISSING), sold={})
    assert not can_be_taken_now(RECEIVE, with_tee(reception=Reception.RECEIVED), sold={})
    assert not can_be_taken_now(RECEIVE, with_tee(acceptance=Acceptance.NEEDS_PERSON), sold={})
    assert not can_be_taken_now(RECEIVE, replace(FOUND, groups=(CAP,)), sold={})
    assert not can_be_taken_now(replace(RECEIVE, inspections=()), FOUND, sold={})


ASKED = Guide(
    questions=(Question("on", "Does it switch on?", "D"), Question("clean", "Is it clean?", "B")), serial=True
)
PHONE = {"1": Sold(Line("l1", 2, 100, serials=("SN-1",)), ASKED)}
GOOD = {"answers": {"on": "yes", "clean": "yes"}, "serial": "sn-1"}


def looked(seen: dict[str, object], *, grade: str = "A", outcome: str = "received") -> DeviceCommand:
    return replace(RECEIVE, inspections=(Inspection("1", outcome, grade=grade, note="so", seen=seen),))


@pytest.mark.parametrize(
    ("seen", "grade", "verdict"),
    [
        (GOOD, "A", Verdict.TAKEN),
        ({**GOOD, "answers": {"on": "yes", "clean": "no"}}, "B", Verdict.TAKEN),
        ({**GOOD, "answers": {"on": "yes", "clean": "no"}}, "A", Verdict.ABOVE_ANSWERS),
        ({**GOOD, "answers": {"on": "no", "clean": "no"}}, "C", Verdict.ABOVE_ANSWERS),
        ({**GOOD, "answers": {"on": "no", "clean": "no"}}, "E", Verdict.TAKEN),
        ({**GOOD, "answers": {"on": "yes"}}, "A", Verdict.UNANSWERED),
        ({**GOOD, "answers": {"on": "yes", "clean": "perhaps"}}, "A", Verdict.UNANSWERED),
        ({**GOOD, "serial": ""}, "A", Verdict.UNANSWERED),
        ({}, "A", Verdict.UNANSWERED),
        ({**GOOD, "serial": "SN-2"}, "A", Verdict.OTHER_SERIAL),
    ],
)
def test_what_the_policy_asks_is_answered_and_no_better_grade_is_claimed(
    seen: dict[str, object], grade: str, verdict: Verdict
):
    command = looked(seen, grade=grade)
    assert judge(command, FOUND, sold=PHONE) is verdict
    assert can_be_taken_now(command, FOUND, sold=PHONE) is (verdict is not Verdict.UNANSWERED)


def test_of_goods_that_did_not_arrive_nothing_is_asked():
    assert judge(looked({}, outcome="missing"), FOUND, sold=PHONE) is Verdict.TAKEN


def test_what_a_device_says_follows_from_its_answers_is_not_believed():
    said = {**GOOD, "answers": {"on": "no", "clean": "yes", "else": "no"}, "findings": [], "no": [], "overrides": {}}
    (one,) = looked({**said, "serial": "SN-2", "parts": True}).inspections
    assert as_noticed(one, PHONE).seen == {
        "findings": ["missing_parts", "serial_differs"],
        "serial": "SN-2",
        "no": ["on"],
        "answers": {"on": "no", "clean": "yes"},
    }
