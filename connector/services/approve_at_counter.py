"""A manager approves one act at the counter with their PIN: once, for just this thing and amount, with a reason.

The use case that needs it calls `require_approval` in its own transaction: without an approval it raises
NeedsApproval with what is wanted, and the door asks a manager; with one, it is used up together with the act.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from connector.application import Application
from connector.services import locations, pins
from connector.services.audit import Audited, record
from connector.services.errors import InvalidInput, NeedsApproval, NotAllowed, NotFound
from connector.services.locations import limits_at
from connector.services.roles import Action, may
from connector.services.sign_in import actor_of
from connector.storage import approval_store, location_store, quote_store, staff_store
from connector.storage.approval_store import Approval
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff
from domain.events import Actor, Post
from domain.limits import is_within
from domain.money import format_amount, parse_amount
from domain.orders import digits_of
from domain.returns import Return

LASTS = timedelta(minutes=10)
LONGEST_REASON = 300
REFUND = "refund"
"""The act of giving back more than a role may by itself."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be approved: a word for the act, what it is about (an RMA, a unit), how much in minor units."""

    act: str
    about: str
    amount: int = 0
    currency: str = ""
    digits: int = 0

    @property
    def said(self) -> dict[str, object]:
        """The same as the audit log tells it."""
        money = {"amount": format_amount(self.amount, self.digits), "currency": self.currency}
        return {"act": self.act, **(money if self.currency else {})}


@dataclass(frozen=True, slots=True)
class Given:
    """What a manager types in: who they are, their PIN, why."""

    approver_id: int
    pin: str
    reason: str


def approvers(app: Application, shop: Shop, *, wanted: Wanted, post: Post) -> tuple[Staff, ...]:
    """Who may approve it: people with a PIN whose role may, and whose own limit reaches."""
    with app.database.read(shop) as unit:
        everybody = staff_store.list_staff(unit)
        able = (one for one in everybody if one.pin_hash is not None and may(one, Action.APPROVE))
        return tuple(one for one in able if reaches(unit, one, wanted=wanted, post=post))


def approve(app: Application, shop: Shop, *, wanted: Wanted, given: Given, actor: Actor) -> str:
    """The id of a new approval for who asks; it lasts ten minutes.

    Raises InvalidInput without a reason, NotFound for a wrong PIN, TooManyAttempts, NotAllowed for who may not.
    """
    if not 0 < len(given.reason) <= LONGEST_REASON:
        raise InvalidInput("Say why. It stands in the audit log.", at="reason")
    place = actor.post.device_id or f"account of {actor.post.staff_id}"
    person = pins.check(app, shop, staff_id=given.approver_id, pin=given.pin, place=place)
    if person.pin_until is not None:
        raise NotAllowed("A PIN that was lent begins a shift and approves nothing. Choose your own first.")
    return app.database.write(shop, lambda unit: _approved(app, unit, wanted, given, person, actor=actor))


def require_approval(app: Application, unit: Unit, wanted: Wanted, *, actor: Actor) -> Approval:
    """Use the approval of just this; raises NeedsApproval when there is none."""
    found = approval_store.unused(unit, _binding(wanted, actor.post), at=app.clock())
    if found is None:
        raise NeedsApproval("A manager must approve this with a PIN. Nothing was done yet.", wanted=wanted)
    approval_store.use(unit, found.id, at=app.clock())
    by = staff_store.get(unit, found.given_by)
    details = {**wanted.said, "approved by": by.name if by else "", "why": found.reason}
    record(app, unit, Audited.OVERRIDDEN, actor=actor, about=wanted.about, details=details)
    return replace(found, used_at=app.clock())


def within_limit(app: Application, unit: Unit, wanted: Wanted, *, actor: Actor) -> None:
    """Let an amount pass that the actor's role may give back here, or that was approved; raises NeedsApproval.

    Who is nobody of the shop (a program, a job) has no limit of this kind.
    """
    if actor.post.staff_id is None:
        return
    person = staff_store.get(unit, actor.post.staff_id)
    if person is None or not reaches(unit, person, wanted=wanted, post=actor.post):
        require_approval(app, unit, wanted, actor=actor)


