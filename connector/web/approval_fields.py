"""A manager's approval as part of a form: what is asked for, and what was typed in."""

from dataclasses import dataclass

from connector.services import approve_at_counter
from connector.services.approve_at_counter import Given, Wanted
from connector.storage.staff_store import Staff
from connector.web.doors import Visit
from connector.web.shift_page import number_of

APPROVER, PIN, REASON = "approver", "approver_pin", "approval_reason"
"""The fields of templates/parts/approval.html."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a manager is asked to approve, who may, and what was typed so far."""

    wanted: Wanted
    approvers: tuple[Staff, ...]
    picked: str
    reason: str


def asked(visit: Visit, wanted: Wanted) -> Asked:
    """What the form shows."""
    able = approve_at_counter.approvers(visit.app, visit.shop, wanted=wanted, post=visit.post)
    return Asked(wanted, able, picked=visit.field(APPROVER), reason=visit.field(REASON))


def taken(visit: Visit, wanted: Wanted) -> None:
    """Approve what is wanted with what was typed, if anything was.

    Raises InvalidInput, NotFound for a wrong PIN, TooManyAttempts, NotAllowed.
    """
    if not visit.field(PIN):
        return
    given = Given(number_of(visit.field(APPROVER)), pin=visit.field(PIN), reason=visit.field(REASON))
    approve_at_counter.approve(visit.app, visit.shop, wanted=wanted, given=given, actor=visit.actor)
