"""What is kept of replacements from the moment that they are asked for, and what is given up of it."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from domain.elsewhere import is_by_hand
from domain.events import Act
from domain.returns import Return, UnitGroup
from domain.settlement import Leg, LegKind, LegState, Terms, round_of
from domain.transitions import Settlement

TOOK = frozenset({LegState.SENDING, LegState.SETTLED, LegState.UNKNOWN})
"""An exchange in such a state has put back, or may have put back, what was kept for it."""

TO_COME = frozenset({LegState.HELD, LegState.DUE, LegState.FAILED})
"""An exchange in such a state has taken nothing of what is kept for it."""


def reservations_of(found: Return, legs: Sequence[Leg], *, terms: Terms) -> tuple[Leg, ...]:
    """The legs that keep the replacements of what is to be exchanged, one a group; what is kept is not kept again."""
    held = _in_force(legs)
    waiting = (group for group in found.groups if _waits(group) and not _is_covered(group, held))
    return tuple(_reservation(found, group, terms=terms) for group in waiting)


def exchanges_to_come(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The exchanges that were decided and have taken nothing yet."""
    return tuple(leg for leg in legs if leg.kind == LegKind.EXCHANGE and leg.state in TO_COME)


def rest_of(found: Return, legs: Sequence[Leg], *, after: Leg, terms: Terms) -> tuple[Leg, ...]:
    """The legs that keep anew what an exchange put back with its own: it ends a reservation whole."""
    ended, held = [leg for leg in legs if leg.key in _holds(after)], _in_force(legs)
    decided = {group_id for leg in exchanges_to_come(legs) for group_id in leg.group_ids}
    waiting = (group for group in found.groups if _waits(group) or (wants_exchange(group) and group.id in decided))
    touched = (group for group in waiting if _is_covered(group, ended) and not _is_covered(group, held))
    return tuple(_reservation(found, group, terms=terms) for group in touched)


def from_rest(legs: Iterable[Leg], rest: Iterable[Leg]) -> tuple[Leg, ...]:
    """The exchanges to come that take their goods from what was kept anew, with that; no other leg."""
    anew = {str(hold.work["group"]): hold.key for hold in rest}
    taking = ((leg, [anew[one] for one in leg.group_ids if one in anew]) for leg in exchanges_to_come(legs))
    return tuple(replace(leg, work={**leg.work, "holds": [*_holds(leg), *keys]}) for leg, keys in taking if keys)


def given_up(found: Return, legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """The reservations in force for which no group of the return waits any more."""
    wanted = [group for group in found.groups if wants_exchange(group) and group.settlement is not Settlement.SETTLED]
    return tuple(hold for hold in _in_force(legs) if not any(covers(hold, group) for group in wanted))


def with_holds(legs: Sequence[Leg], earlier: Sequence[Leg], *, groups: Iterable[UnitGroup]) -> tuple[Leg, ...]:
    """The legs of some groups, those of exchanges with the reservations that their goods are taken from."""
    exchanged = [group for group in groups if wants_exchange(group)]
    holds = [hold.key for hold in _in_force(earlier) if any(covers(hold, group) for group in exchanged)]
    return tuple(
        replace(leg, work={**leg.work, "holds": holds}) if holds and leg.kind == LegKind.EXCHANGE else leg
        for leg in legs
    )


def covers(hold: Leg, group: UnitGroup) -> bool:
    """Whether a reservation was made for a group, or for the one that it was split off.

    One that names no group was made for all that were to be exchanged.
    """
    name = hold.work.get("group")
    return name is None or group.id == name or group.id.startswith(f"{name}.")


def release_of(hold: Leg, legs: Sequence[Leg]) -> Leg:
    """The leg that gives a reservation up; an earlier one may have been taken back."""
    times = sum(leg.kind == LegKind.RELEASE and leg.work["hold"] == hold.key for leg in legs)
    key, work = f"{hold.key}-release{f'-{times + 1}' if times else ''}", {"hold": hold.key}
    return replace(hold, key=key, kind=LegKind.RELEASE, state=LegState.DUE, receipt=None, work=work)


def wanted_again(found: Return, legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """The releases, none of them begun, of what a group of the return waits for again."""
    waiting = [group for group in found.groups if _waits(group)]
    covering = {leg.key for leg in legs if leg.kind == LegKind.RESERVE and any(covers(leg, one) for one in waiting)}
    due = (leg for leg in legs if leg.kind == LegKind.RELEASE and leg.state == LegState.DUE)
    return tuple(leg for leg in due if leg.work["hold"] in covering)


def is_void(hold: Leg, legs: Sequence[Leg]) -> bool:
    """Whether what a reservation would keep was given up, or taken from the shelf, before it was kept."""
    return hold.key in _named(leg for leg in legs if leg.state in TOOK) | _released(legs)


def wants_exchange(group: UnitGroup) -> bool:
    """Whether a group still holds its units and is to be exchanged."""
    return group.counts and group.resolution == "exchange" and group.exchange_for is not None


def _reservation(found: Return, group: UnitGroup, *, terms: Terms) -> Leg:
    """The leg that keeps the replacement of a group, of its own each time that the return is opened or decided."""
    times = sum(entry.act in (Act.OPENED, Act.REOPENED) for entry in found.history)
    lines = [{"variant_id": (group.exchange_for or {})["variant_id"], "quantity": group.quantity}]
    return Leg(
        key=f"{found.id}-{round_of(found)}-hold-{times}-{group.id}",
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
