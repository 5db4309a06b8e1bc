"""What a device did on its own, judged by how the return stands now: taken whole, or left to a person, never half."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from domain.inspection import SERIAL_DIFFERS, Look, Sold, best_grade, findings, is_answered, noticed
from domain.returns import Inspection, Return, UnitGroup
from domain.transitions import RECEPTION, Reception


class DeviceAct(StrEnum):
    """What a device may do on its own. Money is not among it."""

    RECEIVE = "receive"
    NOTE = "note"
    PHOTO = "photo"


class Verdict(StrEnum):
    """What becomes of a command; all but TAKEN wait for a person."""

    TAKEN = "taken"
    UNKNOWN_RETURN = "unknown_return"
    NOT_SEEN = "not_seen"
    UNDECIDED = "undecided"
    ALREADY_RECEIVED = "already_received"
    CHANGED = "changed"
    UNANSWERED = "unanswered"
    ABOVE_ANSWERS = "above_answers"
    OTHER_SERIAL = "other_serial"
    AMOUNTS_DIFFER = "amounts_differ"
    REFUSED = "refused"
    ID_REUSED = "id_reused"


class Standing(Struct, frozen=True):
    """How a group of units stood when the device last heard of it."""

    quantity: int
    reception: str
    acceptance: str


class DeviceCommand(Struct, frozen=True):
    """One thing done on a device, under the id that it was given there.

    `return_id` is what was scanned or typed; `seen` is the state that it was based on, by group; `made_at` and
    `made_by` are what the device says of time and person. What an inspection says it has `seen` is a look as the device
    tells it: answers, serial, parts.
    """

    id: str
    act: DeviceAct
    device: str
    return_id: str
    made_at: datetime
    made_by: str = ""
    seen: Mapping[str, Standing] = field(default_factory=dict)
    inspections: tuple[Inspection, ...] = ()
    words: str = ""


ARRIVED = "received"
NOT_KNOWN = Sold()
NOT_HERE_YET = frozenset({Reception.AWAITING, Reception.IN_TRANSIT})
"""That a parcel was announced changes nothing for who holds its goods."""


def judge(command: DeviceCommand, found: Return | None, *, sold: Mapping[str, Sold]) -> Verdict:
    """Whether a command is taken as it stands; the return is None where nothing is called that.

    `sold` says by group what was sold and what is asked of such goods.
    """
    if found is None:
        return Verdict.UNKNOWN_RETURN
    if command.act is not DeviceAct.RECEIVE:
        return Verdict.TAKEN
    if not command.inspections or any(one.group_id not in command.seen for one in command.inspections):
        return Verdict.NOT_SEEN
    if found.status == "requested":
        return Verdict.UNDECIDED
    against = _against(command, {group.id: group for group in found.groups})
    return _looked(command, sold) if against is Verdict.TAKEN else against


def can_be_taken_now(command: DeviceCommand, found: Return, *, sold: Mapping[str, Sold]) -> bool:
    """Whether what a device found can still be taken in by who looks at both sides."""
    groups = {group.id: group for group in found.groups}
    named = [groups.get(one.group_id) for one in command.inspections]
    can_come = bool(named) and found.status != "requested" and all(group and can_arrive(group) for group in named)
    return can_come and _looked(command, sold) is not Verdict.UNANSWERED


def look_of(one: Inspection) -> Look:
    """What a device says of goods besides grade and note."""
    answers = one.seen.get("answers")
    said = {str(id_): str(answer) for id_, answer in answers.items()} if isinstance(answers, Mapping) else {}
    return Look(said, str(one.seen.get("serial") or ""), bool(one.seen.get("parts")))


def as_noticed(one: Inspection, sold: Mapping[str, Sold]) -> Inspection:
    """What a device found, as the rules tell it: what follows from the answers is worked out here."""
    seen = noticed(sold.get(one.group_id, NOT_KNOWN), look_of(one)) if one.outcome == ARRIVED else {}
    return replace(one, seen=seen)


def _against(command: DeviceCommand, groups: Mapping[str, UnitGroup]) -> Verdict:
    named = sorted({one.group_id for one in command.inspections})
    moved = [groups.get(name) for name in named if not _stands_as_seen(groups.get(name), command.seen[name])]
    if not moved:
        return Verdict.TAKEN
    is_here = any(group is not None and group.reception is Reception.RECEIVED for group in moved)
    return Verdict.ALREADY_RECEIVED if is_here else Verdict.CHANGED


def _looked(command: DeviceCommand, sold: Mapping[str, Sold]) -> Verdict:
    """Whether all was said that is asked, and no more is claimed than the answers allow."""
    arrived = [one for one in command.inspections if one.outcome == ARRIVED]
    looks = [(one, sold.get(one.group_id, NOT_KNOWN), look_of(one)) for one in arrived]
    faults = (
        (Verdict.UNANSWERED, any(not is_answered(of.guide, look) for _, of, look in looks)),
        (Verdict.OTHER_SERIAL, any(SERIAL_DIFFERS in findings(of, look) for _, of, look in looks)),
        (Verdict.ABOVE_ANSWERS, any(_is_above(one, of, look) for one, of, look in looks)),
    )
    return next((verdict for verdict, holds in faults if holds), Verdict.TAKEN)


def _is_above(one: Inspection, sold: Sold, look: Look) -> bool:
    no = [id_ for id_, answer in look.answers.items() if answer == "no"]
    return bool(one.grade) and str(one.grade) < best_grade(sold.guide, no)


def _stands_as_seen(group: UnitGroup | None, seen: Standing) -> bool:
    if group is None:
        return False
    both_on_their_way = group.reception in NOT_HERE_YET and seen.reception in NOT_HERE_YET
    is_where_it_was = both_on_their_way or group.reception == seen.reception
    return is_where_it_was and (group.quantity, group.acceptance) == (seen.quantity, seen.acceptance)


def can_arrive(group: UnitGroup) -> bool:
    """Whether goods of a group may still be taken in."""
    return group.counts and "receive" in RECEPTION[group.reception]
