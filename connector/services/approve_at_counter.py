"""A manager agrees to what staff may not do alone: once, for just this thing and amount, with a reason.

A use case opens `Assents` in its own transaction and says what it `needs`. Who may agree and acts agrees by doing it;
for anybody else an approval is used up together with the act. `written` puts into the return's history who agreed to
what and why, or raises NeedsApproval with all that is wanted: then nothing was done, and the door asks a manager.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from msgspec import Struct

from connector.application import Application
from connector.services import locations, pins, sign_in
from connector.services.audit import Audited, record
from connector.services.errors import InvalidInput, NeedsApproval, NotAllowed, NotFound
from connector.services.locations import limits_at
from connector.services.roles import Action, may
from connector.services.sign_in import Browser, Credentials, actor_of
from connector.storage import approval_store, location_store, quote_store, return_store, staff_store
from connector.storage.approval_store import Approval
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff
from domain import returns
from domain.events import Act, Actor, Entry, Post
from domain.limits import is_within
from domain.money import format_amount, parse_amount
from domain.orders import digits_of
from domain.refusals import HELD
from domain.returns import Return

LASTS = timedelta(minutes=10)
LONGEST_REASON = 300
REFUND, PLACE, SERIAL, REVIEW, NO_RECEIPT = "refund", "place", "serial", "review", "without_receipt"
"""What is agreed to: more than a role gives back, another place for goods, another number than was sold, what the rules
leave to a person, goods that no receipt tells of."""
WANTED = "A manager must approve this. Nothing was done yet."


class Wanted(Struct, frozen=True):
    """What is to be approved: a word for the act, what it is about (an RMA, a unit), how much in minor units.

    `detail` says it more closely, in words.
    """

    act: str
    about: str
    amount: int = 0
    currency: str = ""
    digits: int = 0
    detail: str = ""

    @property
    def said(self) -> dict[str, object]:
        """The same as histories and the audit log tell it."""
        money = {"amount": format_amount(self.amount, self.digits), "currency": self.currency}
        return {"act": self.act, **({"what": self.detail} if self.detail else {}), **(money if self.currency else {})}


@dataclass(frozen=True, slots=True)
class Given:
    """What a manager types in: why, and who they are, by their PIN or by name and password."""

    reason: str
    approver_id: int = 0
    pin: str = field(default="", repr=False)
    credentials: Credentials | None = None
    browser: Browser | None = None


class Assent(Struct, frozen=True):
    """That a person agreed to something, and why."""

    wanted: Wanted
    by: Staff
    why: str


class Assents:
    """What one act at the counter needs a manager for; `about` is what it is about, the same at each try."""

    def __init__(self, app: Application, unit: Unit, *, actor: Actor, about: str) -> None:
        self._app, self._unit, self._actor, self.about = app, unit, actor, about
        self._given: list[Assent] = []
        self._missing: list[Wanted] = []

    def need(self, wanted: Wanted, *, why: str = "") -> Actor:
        """Who answers for it: the manager who agreed, or who acts while nobody did yet."""
        assent = self._by_self(wanted, why) or self._by_approval(wanted)
        if assent is None:
            self._missing.append(wanted)
            return self._actor
        self._given.append(assent)
        details = {**wanted.said, "approved by": assent.by.name, "why": assent.why}
        record(self._app, self._unit, Audited.OVERRIDDEN, actor=self._actor, about=wanted.about, details=details)
        return actor_of(assent.by)

    @property
    def acts(self) -> frozenset[str]:
        """What was asked for so far, whether somebody agreed to it or not."""
        return frozenset(wanted.act for wanted in (*self._missing, *(one.wanted for one in self._given)))

    @property
    def missing(self) -> tuple[Wanted, ...]:
        """What nobody agreed to yet."""
        return tuple(self._missing)

    def check(self) -> None:
        """Raises NeedsApproval with all that nobody agreed to yet."""
        if self._missing:
            raise NeedsApproval(WANTED, wanted=tuple(self._missing))

    def written(self, found: Return) -> Return:
        """The return with each approval in its history; raises what `check` does."""
        self.check()
        noted = found
        for one in self._given:
            details = {**one.wanted.said, "asked_by": self._actor.name}
            entry = Entry(at=self._app.clock(), actor=actor_of(one.by), act=Act.AGREED, why=one.why, details=details)
            noted = returns.note(noted, entry, before=noted)
        self._given.clear()
        return found if noted is found else return_store.save(self._unit, noted, expected_version=found.version)

    def _by_self(self, wanted: Wanted, why: str) -> Assent | None:
        person = _person(self._unit, self._actor.post)
        agrees = person is not None and can_agree(self._unit, person, wanted=wanted, post=self._actor.post)
        return Assent(wanted, person, why) if person is not None and agrees else None

    def _by_approval(self, wanted: Wanted) -> Assent | None:
        found = approval_store.unused(self._unit, _binding(wanted, self._actor.post), at=self._app.clock())
        if found is None:
            return None
        approval_store.use(self._unit, found.id, at=self._app.clock())
        by = staff_store.get(self._unit, found.given_by)
        return None if by is None else Assent(wanted, by, found.reason)


def approvers(app: Application, shop: Shop, *, wanted: Sequence[Wanted], post: Post) -> tuple[Staff, ...]:
    """Who may approve all of it with a PIN of their own."""
    with app.database.read(shop) as unit:
        everybody = staff_store.list_staff(unit)
        able = (one for one in everybody if one.pin_hash is not None and one.pin_until is None)
        return tuple(one for one in able if _agrees_to_all(unit, one, wanted, post))


def approve(
    app: Application, shop: Shop, *, wanted: Sequence[Wanted], given: Given, actor: Actor
) -> tuple[Approval, ...]:
    """An approval of each thing for who asks; it lasts ten minutes.

    Raises InvalidInput without a reason, NotFound for a wrong PIN or password, TooManyAttempts, NotAllowed for who may
    not.
    """
    if not 0 < len(given.reason) <= LONGEST_REASON:
        raise InvalidInput("Say why. It stands in the history.", at="reason")
    person = _vouched(app, shop, given=given, post=actor.post)
    return app.database.write(shop, lambda unit: _approved(app, unit, wanted, given, person, actor=actor))


def decided_within_limit(assents: Assents, unit: Unit, after: Return, *, before: Return, actor: Actor) -> None:
    """Let a settlement pass that was just decided and that the actor's role may give back here, or ask for more.

    Who is nobody of the shop (a program, a job) has no limit of this kind. While the payment is disputed its bank may
    take the money back by itself, so that a person answers for giving it back as well.
    """
    wanted = wanted_for(unit, after.quote_id, about=assents.about)
    if after.quote_id != before.quote_id and REVIEW not in assents.acts and _is_disputed(unit, after.quote_id):
        assents.need(Wanted(REVIEW, assents.about, detail=HELD["disputed"]), why="Agreed at the counter")
    person = _person(unit, actor.post)
    if after.quote_id == before.quote_id or wanted is None or person is None:
        return
    if not reaches(unit, person, wanted=wanted, post=actor.post):
        assents.need(wanted)


def _is_disputed(unit: Unit, quote_id: str) -> bool:
    kept = quote_store.get(unit, quote_id)
    order: Any = kept.case["order"] if kept else {}
    return bool(order.get("disputed"))


def wanted_for(unit: Unit, quote_id: str, *, about: str) -> Wanted | None:
    """What would have to be approved to give back what a quote says."""
    kept = quote_store.get(unit, quote_id)
    if kept is None:
        return None
    digits = digits_of(kept.case["order"])
    amount = parse_amount(kept.document["total"], digits)
    return Wanted(REFUND, about, amount=amount, currency=str(kept.document["currency"]), digits=digits)


def reaches(unit: Unit, person: Staff, *, wanted: Wanted, post: Post) -> bool:
    """Whether a person's role may give that much back at the location."""
    at = post.location_id
    limits = limits_at(unit.shop, location_store.get(unit, at) if at is not None else None)
    return is_within(limits, person.role, amount=wanted.amount, currency=wanted.currency, digits=wanted.digits)


