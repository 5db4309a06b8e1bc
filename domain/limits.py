"""How much each role gives back at once without somebody else's approval."""

from collections.abc import Mapping

from msgspec import Struct


class Limits(Struct, frozen=True):
    """The most that each role gives back at once, in minor units; None is no limit, a role that is not named has 0."""

    by_role: Mapping[str, int | None]
    currency: str
    digits: int


def is_within(limits: Limits, role: str, *, amount: int, currency: str, digits: int) -> bool:
    """Whether a role gives that much back by itself; what is in another currency than a limit is beyond it."""
    most = limits.by_role.get(role, 0)
    if most is None or amount == 0:
        return True
    return currency == limits.currency and amount * 10**limits.digits <= most * 10**digits
