"""What may be done to a whole return: decide, send, cancel, let it end, take it up again."""

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from domain.errors import IllegalStep
from domain.events import Act, Actor, Entry
from domain.returns import OVER, Return, UnitGroup, accept, move, note
from domain.transitions import Acceptance, Reception, Settlement


class Doing(Struct, frozen=True):
    """Who does it, when (UTC) and why; `details` is JSON for the history, as a tracking number."""

    at: datetime
    actor: Actor
    why: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


class LifeStep(Struct, frozen=True):
    """An act on a whole return: the groups that it takes, what becomes of them, its word in the history.

    `of_all` acts take every group that still holds its units, or none.
    """

    said: Act
    takes: Callable[[UnitGroup], bool]
    becomes: Callable[[UnitGroup], UnitGroup]
    of_all: Callable[[UnitGroup], bool] = lambda _: True


def waits_for_a_decision(group: UnitGroup) -> bool:
    """Whether a person has to say yes or no to the group."""
    return group.acceptance is Acceptance.NEEDS_PERSON and group.reception not in OVER


def not_sent(group: UnitGroup) -> bool:
    """Whether the group is accepted, still with the shopper, and nothing was given for it."""
    return group.promised and group.reception is Reception.AWAITING


def _on_its_way(group: UnitGroup) -> bool:
    is_out = group.counts and group.reception is Reception.AWAITING
    return is_out and group.acceptance is Acceptance.ACCEPTED


def _with_the_shopper(group: UnitGroup) -> bool:
    is_there = group.counts and group.reception is Reception.AWAITING
    return is_there and group.settlement is Settlement.NONE


def _ended(group: UnitGroup) -> bool:
    return not group.counts and group.settlement is Settlement.NONE


def _reopened(group: UnitGroup) -> UnitGroup:
    """Back where it was: with the shopper when it was never sent, before a decision when it was declined."""
    if group.reception in OVER:
        group = move(group, "reopen")
    return accept(group, "reopen") if group.acceptance is Acceptance.REJECTED else group


def _approved(group: UnitGroup) -> UnitGroup:
    """Accepted; what was refused at the counter has no grade and may be with its shopper, so it is taken in anew."""
    accepted = accept(group, "accept")
    return move(accepted, "reopen") if accepted.reception is Reception.RECEIVED else accepted


STEPS: Mapping[str, LifeStep] = {
    "approve": LifeStep(Act.APPROVED, waits_for_a_decision, _approved),
    "decline": LifeStep(Act.DECLINED, waits_for_a_decision, lambda group: accept(group, "reject")),
    "ship": LifeStep(Act.SHIPPED, _on_its_way, lambda group: move(group, "ship")),
    "cancel": LifeStep(Act.CANCELLED, _with_the_shopper, lambda group: move(group, "cancel"), _with_the_shopper),
    "expire": LifeStep(Act.EXPIRED, not_sent, lambda group: move(group, "expire")),
    "reopen": LifeStep(Act.REOPENED, _ended, _reopened),
}
"""Every act on a whole return; goods are looked at group by group (domain.returns.inspect)."""


def possible(found: Return) -> tuple[str, ...]:
    """The acts that may be done to the return as it is now."""
    return tuple(act for act, step in STEPS.items() if _taken(found, step))


def apply(found: Return, act: str, *, doing: Doing) -> Return:
    """The return after an act, with its line of history; raises IllegalStep with the acts that are possible."""
    step = STEPS[act]
    taken = _taken(found, step)
    if not taken:
        raise IllegalStep(state=found.status, act=act, allowed=possible(found))
    groups = tuple(step.becomes(group) if group.id in taken else group for group in found.groups)
    entry = Entry(at=doing.at, actor=doing.actor, act=step.said, why=doing.why, details=doing.details)
    return note(replace(found, groups=groups), entry, before=found)


def _taken(found: Return, step: LifeStep) -> frozenset[str]:
    if not all(step.of_all(group) for group in found.groups if group.counts):
        return frozenset()
    return frozenset(group.id for group in found.groups if step.takes(group))
