"""Guided inspection: what is asked of goods of a kind, how good that lets them be, and where they go."""

from collections.abc import Collection
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Seen:
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
