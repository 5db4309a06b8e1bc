"""The form in which staff say what arrived: one part for each unit, put together again for the rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from domain.disposition import GRADES
from domain.returns import Inspection, Return, UnitGroup
from domain.transitions import RECEPTION

MOST_UNITS = 20
FIRST_LOOK = ("received", "wrong_item", "missing", "rejected")
SECOND_LOOK = ("received", "rejected")
NOT_YET = "still"
OTHERWISE = "received"

NEEDS_GRADE = "Say in what condition it is."
NEEDS_NOTE = "Say why it is not accepted."
NEEDS_OUTCOME = "Say what arrived."

Form = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class UnitForm:
    """One part of the form: `quantity` units of a group, what may be said of them and what was said.

    `problem` is what must be mended, at the field `problem_at`: outcome, grade or note.
    """

    group: UnitGroup
    number: int
    quantity: int
    outcomes: tuple[str, ...]
    outcome: str
    grade: str = ""
    note: str = ""
    problem: str = ""
    problem_at: str = ""

    @property
    def name(self) -> str:
        """What the names of its fields end with."""
        return f"{self.group.id}-{self.number}"


def blank(found: Return) -> tuple[UnitForm, ...]:
    """The form for what can be looked at now; empty when there is nothing."""
    return tuple(unit for group in found.groups if _can_arrive(group) for unit in _units(group))


def filled(found: Return, form: Form) -> tuple[UnitForm, ...]:
    """The form as it was posted, each part with its problem."""
    return tuple(_checked(_read(unit, form)) for unit in blank(found))


def inspections(units: tuple[UnitForm, ...]) -> tuple[Inspection, ...]:
    """What was said, units of a group that are alike put together."""
    alike: dict[tuple[str, str, str | None, str], int] = {}
    for unit in units:
        if unit.outcome != NOT_YET:
            found = (unit.group.id, unit.outcome, unit.grade or None, unit.note)
            alike[found] = alike.get(found, 0) + unit.quantity
    return tuple(
        Inspection(group_id=group_id, outcome=outcome, grade=grade, note=note, quantity=quantity)
        for (group_id, outcome, grade, note), quantity in alike.items()
    )


def fields(units: tuple[UnitForm, ...]) -> Mapping[str, str]:
    """The form's fields with their values, to be carried to the next page."""
    return {
        f"{field}-{unit.name}": value
        for unit in units
        for field, value in (("outcome", unit.outcome), ("grade", unit.grade), ("note", unit.note))
    }


def _can_arrive(group: UnitGroup) -> bool:
    return group.counts and "receive" in RECEPTION[group.reception]


def _units(group: UnitGroup) -> Iterator[UnitForm]:
    """Each unit on its own at a first look; together when there are many, or once they were looked at."""
    is_first = "miss" in RECEPTION[group.reception]
    count = group.quantity if is_first and group.quantity <= MOST_UNITS else 1
    quantity = group.quantity // count
    outcomes = FIRST_LOOK if is_first else SECOND_LOOK
    outcomes = (*outcomes, NOT_YET) if count == 1 else outcomes
    outcome = OTHERWISE if is_first else NOT_YET
    for number in range(1, count + 1):
        yield UnitForm(group=group, number=number, quantity=quantity, outcomes=outcomes, outcome=outcome)


def _read(unit: UnitForm, form: Form) -> UnitForm:
    outcome, grade, note = (_one(form, f"{field}-{unit.name}") for field in ("outcome", "grade", "note"))
    is_graded = outcome == "received" and grade in GRADES
    return replace(unit, outcome=outcome, grade=grade if is_graded else "", note=note)


def _checked(unit: UnitForm) -> UnitForm:
    if unit.outcome not in unit.outcomes:
        return replace(unit, problem=NEEDS_OUTCOME, problem_at="outcome")
    if unit.outcome == "received" and not unit.grade:
        return replace(unit, problem=NEEDS_GRADE, problem_at="grade")
    if unit.outcome == "rejected" and not unit.note:
        return replace(unit, problem=NEEDS_NOTE, problem_at="note")
    return unit


def _one(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "").strip()
