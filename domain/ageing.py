"""How long goods have been lying, in buckets of days."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

BUCKETS: tuple[tuple[int | None, str], ...] = (
    (2, "up to 2 days"),
    (7, "3 to 7 days"),
    (14, "8 to 14 days"),
    (30, "15 to 30 days"),
    (None, "more than 30 days"),
)
"""Each bucket with the most whole days that belong to it."""


class Lying(Struct, frozen=True):
    """A unit that lies: since when (UTC), and what was given for it in minor units of a currency."""

    since: datetime
    amount: int
    currency: str
    digits: int


class Bucket(Struct, frozen=True):
    """How many units have been lying so long, and what was given for them by currency and its decimals."""

    label: str
    units: int
    worth: tuple[tuple[int, str, int], ...]


def bucket_of(since: datetime, *, now: datetime) -> str:
    """The label of the bucket of what has been lying since a time."""
    days = max(now - since, timedelta()).days
    return next(label for most, label in BUCKETS if most is None or days <= most)


def aged(several: Iterable[Lying], *, now: datetime) -> tuple[Bucket, ...]:
    """All buckets, the freshest first, empty ones too."""
    by_label: dict[str, list[Lying]] = {label: [] for _, label in BUCKETS}
    for one in several:
        by_label[bucket_of(one.since, now=now)].append(one)
    return tuple(Bucket(label, len(found), worth(found)) for label, found in by_label.items())


def worth(several: Iterable[Lying]) -> tuple[tuple[int, str, int], ...]:
    """What was given for units, one sum a currency."""
    sums: dict[tuple[str, int], int] = {}
    for one in several:
        terms = (one.currency, one.digits)
        sums[terms] = sums.get(terms, 0) + one.amount
    return tuple((amount, currency, digits) for (currency, digits), amount in sorted(sums.items()))
