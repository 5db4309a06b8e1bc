"""Days as a window counts them: calendar days in the shop's time zone, the last one until midnight."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LAST_DAY = date(9990, 12, 31)
LAST_ORDINAL = LAST_DAY.toordinal()
LAST_MOMENT = time(23, 59, 59, 999999, fold=1)
WITH_WHOLE_MINUTES = len("2026-10-05T23:59:59.999999-04:00")
"""How long a moment is whose offset has no seconds."""


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of a moment in a time zone."""
    return moment.astimezone(zone).date()


def days_after(day: date, days: int) -> date:
    """The day so many days later, at most LAST_DAY."""
    return date.fromordinal(min(day.toordinal() + days, LAST_ORDINAL))


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last microsecond of a day in a time zone; where clocks go back over it, the second one."""
    return datetime.combine(day, LAST_MOMENT, tzinfo=zone)


def written(moment: datetime) -> str:
    """A moment as quotes write it: six decimals, UTC as +00:00."""
    text = moment.isoformat(timespec="microseconds")
    if len(text) == WITH_WHOLE_MINUTES:
        return text
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
