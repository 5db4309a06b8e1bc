"""What a platform gave back of an order by itself, beside what the legs of our returns gave."""

from collections.abc import Iterable

from domain.drift import BY_HAND, PAYING_WITH_CREDIT
from domain.orders import Order
from domain.settlement import Leg, LegState

LEAVES = frozenset({LegState.SENDING, LegState.SETTLED})
REFUND_ID = "refund_id"
"""In the receipt of a leg that was done by hand: the refund of the platform that it is."""


def given_elsewhere(order: Order, legs: Iterable[Leg], *, return_id: str, sending: str = "") -> int:
    """What was given back outside of our returns, or under this one beyond what its legs gave, in minor units.

    A platform that mirrors our return puts its number on what a person refunds there. `sending` is the
    key of the leg that is about to be sent: it gave nothing yet.
    """
    ours = sum(leg.amount for leg in legs if leg.key != sending and _is_shown(leg))
    under_ours = sum(refund.amount for refund in order.refunds if refund.key == return_id)
    others = sum(refund.amount for refund in order.refunds if not refund.key)
    return others + max(0, under_ours - ours)


def elsewhere_when_decided(leg: Leg) -> int:
    """What was given outside of our returns when a leg was decided, or when a person was last asked about it."""
    known = leg.work.get("elsewhere", 0)
    return known if isinstance(known, int) else 0


def is_by_hand(leg: Leg) -> bool:
    """Whether a person said that they did what the leg was to do."""
    return (leg.receipt or {}).get("kind") == BY_HAND


def _is_shown(leg: Leg) -> bool:
    """Whether the platform may show what a leg gave under its return: by hand, only where a refund there was named."""
    may_be = not is_by_hand(leg) or REFUND_ID in (leg.receipt or {})
    return leg.kind in PAYING_WITH_CREDIT and leg.state in LEAVES and may_be
