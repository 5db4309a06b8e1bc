"""A return: groups of units on their three axes, and the history of all that happened to them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.disposition import disposition
from domain.errors import Malformed
from domain.events import Act, Actor, Entry
from domain.money import split
from domain.transitions import ACCEPTANCE, RECEPTION, SETTLEMENT, Acceptance, Reception, Settlement, advance

OUTCOMES: Mapping[str, tuple[str, Act]] = {
    "received": ("receive", Act.RECEIVED),
    "rejected": ("receive", Act.REFUSED),
    "missing": ("miss", Act.MISSING),
    "wrong_item": ("mistake", Act.WRONG_ITEM),
}
"""What an inspection may find: the step of the reception and the word in the history."""

VERDICTS: Mapping[str, Act] = {"accept": Act.APPROVED, "reject": Act.DECLINED}
"""What a person may decide, with the word in the history."""

GIVEN_BACK = frozenset({Reception.RECEIVED, Reception.KEPT})
OVER = frozenset({Reception.CANCELLED, Reception.EXPIRED})


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """Units of one order line that share reason, wish and fate.

    `amount` and `tax` are what the quote gives for the goods, in minor units of the order's currency; `exchange_for`
    is the replacement in the form of the quote contract; `destination` is what the quote said; `grade` is A to E once
    inspected.
    """

    id: str
    line_id: str
    quantity: int
    reason: str | None
    resolution: str
    title: str
    amount: int = 0
    tax: int = 0
    exchange_for: Mapping[str, object] | None = None
    destination: str | None = None
    reception: Reception = Reception.AWAITING
    acceptance: Acceptance = Acceptance.PENDING
    settlement: Settlement = Settlement.NONE
    grade: str | None = None
    disposition: str | None = None
    note: str = ""

    @property
    def counts(self) -> bool:
        """Whether the group still holds its units of the order."""
        return self.acceptance is not Acceptance.REJECTED and self.reception not in OVER

    @property
    def payable(self) -> bool:
        """Whether the goods are here (or stay with the shopper) and accepted, and nothing was decided yet."""
        came = self.reception in GIVEN_BACK
        return came and self.acceptance is Acceptance.ACCEPTED and self.settlement is Settlement.NONE

    @property
    def promised(self) -> bool:
        """Whether the group is accepted, still holds its units, and nothing was decided yet."""
        return self.counts and self.acceptance is Acceptance.ACCEPTED and self.settlement is Settlement.NONE


@dataclass(frozen=True, slots=True)
class Return:
    """One return of one order; `version` counts its saves, `quote_id` names the quote that was promised."""

    id: str
    order_id: str
    order_number: str
    kind: str
    channel: str
    method: str
    opened_at: datetime
    quote_id: str
    groups: tuple[UnitGroup, ...]
    history: tuple[Entry, ...]
    version: int = 0

    @property
    def status(self) -> str:
        """The overall status, derived from the groups and stored nowhere."""
        return next(name for name, holds in STATUSES if holds(self.groups))


@dataclass(frozen=True, slots=True)
class Inspection:
    """What staff found of a group: `outcome` is a key of OUTCOMES; `quantity` left out means all of it."""

    group_id: str
    outcome: str
    grade: str | None = None
    note: str = ""
    quantity: int | None = None


Groups = tuple[UnitGroup, ...]


def _any_settlement(*states: Settlement) -> Callable[[Groups], bool]:
    return lambda groups: any(group.settlement in states for group in groups)


def _any_reception(*states: Reception) -> Callable[[Groups], bool]:
    return lambda groups: any(group.reception in states for group in groups if group.counts)


def _undecided(groups: Groups) -> bool:
    open_ones = (Acceptance.PENDING, Acceptance.NEEDS_PERSON)
    return any(group.acceptance in open_ones for group in groups if group.reception not in OVER)


def _all_rejected(groups: Groups) -> bool:
    return all(group.acceptance is Acceptance.REJECTED for group in groups)


def _all_over(state: Reception) -> Callable[[Groups], bool]:
    return lambda groups: not any(group.counts for group in groups) and any(g.reception is state for g in groups)


def _done(groups: Groups) -> bool:
    return all(group.settlement is Settlement.SETTLED for group in groups if group.counts)


STATUSES: tuple[tuple[str, Callable[[Groups], bool]], ...] = (
    ("needs_a_person", _any_settlement(Settlement.UNKNOWN, Settlement.FAILED)),
    ("settling", _any_settlement(Settlement.DUE, Settlement.SENDING)),
    ("declined", _all_rejected),
    ("cancelled", _all_over(Reception.CANCELLED)),
    ("expired", _all_over(Reception.EXPIRED)),
    ("requested", _undecided),
    ("done", _done),
    ("in_transit", _any_reception(Reception.IN_TRANSIT)),
    ("awaiting", _any_reception(Reception.AWAITING)),
    ("incomplete", _any_reception(Reception.MISSING, Reception.WRONG_ITEM)),
    ("received", lambda _: True),
)
"""The overall statuses with what makes each true; the first that holds is the return's."""


