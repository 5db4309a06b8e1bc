"""What staff say of each unit, put together for the rules."""

import pytest
from msgspec.structs import replace

from connector.web.inspection_form import (
    FIRST_LOOK,
    MOST_UNITS,
    NEEDS_GRADE,
    NEEDS_NOTE,
    NEEDS_OUTCOME,
    NOT_YET,
    blank,
    filled,
    inspections,
)
from domain.returns import Inspection
from domain.transitions import Acceptance, Reception
from tests.connector.web.test_journey import GROUP, a_return


def form(**fields: str) -> dict[str, tuple[str, ...]]:
    return {name.replace("_", "-"): (value,) for name, value in fields.items()}


def problems(found_in: dict[str, tuple[str, ...]], **changes: object) -> list[tuple[str, str]]:
    return [(unit.problem, unit.problem_at) for unit in filled(a_return(**changes), found_in)]


def test_each_unit_has_a_part_of_its_own():
    units = blank(a_return(quantity=2))
    assert [(unit.name, unit.quantity, unit.outcomes) for unit in units] == [
        ("1-1", 1, FIRST_LOOK),
        ("1-2", 1, FIRST_LOOK),
    ]


def test_a_single_unit_may_still_be_on_its_way():
    (unit,) = blank(a_return())
    assert unit.outcomes[-1] == NOT_YET
    assert inspections((replace(unit, outcome=NOT_YET),)) == ()


def test_very_many_units_are_looked_at_together():
    (unit,) = blank(a_return(quantity=MOST_UNITS + 1))
    assert unit.quantity == MOST_UNITS + 1


@pytest.mark.parametrize("reception", [Reception.MISSING, Reception.WRONG_ITEM])
def test_each_unit_of_what_did_not_come_can_only_arrive_now(reception: Reception):
    units = blank(a_return(reception=reception, quantity=2))
    assert [(unit.outcomes, unit.outcome, unit.quantity) for unit in units] == [
        (("received", "rejected", NOT_YET), NOT_YET, 1),
        (("received", "rejected", NOT_YET), NOT_YET, 1),
    ]


@pytest.mark.parametrize("reception", [Reception.MISSING, Reception.WRONG_ITEM])
def test_units_that_still_did_not_come_are_what_they_were_found_to_be(reception: Reception):
    said = form(outcome_1_1=NOT_YET, outcome_1_2="received", grade_1_2="A", outcome_1_3=NOT_YET)
    units = filled(a_return(reception=reception, quantity=3), said)
    assert inspections(units) == (
        Inspection(GROUP.id, str(reception), quantity=2),
        Inspection(GROUP.id, "received", grade="A", quantity=1),
    )
    assert inspections(replace(unit, outcome=NOT_YET) for unit in units) == ()


def test_there_is_nothing_to_look_at_once_all_is_here_or_declined():
    assert blank(a_return(reception=Reception.RECEIVED)) == ()
    assert blank(a_return(acceptance=Acceptance.REJECTED)) == ()


def test_units_that_are_alike_are_one_inspection():
    said = form(outcome_1_1="received", grade_1_1="A", outcome_1_2="received", grade_1_2="A", outcome_1_3="missing")
    assert inspections(filled(a_return(quantity=3), said)) == (
        Inspection(GROUP.id, "received", grade="A", quantity=2),
        Inspection(GROUP.id, "missing", grade=None, quantity=1),
    )


def test_what_arrived_needs_a_grade_and_what_is_refused_a_reason():
    assert problems(form(outcome_1_1="received")) == [(NEEDS_GRADE, "grade")]
    assert problems(form(outcome_1_1="received", grade_1_1="Z")) == [(NEEDS_GRADE, "grade")]
    assert problems(form(outcome_1_1="rejected")) == [(NEEDS_NOTE, "note")]
    assert problems(form(outcome_1_1="eaten")) == [(NEEDS_OUTCOME, "outcome")]
    assert problems(form(outcome_1_1="missing")) == [("", "")]