def decided_within_limit(
    app: Application, unit: Unit, after: Return, *, before: Return, actor: Actor, agreed: Staff | None = None
) -> None:
    """Let a settlement pass that was just decided, by its amount; raises NeedsApproval.

    `agreed` is the manager who agreed to the whole of it on the spot: then their limit counts.
    """
    wanted = wanted_for(unit, after.quote_id, about=after.id)
    if after.quote_id == before.quote_id or wanted is None:
        return
    if agreed is None or agreed.id == actor.post.staff_id or not reaches(unit, agreed, wanted=wanted, post=actor.post):
        within_limit(app, unit, wanted, actor=actor)
        return
    details = {**wanted.said, "approved by": agreed.name}
    record(app, unit, Audited.OVERRIDDEN, actor=actor, about=wanted.about, details=details)


def wanted_for(unit: Unit, quote_id: str, *, about: str) -> Wanted | None:
    """What would have to be approved to give back what a quote says."""
    kept = quote_store.get(unit, quote_id)
    if kept is None:
        return None
    digits = digits_of(kept.case["order"])
    amount = parse_amount(kept.document["total"], digits)
    return Wanted(REFUND, about, amount=amount, currency=str(kept.document["currency"]), digits=digits)


def refund_to_approve(app: Application, shop: Shop, *, quote_id: str, about: str, post: Post) -> Wanted | None:
    """What of a quote must be approved before who is there may give it back; None when nothing must."""
    with app.database.read(shop) as unit:
        person = staff_store.get(unit, post.staff_id) if post.staff_id is not None else None
        wanted = wanted_for(unit, quote_id, about=about)
        is_free = wanted is None or person is None or reaches(unit, person, wanted=wanted, post=post)
    return None if is_free else wanted


def reaches(unit: Unit, person: Staff, *, wanted: Wanted, post: Post) -> bool:
    """Whether a person's role may give that much back at the location."""
    at = post.location_id
    limits = limits_at(unit.shop, location_store.get(unit, at) if at is not None else None)
    return is_within(limits, person.role, amount=wanted.amount, currency=wanted.currency, digits=wanted.digits)


def cash_is_allowed(unit: Unit, post: Post) -> bool:
    """Whether cash is given and taken where somebody acts."""
    at = post.location_id
    return at is None or locations.known(unit, at).terms.cash_allowed


def _approved(app: Application, unit: Unit, wanted: Wanted, given: Given, person: Staff, *, actor: Actor) -> str:
    if not may(person, Action.APPROVE) or not reaches(unit, person, wanted=wanted, post=actor.post):
        raise NotAllowed("That is more than this person may approve. Ask the owner of the shop.")
    asker = staff_store.get(unit, actor.post.staff_id) if actor.post.staff_id is not None else None
    if asker is None:
        raise NotFound("Only people of the shop ask for an approval.")
    approval = Approval(
        id=app.token(),
        reason=given.reason,
        given_by=person.id,
        location_id=actor.post.location_id,
        at=app.clock(),
        expires_at=app.clock() + LASTS,
        **_binding(wanted, actor.post),
    )
    approval_store.add(unit, approval)
    details = {**wanted.said, "asked by": asker.name, "why": given.reason}
    record(app, unit, Audited.APPROVED, actor=actor_of(person), about=wanted.about, details=details)
    return approval.id


def _binding(wanted: Wanted, post: Post) -> dict[str, Any]:
    return {
        "act": wanted.act,
        "about": wanted.about,
        "amount": wanted.amount,
        "currency": wanted.currency,
        "digits": wanted.digits,
        "asked_by": post.staff_id,
        "device_id": post.device_id,
        "training": post.training,
    }
