"""A return: groups of units on their three axes, and the history of all that happened to them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import count, islice

from msgspec import Struct, field
from msgspec.structs import replace

from domain.disposition import disposition
from domain.errors import Malformed
from domain.events import Act, Actor, Entry
from domain.money import split
from domain.transitions import ACCEPTANCE, RECEPTION, SETTLEMENT, Acceptance, Reception, Settlement, advance

OUTCOMES: Mapping[str, tuple[str, Act]] = {
    "received": ("receive", Act.RECEIVED),
    "rejected": ("receive", Act.REFUSED),
    "missing": ("miss", Act.MISSING),
    "empty_box": ("miss", Act.EMPTY_BOX),
    "wrong_item": ("mistake", Act.WRONG_ITEM),
}
"""What an inspection may find: the step of the reception and the word in the history."""

GIVEN_BACK = frozenset({Reception.RECEIVED, Reception.KEPT})
ASTRAY = frozenset({Reception.MISSING, Reception.WRONG_ITEM})
OVER = frozenset({Reception.CANCELLED, Reception.EXPIRED})


class UnitGroup(Struct, frozen=True):
    """Units of one order line that share reason, wish and fate.

    `fallback` is what the shopper takes when the exchange cannot be had or is not paid for: refund or store_credit.
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
    fallback: str | None = None
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
    def expected(self) -> bool:
        """Whether the group counts and its goods are here or may still come: they were not looked for in vain."""
        return self.counts and self.reception not in ASTRAY

    @property
    def payable(self) -> bool:
        """Whether the goods are here (or stay with the shopper) and accepted, and nothing was decided yet."""
        came = self.reception in GIVEN_BACK
        return came and self.acceptance is Acceptance.ACCEPTED and self.settlement is Settlement.NONE

    @property
    def promised(self) -> bool:
        """Whether the group is accepted, still holds its units, and nothing was decided yet."""
        return self.counts and self.acceptance is Acceptance.ACCEPTED and self.settlement is Settlement.NONE


class Return(Struct, frozen=True):
    """One return of one order; `version` counts its saves, `quote_id` names the quote that was promised.

    `gift_receipt` is the number that its bringer showed instead of the buyer's; `credit_to` is who gets store credit
    (an e-mail address, or empty for who holds its code), None for the buyer.
    """

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
    gift_receipt: str | None = None
    credit_to: str | None = None

    @property
    def status(self) -> str:
        """The overall status, derived from the groups and stored nowhere."""
        return next(name for name, holds in STATUSES if holds(self.groups))


class Inspection(Struct, frozen=True):
    """What staff found of a group: `outcome` is a key of OUTCOMES; `quantity` left out means all of it.

    `disposition` is where the goods go, None to go by grade and rule; `seen` is what the history tells besides.
    """

    group_id: str
    outcome: str
    grade: str | None = None
    note: str = ""
    quantity: int | None = None
    disposition: str | None = None
    seen: Mapping[str, object] = field(default_factory=dict)


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
    ("to_pay", _any_settlement(Settlement.UNPAID)),
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
    groups = tuple(accept(group, act) for group in opened.groups)
    details = {"groups": [_said(group) for group in groups], "method": opened.method, "quote": opened.quote_id}
    entry = Entry(at=opened.opened_at, actor=actor, act=Act.OPENED, details=details)
    return note(replace(opened, groups=groups), entry, before=replace(opened, groups=()))


def inspect(found: Return, inspections: Iterable[Inspection], *, at: datetime, actor: Actor) -> Return:
    """The return after staff looked at the goods; a group found in several conditions is split.

    Where only some of what was missing turns up, the others are found missing once more.
    Raises Malformed when the inspections of a group do not add up to it, IllegalStep when it was inspected before.
    """
    by_group: dict[str, list[Inspection]] = {}
    for inspection in inspections:
        by_group.setdefault(inspection.group_id, []).append(inspection)
    _known(found, by_group)
    for group in found.groups:
        found = _looked_at(found, group, by_group.get(group.id, []), at=at, actor=actor)
    return found


def settle(found: Return, group_ids: Iterable[str], *, act: str) -> Return:
    """The return after a step of the settlement of some groups; raises IllegalStep."""
    return _moved(found, group_ids, lambda group: _settled(group, act))


def accept(group: UnitGroup, act: str) -> UnitGroup:
    """The group after a step of its acceptance; raises IllegalStep."""
    return replace(group, acceptance=Acceptance(advance(ACCEPTANCE, group.acceptance, act)))


def move(group: UnitGroup, act: str) -> UnitGroup:
    """The group after a step of its reception; raises IllegalStep."""
    return replace(group, reception=Reception(advance(RECEPTION, group.reception, act)))


