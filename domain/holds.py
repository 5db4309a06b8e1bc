"""What is kept of replacements from the moment that they are asked for, and what is given up of it."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from domain.events import Act
from domain.returns import Return, UnitGroup
from domain.settlement import Leg, LegKind, LegState, Terms, round_of
from domain.transitions import Settlement

TOOK = frozenset({LegState.SENDING, LegState.SETTLED, LegState.UNKNOWN})
"""An exchange in such a state has put back, or may have put back, what was kept for it."""


def reservations_of(found: Return, *, terms: Terms) -> tuple[Leg, ...]:
    """The legs that keep the replacements of what is to be exchanged, one a group."""
    return tuple(_reservation(found, group, terms=terms) for group in found.groups if _waits(group))


def given_up(found: Return, legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """The reservations that nobody gave up yet, and for which no group of the return waits any more."""
    ended = _released(legs)
    wanted = [group for group in found.groups if wants_exchange(group) and group.settlement is not Settlement.SETTLED]
    held = (leg for leg in legs if _is_hold(leg) and leg.key not in ended)
    return tuple(hold for hold in held if not any(covers(hold, group) for group in wanted))


def covers(hold: Leg, group: UnitGroup) -> bool:
    """Whether a reservation was made for a group, or for the one that it was split off.

    One that names no group was made for all that were to be exchanged.
    """
    name = hold.work.get("group")
    return name is None or group.id == name or group.id.startswith(f"{name}.")


def release_of(hold: Leg) -> Leg:
    """The leg that gives a reservation up."""
    key, work = f"{hold.key}-release", {"hold": hold.key}
    return replace(hold, key=key, kind=LegKind.RELEASE, state=LegState.DUE, receipt=None, work=work)


def is_void(hold: Leg, legs: Sequence[Leg]) -> bool:
    """Whether what a reservation would keep was given up, or taken from the shelf, before it was kept."""
    taken = {key for leg in legs if leg.kind == LegKind.EXCHANGE and leg.state in TOOK for key in _holds(leg)}
    return hold.key in taken | _released(legs)


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


def _is_hold(leg: Leg) -> bool:
    return leg.kind == LegKind.RESERVE and leg.state != LegState.LAPSED


def _released(legs: Iterable[Leg]) -> set[str]:
    return {str(leg.work["hold"]) for leg in legs if leg.kind == LegKind.RELEASE}


def _holds(exchange: Leg) -> Sequence[str]:
    named = exchange.work.get("holds")
    return named if isinstance(named, list) else []
