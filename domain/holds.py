"""What is kept of replacements from the moment that they are asked for, and what is given up of it."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import chain, count

from msgspec.structs import replace

from domain.elsewhere import is_by_hand
from domain.events import Act
from domain.returns import Return, UnitGroup
from domain.settlement import Leg, LegKind, LegState, Terms, round_of
from domain.transitions import Settlement

TOOK = frozenset({LegState.SENDING, LegState.SETTLED, LegState.UNKNOWN})
"""An exchange in such a state has put back, or may have put back, what was kept for it."""
OVER = frozenset({LegState.SETTLED, LegState.LAPSED})
"""An exchange in such a state will put nothing back any more."""
TO_COME = frozenset({LegState.HELD, LegState.DUE, LegState.FAILED})
"""An exchange in such a state has taken nothing of what is kept for it."""


def reservations_of(found: Return, legs: Sequence[Leg], *, terms: Terms) -> tuple[Leg, ...]:
    """The legs that keep the replacements of what is to be exchanged, one a group; what is kept is not kept again."""
    held = _in_force(legs)
    waiting = (group for group in found.groups if _waits(group) and not _is_covered(group, held))
    taken = {leg.key for leg in legs}
    return tuple(_reservation(found, group, terms=terms, taken=taken) for group in waiting)


def exchanges_to_come(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The exchanges that were decided and have taken nothing yet."""
    return tuple(leg for leg in legs if leg.kind == LegKind.EXCHANGE and leg.state in TO_COME)


def rest_of(found: Return, legs: Sequence[Leg], *, after: Leg, terms: Terms) -> tuple[Leg, ...]:
    """The legs that keep anew what an exchange put back with its own: it ends a reservation whole."""
    ended, held = [leg for leg in legs if leg.key in _holds(after)], _in_force(legs)
    decided = {group_id for leg in exchanges_to_come(legs) for group_id in leg.group_ids}
    waiting = (group for group in found.groups if _waits(group) or (wants_exchange(group) and group.id in decided))
    touched = (group for group in waiting if _is_covered(group, ended) and not _is_covered(group, held))
    taken = {leg.key for leg in legs}
    return tuple(_reservation(found, group, terms=terms, taken=taken) for group in touched)


def from_rest(legs: Iterable[Leg], rest: Iterable[Leg]) -> tuple[Leg, ...]:
    """The exchanges to come that take their goods from what was kept anew, with that; no other leg."""
    anew = {str(hold.work["group"]): hold.key for hold in rest}
    taking = ((leg, [anew[one] for one in leg.group_ids if one in anew]) for leg in exchanges_to_come(legs))
    return tuple(replace(leg, work={**leg.work, "holds": [*_holds(leg), *keys]}) for leg, keys in taking if keys)


