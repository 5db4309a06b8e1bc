"""What is kept of replacements from the moment that they are asked for, and what is given up of it."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from domain.events import Act
from domain.returns import Return, UnitGroup
from domain.settlement import Leg, LegKind, LegState, Terms, round_of
from domain.transitions import Settlement

TOOK = frozenset({LegState.SENDING, LegState.SETTLED, LegState.UNKNOWN})
"""An exchange in such a state has put back, or may have put back, what was kept for it."""


def reservation_of(found: Return, *, terms: Terms) -> Leg | None:
    """The leg that keeps the replacements of what is to be exchanged; one for each time that the return is opened."""
    waiting = [group for group in found.groups if wants_exchange(group) and group.settlement is Settlement.NONE]
    lines = [{"variant_id": (group.exchange_for or {})["variant_id"], "quantity": group.quantity} for group in waiting]
    if not lines:
        return None
    times = sum(entry.act in (Act.OPENED, Act.REOPENED) for entry in found.history)
    return Leg(
        key=f"{found.id}-{round_of(found)}-hold-{times}",
        return_id=found.id,
        order_id=found.order_id,
        kind=LegKind.RESERVE,
        amount=0,
        currency=terms.currency,
        digits=terms.digits,
        work={"lines": lines},
    )


def given_up(found: Return, legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """The reservations that nobody gave up yet, once no group of the return waits for its replacement any more."""
    if any(wants_exchange(group) and group.settlement is not Settlement.SETTLED for group in found.groups):
        return ()
    ended = _released(legs)
    return tuple(leg for leg in legs if _is_hold(leg) and leg.key not in ended)


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


def _is_hold(leg: Leg) -> bool:
    return leg.kind == LegKind.RESERVE and leg.state != LegState.LAPSED


def _released(legs: Iterable[Leg]) -> set[str]:
    return {str(leg.work["hold"]) for leg in legs if leg.kind == LegKind.RELEASE}


def _holds(exchange: Leg) -> Sequence[str]:
    named = exchange.work.get("holds")
    return named if isinstance(named, list) else []
