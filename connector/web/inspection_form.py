"""The form in which staff say what arrived: one part for each unit, put together again for the rules."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from domain.device_commands import NOT_HERE_YET, can_arrive
from domain.disposition import GRADES, PLACES
from domain.inspection import SERIAL_DIFFERS, Look, Sold, findings, noticed
from domain.returns import OUTCOMES, Inspection, Return, UnitGroup

MOST_UNITS = 20
FIRST_LOOK = ("received", "wrong_item", "empty_box", "missing", "rejected")
SECOND_LOOK = ("received", "rejected")
NOT_YET = "still"
OTHERWISE = "received"
FIELDS = ("outcome", "grade", "note", "serial", "parts", "place", "photos")
"""The names of a unit's fields; each ends with the unit's own name."""

NEEDS_GRADE = "Say in what condition it is."
NEEDS_NOTE = "Say why it is not accepted."
NEEDS_OUTCOME = "Say what arrived."
NEEDS_ANSWER = "Answer every question."
NO_PHOTO = "That is no photo that can be read: JPEG, PNG or WebP, of 8 MB at most, and four at a time."
NEEDS_PHOTO = "Take a photo of it, or say in the note why there is none."
NEEDS_SERIAL = "Scan or type the serial number."
NEEDS_WHY = "That is not the one that was sold. Choose “Wrong item”, or say why it is taken all the same."

UNREADABLE = "!"
"""What stands among the photos of a unit for one that could not be read."""
PHOTO_ID = re.compile(r"p_[\w-]{1,100}")

Form = Mapping[str, tuple[str, ...]]


NOTHING_KNOWN = Sold()


class UnitForm(Struct, frozen=True):
    """One part of the form: `quantity` units of a group, what may be said of them and what was said.

    `answers` are yes or no by question; `place` is where the goods go instead of where the policy sends them;
    `photos` are the ids of what was taken, with blanks between them. `problem` is what must be mended, at the field
    `problem_at`: outcome, answers, photo, serial, grade or note.
    """

    group: UnitGroup
    number: int
    quantity: int
    outcomes: tuple[str, ...]
    outcome: str
    grade: str = ""
    note: str = ""
    serial: str = ""
    parts: str = ""
    place: str = ""
    photos: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    sold: Sold = NOTHING_KNOWN
    problem: str = ""
    problem_at: str = ""

    @property
    def name(self) -> str:
        """What the names of its fields end with."""
        return f"{self.group.id}-{self.number}"

    @property
    def answered(self) -> Mapping[str, str]:
        """What was answered, by question."""
        return dict(self.answers)

    @property
    def photo_ids(self) -> tuple[str, ...]:
        """The photos that were taken of it."""
        return tuple(one for one in self.photos.split() if PHOTO_ID.fullmatch(one))

    @property
    def findings(self) -> tuple[str, ...]:
        """What was found besides the grade."""
        return findings(self.sold, self.look)

    @property
    def look(self) -> Look:
        """What was said of the goods besides grade and note."""
        return Look(self.answered, self.serial, bool(self.parts))


def blank(found: Return, sold: Mapping[str, Sold] | None = None) -> tuple[UnitForm, ...]:
    """The form for what can be looked at now; empty when there is nothing. `sold` is by order line."""
    units = (unit for group in found.groups if can_arrive(group) for unit in _units(group))
    return tuple(replace(unit, sold=(sold or {}).get(unit.group.line_id, NOTHING_KNOWN)) for unit in units)


def filled(found: Return, form: Form, sold: Mapping[str, Sold] | None = None) -> tuple[UnitForm, ...]:
    """The form as it was posted, each part with its problem."""
    return tuple(checked_unit(read_unit(unit, form)) for unit in blank(found, sold))


def inspections(units: Iterable[UnitForm]) -> tuple[Inspection, ...]:
    """What was said, units of a group that are alike put together."""
    alike: list[tuple[Inspection, list[UnitForm]]] = []
    for unit in _told(tuple(units)):
        found = inspection(replace(unit, photos=""))
        same = next((several for one, several in alike if one == found), None)
        if same is None:
            alike.append((found, [unit]))
        else:
            same.append(unit)
    return tuple(_together(one, several) for one, several in alike)


def _told(units: Sequence[UnitForm]) -> Iterator[UnitForm]:
    """The units that came; those of their groups that still did not are what they were found to be before."""
    groups = {unit.group.id for unit in units if unit.outcome != NOT_YET}
    found = (_as_found(unit) if unit.outcome == NOT_YET else unit for unit in units if unit.group.id in groups)
    return (unit for unit in found if unit.outcome in OUTCOMES)


def _as_found(unit: UnitForm) -> UnitForm:
    """Missing goods and wrong ones stand in the return by the word of the inspection that found them so."""
    return replace(unit, outcome=str(unit.group.reception))


def inspection(unit: UnitForm) -> Inspection:
    """What was said of one part, whatever its quantity."""
    is_here = unit.outcome == OTHERWISE
    return Inspection(
        group_id=unit.group.id,
        outcome=unit.outcome,
        grade=unit.grade or None,
        note=unit.note,
        disposition=(unit.place or None) if is_here else None,
        seen=noticed(unit.sold, unit.look) if is_here else {},
    )


def _together(alike: Inspection, units: Iterable[UnitForm]) -> Inspection:
    """What was said of units that differ in nothing but their photos."""
    several = tuple(units)
    photos = [id_ for unit in several for id_ in unit.photo_ids] if alike.outcome == OTHERWISE else []
    seen = {**alike.seen, **({"photos": photos} if photos else {})}
    return replace(alike, quantity=sum(unit.quantity for unit in several), seen=seen)


def fields(units: Iterable[UnitForm]) -> Mapping[str, str]:
    """The form's fields with their values, to be carried to the next page."""
    named = {f"{field}-{unit.name}": str(getattr(unit, field)) for unit in units for field in FIELDS}
    answers = {f"answer-{unit.name}-{id_}": said for unit in units for id_, said in unit.answers}
    return {name: value for name, value in {**named, **answers}.items() if value or name.startswith("grade-")}