def can_agree(unit: Unit, person: Staff, *, wanted: Wanted, post: Post) -> bool:
    """Whether a person may agree to it; to giving back only as far as their own limit reaches."""
    return may(person, Action.APPROVE) and (wanted.act != REFUND or reaches(unit, person, wanted=wanted, post=post))


def cash_is_allowed(unit: Unit, post: Post) -> bool:
    """Whether cash is given and taken where somebody acts."""
    at = post.location_id
    return at is None or locations.known(unit, at).terms.cash_allowed


def _vouched(app: Application, shop: Shop, *, given: Given, post: Post) -> Staff:
    """Whose PIN, or name and password, these are."""
    if given.credentials is not None and given.browser is not None:
        return sign_in.vouch(app, shop, credentials=given.credentials, browser=given.browser)
    place = post.device_id or f"account of {post.staff_id}"
    person = pins.check(app, shop, staff_id=given.approver_id, pin=given.pin, place=place)
    if person.pin_until is not None:
        raise NotAllowed("A PIN that was lent begins a shift and approves nothing. Choose your own first.")
    return person


def _approved(
    app: Application, unit: Unit, wanted: Sequence[Wanted], given: Given, person: Staff, *, actor: Actor
) -> tuple[Approval, ...]:
    if not _agrees_to_all(unit, person, wanted, actor.post):
        raise NotAllowed("That is more than this person may approve. Ask the owner of the shop.")
    asker = _person(unit, actor.post)
    if asker is None:
        raise NotFound("Only people of the shop ask for an approval.")
    return tuple(_kept(app, unit, one, given, person, asker, actor.post) for one in wanted)


def _kept(
    app: Application, unit: Unit, wanted: Wanted, given: Given, person: Staff, asker: Staff, post: Post
) -> Approval:
    approval = Approval(
        id=app.token(),
        reason=given.reason,
        given_by=person.id,
        location_id=post.location_id,
        at=app.clock(),
        expires_at=app.clock() + LASTS,
        **_binding(wanted, post),
    )
    approval_store.add(unit, approval)
    by = "password" if given.credentials is not None else "PIN"
    details = {**wanted.said, "asked by": asker.name, "why": given.reason, "by": by}
    record(app, unit, Audited.APPROVED, actor=actor_of(person), about=wanted.about, details=details)
    return approval


def _agrees_to_all(unit: Unit, person: Staff, wanted: Sequence[Wanted], post: Post) -> bool:
    return may(person, Action.APPROVE) and all(can_agree(unit, person, wanted=one, post=post) for one in wanted)


def _person(unit: Unit, post: Post) -> Staff | None:
    return staff_store.get(unit, post.staff_id) if post.staff_id is not None else None


def _binding(wanted: Wanted, post: Post) -> dict[str, Any]:
    return {
        "act": wanted.act,
        "about": wanted.about,
        "amount": wanted.amount,
        "currency": wanted.currency,
        "digits": wanted.digits,
        "detail": wanted.detail,
        "asked_by": post.staff_id,
        "device_id": post.device_id,
        "training": post.training,
    }
