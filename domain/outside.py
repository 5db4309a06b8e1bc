"""What the rules need of the world beyond the standard library."""

from collections.abc import Callable
from datetime import date

from msgspec import Struct


class Outside(Struct, frozen=True):
    """Calendars and patterns, passed in so that the rules stay pure.

    `is_holiday(day, country, region)` says whether a day is a public holiday there (ISO 3166 codes; region may be
    None). `search(pattern, text)` finds a pattern in a text in linear time, and raises
    Malformed for what is no pattern.
    """

    is_holiday: Callable[[date, str, str | None], bool]
    search: Callable[[str, str], bool]