def note(found: Return, entry: Entry, *, before: Return) -> Return:
    """The return with one more line of history, which tells what changed in its groups since `before`."""
    told = replace(entry, details={**entry.details, **_changes(before, found)})
    return replace(found, history=(*found.history, told))


def _settled(group: UnitGroup, act: str) -> UnitGroup:
    return replace(group, settlement=Settlement(advance(SETTLEMENT, group.settlement, act)))


def _looked_at(found: Return, group: UnitGroup, inspections: list[Inspection], *, at: datetime, actor: Actor) -> Return:
    """The return with what was found of one group, each finding a line of history; the first tells of the split too."""
    parts = _parts(group, inspections, taken={one.id for one in found.groups})
    before, split = found, _in_place(found, group.id, parts)
    for part, inspection in zip(parts, inspections, strict=True):
        seen = _inspected(part, inspection)
        entry = _finding(seen, inspection, at=at, actor=actor)
        before = split = note(_in_place(split, part.id, [seen]), entry, before=before)
    return before


def _in_place(found: Return, group_id: str, parts: Sequence[UnitGroup]) -> Return:
    """The return with one group replaced by its parts."""
    groups = [part for group in found.groups for part in (parts if group.id == group_id else (group,))]
    return replace(found, groups=tuple(groups)) if parts else found


def _inspected(group: UnitGroup, inspection: Inspection) -> UnitGroup:
    step, _ = OUTCOMES[inspection.outcome]
    seen = replace(
        move(group, step),
        grade=inspection.grade,
        disposition=_disposition(group, inspection),
        note=inspection.note or group.note,
    )
    return accept(seen, "reject") if inspection.outcome == "rejected" else seen


def _disposition(group: UnitGroup, inspection: Inspection) -> str | None:
    """Where goods go that were taken back; what was rejected goes back to its shopper."""
    if inspection.grade is None or inspection.outcome != "received":
        return None
    return inspection.disposition or disposition(inspection.grade, destination=group.destination)


def _parts(group: UnitGroup, inspections: list[Inspection], *, taken: set[str]) -> list[UnitGroup]:
    """The group as one part for each inspection, its money shared; the first keeps its id."""
    if len(inspections) == 1 and inspections[0].quantity is None:
        return [group]
    quantities = [inspection.quantity or 0 for inspection in inspections]
    if quantities and (sum(quantities) != group.quantity or min(quantities) < 1):
        raise Malformed(f"all {group.quantity} units must be accounted for", at=f"groups.{group.id}")
    free = (f"{group.id}.{n}" for n in count(1) if f"{group.id}.{n}" not in taken)
    ids = [group.id, *islice(free, max(len(inspections) - 1, 0))]
    amounts, taxes = split(group.amount, quantities), split(group.tax, quantities)
    rows = zip(ids, quantities, amounts, taxes, strict=False)
    return [replace(group, id=id_, quantity=q, amount=amount, tax=tax) for id_, q, amount, tax in rows]


def _known(found: Return, by_group: Mapping[str, list[Inspection]]) -> None:
    unknown = set(by_group) - {group.id for group in found.groups}
    if unknown:
        raise Malformed("no such group in this return", at=f"groups.{min(unknown)}")


def _finding(group: UnitGroup, inspection: Inspection, *, at: datetime, actor: Actor) -> Entry:
    details = _said(group) | {"grade": group.grade, "disposition": group.disposition} | dict(inspection.seen)
    return Entry(at=at, actor=actor, act=OUTCOMES[inspection.outcome][1], why=inspection.note, details=details)


def _said(group: UnitGroup) -> dict[str, object]:
    return {"line": group.line_id, "title": group.title, "quantity": group.quantity, "reason": group.reason}


def _moved(found: Return, ids: Iterable[str], step: Callable[[UnitGroup], UnitGroup]) -> Return:
    chosen = set(ids)
    return replace(found, groups=tuple(step(g) if g.id in chosen else g for g in found.groups))


def _changes(before: Return, after: Return) -> dict[str, object]:
    """What changed in the groups, by group and field; a new group with all of its fields and the new order."""
    known = {group.id: _fields(group) for group in before.groups}
    news = {group.id: _news(known.get(group.id), _fields(group)) for group in after.groups}
    changes = {id_: fields_ for id_, fields_ in news.items() if fields_}
    told: dict[str, object] = {"changes": changes} if changes else {}
    return told if set(news) <= set(known) else {**told, "order": list(news)}


def _news(known: Mapping[str, object] | None, now: Mapping[str, object]) -> Mapping[str, object]:
    return now if known is None else {name: value for name, value in now.items() if known[name] != value}


def _fields(group: UnitGroup) -> dict[str, object]:
    """All fields of a group as JSON."""
    values = {name: getattr(group, name) for name in group.__struct_fields__}
    return {name: str(value) if isinstance(value, StrEnum) else value for name, value in values.items()}
