"""A balance that waits, and what becomes of it once its goods come to nothing: nobody is to pay for them any more."""

from collections.abc import Collection, Iterable

from domain.returns import Return, settle
from domain.settlement import Leg, LegState


def for_nothing(found: Return, legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The balances that wait though some of the goods decided with them were rejected, or looked for in vain."""
    astray = {group.id for group in found.groups if not group.expected}
    return tuple(leg for leg in legs if leg.state == LegState.AWAITED and not astray.isdisjoint(leg.group_ids))


def held_for(balances: Iterable[Leg], legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """The legs that wait for balances: those of the same groups, since each decision may have a balance of its own."""
    group_ids = {group_id for balance in balances for group_id in balance.group_ids}
    return tuple(leg for leg in legs if leg.state == LegState.HELD and not group_ids.isdisjoint(leg.group_ids))


def undecided(found: Return, group_ids: Collection[str]) -> Return:
    """The return with some groups as they were before it was decided what they give."""
    return settle(settle(found, group_ids, act="retry"), group_ids, act="drop")
