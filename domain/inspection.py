"""Guided inspection: what is asked of goods of a kind, how good that lets them be, and where they go."""

from collections.abc import Collection, Mapping

from msgspec import Struct, field

from domain.disposition import BACK_ON_SALE, disposition
from domain.orders import Line
from domain.policy import Guide, Placing, Policy
from domain.proof import number_key

MISSING_PARTS = "missing_parts"
SERIAL_DIFFERS = "serial_differs"
HELD = "quarantine"
INCOMPLETE = "refurbish"
"""Where goods go that would be on sale again if all of their parts were there."""
NO_GUIDE = Guide()
ANSWERS = ("yes", "no")


class Sold(Struct, frozen=True):
    """What was sold on a line and how such goods are looked at."""

    line: Line | None = None
    guide: Guide = NO_GUIDE


class Look(Struct, frozen=True):
    """What somebody said who looked at goods: yes or no by question, the number on them, whether parts are missing."""

    answers: Mapping[str, str] = field(default_factory=dict)
    serial: str = ""
    lacks_parts: bool = False


class Seen(Struct, frozen=True):
    """What an inspection found of goods that arrived; `destination` is where a rule of the policy sends them."""

    grade: str
    product_type: str | None = None
    reason: str | None = None
    findings: frozenset[str] = frozenset()
    destination: str | None = None


def guide_for(policy: Policy, product_type: str | None) -> Guide:
    """How goods of a product type are looked at: by the guide that names it, else by the one for all others."""
    named = next((guide for guide in policy.inspections if product_type in guide.product_types), None)
    return named or next((guide for guide in policy.inspections if not guide.product_types), NO_GUIDE)


def best_grade(guide: Guide, no: Collection[str]) -> str:
    """The best grade that the answers leave; `no` are the questions of which the answer was no."""
    return max((question.otherwise for question in guide.questions if question.id in no), default="A")


def serial_differs(line: Line, serial: str) -> bool:
    """Whether a serial or lot number is none of those that were sold; where none is known, nothing differs."""
    sold = {number_key(one) for one in (*line.serials, line.lot or "") if one}
    return bool(serial and sold) and number_key(serial) not in sold


def findings(sold: Sold, look: Look) -> tuple[str, ...]:
    """What was found besides the grade."""
    differs = sold.line is not None and serial_differs(sold.line, look.serial)
    found = ((MISSING_PARTS, look.lacks_parts), (SERIAL_DIFFERS, differs))
    return tuple(name for name, holds in found if holds)


def noticed(sold: Sold, look: Look) -> dict[str, object]:
    """What the history tells of an inspection besides grade and place; answers to what is not asked are left out."""
    answers = answers_to(sold.guide, look)
    no = [id_ for id_, answer in answers.items() if answer == "no"]
    told = {"findings": list(findings(sold, look)), "serial": look.serial, "no": no, "answers": answers}
    return {name: value for name, value in told.items() if value}


def answers_to(guide: Guide, look: Look) -> dict[str, str]:
    """The answers to what the guide asks, by question."""
    said = ((question.id, look.answers.get(question.id, "")) for question in guide.questions)
    return {id_: answer for id_, answer in said if answer in ANSWERS}


def is_answered(guide: Guide, look: Look) -> bool:
    """Whether all that the guide asks was said."""
    return len(answers_to(guide, look)) == len(guide.questions) and bool(look.serial or not guide.serial)


def place(policy: Policy, seen: Seen) -> str:
    """Where goods go by the policy; back on sale only whole, and by a grade that allows it."""
    if seen.reason == "recall" or SERIAL_DIFFERS in seen.findings:
        return HELD
    placing = next((placing for placing in policy.placings if _holds(placing, seen)), None)
    if placing is not None and (placing.to != BACK_ON_SALE or placing.grades):
        return _if_whole(placing.to, seen)
    return _if_whole(disposition(seen.grade, destination=seen.destination), seen)


def needs_manager(by_policy: str, chosen: str) -> bool:
    """Whether only a manager may send goods elsewhere: back on sale, or out of quarantine."""
    return chosen != by_policy and (chosen == BACK_ON_SALE or by_policy == HELD)


def _if_whole(place_: str, seen: Seen) -> str:
    return INCOMPLETE if place_ == BACK_ON_SALE and MISSING_PARTS in seen.findings else place_


def _holds(placing: Placing, seen: Seen) -> bool:
    asked = (
        (placing.grades, seen.grade),
        (placing.product_types, seen.product_type),
        (placing.reasons, seen.reason),
    )
    return all(not wanted or found in wanted for wanted, found in asked) and set(placing.findings) <= seen.findings
