"""What is given instead of an exchange that cannot be had or is not paid for."""

from collections.abc import Collection

from msgspec.structs import replace

from domain.returns import UnitGroup

WAYS = ("refund", "store_credit")


def instead(group: UnitGroup, offered: Collection[str]) -> str:
    """What the shopper chose beforehand where the shop offers it, else what it does offer."""
    return next((way for way in (group.fallback or WAYS[0], *WAYS) if way in offered), WAYS[0])


def without_exchange(group: UnitGroup, offered: Collection[str]) -> UnitGroup:
    """The group as it is once its exchange is off; any other as it was."""
    return replace(group, resolution=instead(group, offered)) if group.resolution == "exchange" else group
