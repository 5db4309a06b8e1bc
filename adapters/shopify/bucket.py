"""A shop's points: Shopify lets an app spend so many at once and so many a second, whichever process asks [D]."""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

FIRST_MAXIMUM = 1000.0
"""What the smallest plan holds: ten seconds of its 100 a second [D, C]; the first answer says what is true."""
FIRST_RATE = 100.0


class Level(Struct, frozen=True):
    """How full a bucket was `at` a time, in seconds of any clock that all who use it share.

    `reserved` was taken for requests that are not answered yet; of those that never will be it wears off.
    """

    available: float
    maximum: float
    rate: float
    at: float
    reserved: float = 0.0


class Cost(Struct, frozen=True):
    """What an answer says it cost; `actual` is None where it was throttled and did nothing."""

    requested: float
    actual: float | None
    available: float
    maximum: float
    rate: float


class Bucket(Protocol):
    """The one bucket of a shop."""

    def take(self, points: float) -> float:
        """Take points, or how many seconds until they are there; nothing is taken then."""

    def tell(self, cost: Cost, *, taken: float) -> None:
        """What Shopify said after points were taken."""


def full(at: float) -> Level:
    """A bucket of which nothing is known yet."""
    return Level(available=FIRST_MAXIMUM, maximum=FIRST_MAXIMUM, rate=FIRST_RATE, at=at)


def taken(level: Level, points: float, *, at: float) -> tuple[Level, float]:
    """The level after points were taken, or the wait in seconds until they are there. More than fits is taken whole."""
    now = _refilled(level, at=at)
    wanted = min(points, now.maximum)
    if now.available >= wanted:
        return replace(now, available=now.available - wanted, reserved=now.reserved + wanted), 0.0
    return now, (wanted - now.available) / now.rate


def told(level: Level, cost: Cost, *, taken_before: float, at: float) -> Level:
    """The level after an answer: what Shopify says is there, less what others have taken and were not answered for."""
    now = _refilled(level, at=at)
    reserved = max(0.0, now.reserved - taken_before)
    available = max(0.0, min(cost.available - reserved, cost.maximum))
    return Level(available=available, maximum=cost.maximum, rate=cost.rate, at=now.at, reserved=reserved)


def read_cost(answer: Mapping[str, object]) -> Cost | None:
    """What an answer's `extensions.cost` says, None where it says nothing."""
    extensions = answer.get("extensions")
    cost = extensions.get("cost") if isinstance(extensions, dict) else None
    status = cost.get("throttleStatus") if isinstance(cost, dict) else None
    if not isinstance(cost, dict) or not isinstance(status, dict):
        return None
    requested, actual = _number(cost.get("requestedQueryCost")), _number(cost.get("actualQueryCost"))
    available, maximum = _number(status.get("currentlyAvailable")), _number(status.get("maximumAvailable"))
    rate = _number(status.get("restoreRate"))
    if requested is None or available is None or not maximum or not rate:
        return None
    return Cost(requested=requested, actual=actual, available=available, maximum=maximum, rate=rate)


def _refilled(level: Level, *, at: float) -> Level:
    grown = max(0.0, at - level.at) * level.rate
    available = min(level.maximum, level.available + grown)
    return replace(level, available=available, at=max(at, level.at), reserved=max(0.0, level.reserved - grown))


def _number(found: object) -> float | None:
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None