def given_up(found: Return, legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """The reservations in force that keep more than the groups of the return wait for.

    What an exchange is about to take its goods from ends with it.
    """
    held, ends = _in_force(legs), _named(leg for leg in legs if leg.state not in OVER)
    wanted = [group for group in found.groups if wants_exchange(group) and group.settlement is not Settlement.SETTLED]
    serving = [(_serving(group, held), group) for group in wanted]
    served = {hold.key: [group for one, group in serving if one is hold] for hold in held}
    return tuple(hold for hold in held if hold.key not in ends and _keeps(hold) - _wants(served[hold.key]))


def with_holds(legs: Sequence[Leg], earlier: Sequence[Leg], *, groups: Iterable[UnitGroup]) -> tuple[Leg, ...]:
    """The legs of some groups, those of exchanges with the reservations that their goods are taken from."""
    exchanged = [group for group in groups if wants_exchange(group)]
    held = _in_force(earlier)
    serving = [_serving(group, held) for group in exchanged]
    holds = [hold.key for hold in held if hold in serving]
    return tuple(
        replace(leg, work={**leg.work, "holds": holds}) if holds and leg.kind == LegKind.EXCHANGE else leg
        for leg in legs
    )


def covers(hold: Leg, group: UnitGroup) -> bool:
    """Whether a reservation was made for what a group is exchanged for, by it or by the one that it was split off.

    One that names no group was made for all that were to be exchanged.
    """
    name = hold.work.get("group")
    is_for = name is None or group.id == name or group.id.startswith(f"{name}.")
    return is_for and _variant(group) in _keeps(hold)


def release_of(hold: Leg, legs: Sequence[Leg]) -> Leg:
    """The leg that gives a reservation up; an earlier one may have been taken back."""
    times = sum(leg.kind == LegKind.RELEASE and leg.work["hold"] == hold.key for leg in legs)
    key, work = f"{hold.key}-release{f'-{times + 1}' if times else ''}", {"hold": hold.key}
    return replace(hold, key=key, kind=LegKind.RELEASE, state=LegState.DUE, receipt=None, work=work)


def wanted_again(found: Return, legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """The legs, none of them begun, that would give up or swap what groups of the return wait for again."""
    due = [leg for leg in legs if leg.state == LegState.DUE]
    given_back = {leg.work["hold"]: leg for leg in due if leg.kind == LegKind.RELEASE}
    waiting = [group for group in found.groups if _waits(group)]
    again = [leg for leg in legs if leg.key in given_back and _is_all_wanted(leg, waiting)]
    covered = [group for group in waiting if _is_covered(group, again)]
    swapped = (leg for leg in due if leg.kind == LegKind.RESERVE and any(covers(leg, group) for group in covered))
    return (*(given_back[hold.key] for hold in again), *(leg for leg in swapped if leg not in again))


def is_void(hold: Leg, legs: Sequence[Leg]) -> bool:
    """Whether what a reservation would keep was given up, or taken from the shelf, before it was kept."""
    return hold.key in _named(leg for leg in legs if leg.state in TOOK) | _released(legs)


def wants_exchange(group: UnitGroup) -> bool:
    """Whether a group still holds its units and is to be exchanged."""
    return group.counts and group.resolution == "exchange" and group.exchange_for is not None


def _reservation(found: Return, group: UnitGroup, *, terms: Terms, taken: Collection[str]) -> Leg:
    """The leg that keeps the replacement of a group, under a key that is not taken."""
    times = sum(entry.act in (Act.OPENED, Act.REOPENED) for entry in found.history)
    name = f"{found.id}-{round_of(found)}-hold-{times}-{group.id}"
    keys = chain([name], (f"{name}-{n}" for n in count(2)))
    lines = [{"variant_id": _variant(group), "quantity": group.quantity}]
    return Leg(
        key=next(key for key in keys if key not in taken),
        return_id=found.id,
        order_id=found.order_id,
        kind=LegKind.RESERVE,
        amount=0,
        currency=terms.currency,
        digits=terms.digits,
        work={"lines": lines, "group": group.id},
    )


def _waits(group: UnitGroup) -> bool:
    """Whether a group is to be exchanged and that was not decided yet."""
    return wants_exchange(group) and group.settlement is Settlement.NONE


def _in_force(legs: Sequence[Leg]) -> list[Leg]:
    """The reservations that nobody gave up and no exchange has taken its goods from; one made by hand took none."""
    made = (leg for leg in legs if leg.state == LegState.SETTLED and not is_by_hand(leg))
    ended = _named(made) | _released(legs)
    return [
        leg for leg in legs if leg.kind == LegKind.RESERVE and leg.state != LegState.LAPSED and leg.key not in ended
    ]


def _is_covered(group: UnitGroup, holds: Iterable[Leg]) -> bool:
    return any(covers(hold, group) for hold in holds)


def _serving(group: UnitGroup, holds: Iterable[Leg]) -> Leg | None:
    """The reservation that a group counts on: of several, the one that was made for the fewest."""
    covering = [hold for hold in holds if covers(hold, group)]
    return max(covering, key=lambda hold: len(str(hold.work.get("group", ""))), default=None)


def _is_all_wanted(hold: Leg, groups: Iterable[UnitGroup]) -> bool:
    return not _keeps(hold) - _wants(group for group in groups if covers(hold, group))


def _keeps(hold: Leg) -> Counter[str]:
    """How many units of each variant a reservation keeps."""
    kept: Counter[str] = Counter()
    lines = hold.work["lines"]
    for line in lines if isinstance(lines, list) else []:
        kept[str(line["variant_id"])] += line["quantity"]
    return kept


def _wants(groups: Iterable[UnitGroup]) -> Counter[str]:
    """How many units of each variant groups are exchanged for."""
    wanted: Counter[str] = Counter()
    for group in groups:
        wanted[_variant(group)] += group.quantity
    return wanted


def _variant(group: UnitGroup) -> str:
    """What a group is exchanged for; empty where it is not."""
    return str((group.exchange_for or {}).get("variant_id", ""))


def _named(exchanges: Iterable[Leg]) -> set[str]:
    """The keys of the reservations that exchanges take their goods from."""
    return {key for leg in exchanges if leg.kind == LegKind.EXCHANGE for key in _holds(leg)}


def _released(legs: Iterable[Leg]) -> set[str]:
    """The keys of the reservations that were given up, or will be."""
    gone = (leg for leg in legs if leg.kind == LegKind.RELEASE and leg.state != LegState.LAPSED)
    return {str(leg.work["hold"]) for leg in gone}


def _holds(exchange: Leg) -> Sequence[str]:
    named = exchange.work.get("holds")
    return named if isinstance(named, list) else []
