"""A manager's approval as part of a form: what is asked for, what was typed in, and the act that is done with it."""

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from msgspec import Struct

from connector.application import Application
from connector.services import approve_at_counter, rehearse
from connector.services.approve_at_counter import Given, Wanted
from connector.services.sign_in import Credentials
from connector.storage.staff_store import Staff
from connector.web.doors import Visit
from connector.web.shift_page import number_of

T = TypeVar("T")

APPROVER, PIN, REASON = "approver", "approver_pin", "approval_reason"
LOGIN, PASSWORD, SHOWN = "approver_login", "approver_password", "approval_shown"
"""The fields of templates/parts/approval.html."""


class Asked(Struct, frozen=True):
    """What a manager is asked to approve, who may with a PIN, and what was typed so far.

    `shown` names just this, so that what is approved is what stood on the page.
    """

    wanted: tuple[Wanted, ...]
    approvers: tuple[Staff, ...]
    picked: str
    login: str
    reason: str
    shown: str


def asked(visit: Visit, wanted: Sequence[Wanted]) -> Asked | None:
    """What the form shows; None where a manager is asked nothing."""
    if not wanted:
        return None
    return Asked(
        wanted=tuple(wanted),
        approvers=approve_at_counter.approvers(visit.app, visit.shop, wanted=wanted, post=visit.post),
        picked=visit.field(APPROVER),
        login=visit.field(LOGIN),
        reason=visit.field(REASON),
        shown=_named(wanted),
    )


def foreseen(visit: Visit, act: Callable[[Application], object]) -> Asked | None:
    """What the form shows for an act that was not done yet."""
    return asked(visit, rehearse.wanted_for(visit.app, visit.shop, act))


def done(visit: Visit, act: Callable[[Application], T]) -> T:
    """What an act gives; where a manager must agree, it is approved with what was typed and done then.

    Raises NeedsApproval while nothing was typed or something else was shown, and what the act and `approve` raise.
    """
    wanted = rehearse.wanted_for(visit.app, visit.shop, act) if _is_typed(visit) else ()
    if wanted and visit.field(SHOWN) == _named(wanted):
        approve_at_counter.approve(visit.app, visit.shop, wanted=wanted, given=_given(visit), actor=visit.actor)
    return act(visit.app)


def _given(visit: Visit) -> Given:
    reason, password = visit.field(REASON), visit.typed(PASSWORD)
    if password and not visit.typed(PIN):
        return Given(reason, credentials=Credentials(visit.field(LOGIN), password), browser=visit.browser)
    return Given(reason, approver_id=number_of(visit.field(APPROVER)), pin=visit.typed(PIN))


def _is_typed(visit: Visit) -> bool:
    return bool(visit.typed(PIN) or visit.typed(PASSWORD))


def _named(wanted: Sequence[Wanted]) -> str:
    """A short name of just these."""
    return hashlib.sha256(repr(tuple(wanted)).encode()).hexdigest()[:24]