def checked_unit(unit: UnitForm) -> UnitForm:
    """The part with what must be mended in it, if anything must."""
    for holds, problem, at in _faults(unit):
        if holds:
            return replace(unit, problem=problem, problem_at=at)
    return unit


def read_unit(unit: UnitForm, form: Form) -> UnitForm:
    """The part as it was posted; what is not known is left out."""
    said = {field: one_of(form, f"{field}-{unit.name}") for field in FIELDS}
    is_graded = said["outcome"] == OTHERWISE and said["grade"] in GRADES
    answers = (
        (question.id, one_of(form, f"answer-{unit.name}-{question.id}")) for question in unit.sold.guide.questions
    )
    return replace(
        unit,
        outcome=said["outcome"],
        grade=said["grade"] if is_graded else "",
        note=said["note"],
        serial=said["serial"],
        parts=said["parts"],
        place=said["place"] if said["place"] in PLACES else "",
        photos=said["photos"],
        answers=tuple((id_, answer) for id_, answer in answers if answer in ("yes", "no")),
    )


def _faults(unit: UnitForm) -> Iterator[tuple[bool, str, str]]:
    """Whether each thing that can be wrong is, what to say then, and at which field."""
    yield unit.outcome not in unit.outcomes, NEEDS_OUTCOME, "outcome"
    yield unit.outcome == "rejected" and not unit.note, NEEDS_NOTE, "note"
    if unit.outcome != OTHERWISE:
        return
    guide = unit.sold.guide
    yield len(unit.answers) < len(guide.questions), NEEDS_ANSWER, "answers"
    yield UNREADABLE in unit.photos.split(), NO_PHOTO, "photo"
    yield guide.photo and not unit.photo_ids and not unit.note, NEEDS_PHOTO, "photo"
    yield guide.serial and not unit.serial, NEEDS_SERIAL, "serial"
    yield not unit.grade, NEEDS_GRADE, "grade"
    yield SERIAL_DIFFERS in unit.findings and not unit.note, NEEDS_WHY, "serial"


def _units(group: UnitGroup) -> Iterator[UnitForm]:
    """Each unit on its own; many are looked at together."""
    is_first = group.reception in NOT_HERE_YET
    count = group.quantity if group.quantity <= MOST_UNITS else 1
    quantity = group.quantity // count
    outcomes = FIRST_LOOK if is_first else SECOND_LOOK
    outcomes = outcomes if is_first and count > 1 else (*outcomes, NOT_YET)
    outcome = OTHERWISE if is_first else NOT_YET
    for number in range(1, count + 1):
        yield UnitForm(group=group, number=number, quantity=quantity, outcomes=outcomes, outcome=outcome)


def one_of(form: Form, name: str) -> str:
    """A field as it was typed, without blanks around it."""
    return next(iter(form.get(name, ())), "").strip()