def open_return(opened: Return, *, actor: Actor, approval: str) -> Return:
    """A new return with its first line of history; what needs no decision is accepted at once."""
    act = "accept" if approval == "auto" else "refer"
    groups = tuple(_accept(group, act) for group in opened.groups)
    details = {"groups": [_said(group) for group in groups], "method": opened.method, "quote": opened.quote_id}
    return _told(
        replace(opened, groups=groups), Entry(at=opened.opened_at, actor=actor, act=Act.OPENED, details=details)
    )


def decide(found: Return, *, verdict: str, at: datetime, actor: Actor, why: str) -> Return:
    """The return after a person said accept or reject to what waits for a decision; raises IllegalStep."""
    waiting = [group.id for group in found.groups if group.acceptance is Acceptance.NEEDS_PERSON]
    decided = _moved(found, waiting, lambda group: _accept(group, verdict))
    return _told(decided, Entry(at=at, actor=actor, act=VERDICTS[verdict], why=why))


def inspect(found: Return, inspections: Iterable[Inspection], *, at: datetime, actor: Actor) -> Return:
    """The return after staff looked at the goods; a group found in several conditions is split.

    Raises Malformed when the inspections of a group do not add up to it, IllegalStep when it was inspected before.
    """
    by_group: dict[str, list[Inspection]] = {}
    for inspection in inspections:
        by_group.setdefault(inspection.group_id, []).append(inspection)
    _known(found, by_group)
    groups: list[UnitGroup] = []
    entries: list[Entry] = []
    for group in found.groups:
        for part, found_in in _parts(group, by_group.get(group.id, [])):
            groups.append(part if found_in is None else _inspected(part, found_in))
            if found_in is not None:
                entries.append(_finding(groups[-1], found_in, at=at, actor=actor))
    return _told(replace(found, groups=tuple(groups)), *entries)


def settle(found: Return, group_ids: Iterable[str], *, act: str) -> Return:
    """The return after a step of the settlement of some groups; raises IllegalStep."""
    return _moved(found, group_ids, lambda group: _settled(group, act))


def note(found: Return, entry: Entry) -> Return:
    """The return with one more line of history."""
    return _told(found, entry)


def _accept(group: UnitGroup, act: str) -> UnitGroup:
    return replace(group, acceptance=Acceptance(advance(ACCEPTANCE, group.acceptance, act)))


def _settled(group: UnitGroup, act: str) -> UnitGroup:
    return replace(group, settlement=Settlement(advance(SETTLEMENT, group.settlement, act)))


def _inspected(group: UnitGroup, inspection: Inspection) -> UnitGroup:
    step, _ = OUTCOMES[inspection.outcome]
    seen = replace(
        group,
        reception=Reception(advance(RECEPTION, group.reception, step)),
        grade=inspection.grade,
        disposition=inspection.grade and disposition(inspection.grade, destination=group.destination),
        note=inspection.note,
    )
    return _accept(seen, "reject") if inspection.outcome == "rejected" else seen


def _parts(group: UnitGroup, inspections: list[Inspection]) -> list[tuple[UnitGroup, Inspection | None]]:
    if not inspections:
        return [(group, None)]
    if len(inspections) == 1 and inspections[0].quantity is None:
        return [(group, inspections[0])]
    quantities = [inspection.quantity or 0 for inspection in inspections]
    if sum(quantities) != group.quantity or min(quantities) < 1:
        raise Malformed(f"all {group.quantity} units must be accounted for", at=f"groups.{group.id}")
    ids = [group.id, *(f"{group.id}.{n}" for n in range(1, len(inspections)))]
    amounts, taxes = split(group.amount, quantities), split(group.tax, quantities)
    rows = zip(ids, quantities, amounts, taxes, strict=True)
    parts = [replace(group, id=id_, quantity=q, amount=amount, tax=tax) for id_, q, amount, tax in rows]
    return list(zip(parts, inspections, strict=True))


def _known(found: Return, by_group: Mapping[str, list[Inspection]]) -> None:
    unknown = set(by_group) - {group.id for group in found.groups}
    if unknown:
        raise Malformed("no such group in this return", at=f"groups.{min(unknown)}")


def _finding(group: UnitGroup, inspection: Inspection, *, at: datetime, actor: Actor) -> Entry:
    details = _said(group) | {"grade": group.grade, "disposition": group.disposition}
    return Entry(at=at, actor=actor, act=OUTCOMES[inspection.outcome][1], why=inspection.note, details=details)


def _said(group: UnitGroup) -> dict[str, object]:
    return {"line": group.line_id, "title": group.title, "quantity": group.quantity, "reason": group.reason}


def _moved(found: Return, ids: Iterable[str], step: Callable[[UnitGroup], UnitGroup]) -> Return:
    chosen = set(ids)
    return replace(found, groups=tuple(step(g) if g.id in chosen else g for g in found.groups))


def _told(found: Return, *entries: Entry) -> Return:
    return replace(found, history=(*found.history, *entries))
