"""What a device did on its own is judged by how the return stands now."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.device_commands import DeviceAct, DeviceCommand, Standing, Verdict, can_be_taken_now, judge
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
    assert judge(RECEIVE, FOUND) is Verdict.TAKEN


def test_what_happened_to_another_item_does_not_matter():
    other = replace(FOUND, groups=(TEE, replace(CAP, reception=Reception.RECEIVED)))
    assert judge(RECEIVE, other) is Verdict.TAKEN


def test_a_parcel_that_was_announced_meanwhile_changes_nothing():
    assert judge(RECEIVE, with_tee(reception=Reception.IN_TRANSIT)) is Verdict.TAKEN


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
    assert judge(RECEIVE, with_tee(**changes)) is verdict


def test_an_item_that_is_not_there_any_more_has_changed():
    assert judge(RECEIVE, replace(FOUND, groups=(CAP,))) is Verdict.CHANGED


@pytest.mark.parametrize("act", DeviceAct)
def test_nothing_is_done_to_a_return_that_nobody_knows(act: DeviceAct):
    assert judge(replace(RECEIVE, act=act), None) is Verdict.UNKNOWN_RETURN


@pytest.mark.parametrize("act", [DeviceAct.NOTE, DeviceAct.PHOTO])
def test_notes_and_photos_are_taken_however_the_return_stands(act: DeviceAct):
    assert judge(replace(RECEIVE, act=act), with_tee(reception=Reception.RECEIVED)) is Verdict.TAKEN


def test_what_was_taken_in_without_knowing_the_return_waits():
    assert judge(replace(RECEIVE, seen={}), FOUND) is Verdict.NOT_SEEN
    assert judge(replace(RECEIVE, inspections=()), FOUND) is Verdict.NOT_SEEN


def test_a_person_may_still_take_in_what_can_arrive():
    assert can_be_taken_now(RECEIVE, with_tee(reception=Reception.MISSING))
    assert not can_be_taken_now(RECEIVE, with_tee(reception=Reception.RECEIVED))
    assert not can_be_taken_now(RECEIVE, with_tee(acceptance=Acceptance.NEEDS_PERSON))
    assert not can_be_taken_now(RECEIVE, replace(FOUND, groups=(CAP,)))
    assert not can_be_taken_now(replace(RECEIVE, inspections=()), FOUND)
