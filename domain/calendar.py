"""Days as a window counts them: calendar days in the shop's time zone, the last one until midnight."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LAST_DAY = date(9990, 12, 31)
LAST_MOMENT = time(23, 59, 59, 999999)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of a moment in a time zone."""
    return moment.astimezone(zone).date()


def days_after(day: date, days: int) -> date:
    """The day so many days later, at most LAST_DAY."""
    return date.fromordinal(min(day.toordinal() + days, LAST_DAY.toordinal()))


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last microsecond of a day in a time zone; where clocks go back over it, the second one."""
    return datetime.combine(day, LAST_MOMENT, tzinfo=zone).replace(fold=1)


def written(moment: datetime) -> str:
    """A moment as quotes write it: six decimals, UTC as +00:00."""
    offset = moment.utcoffset()
    whole_minutes = offset is not None and not offset.total_seconds() % 60
    return (moment if whole_minutes else moment.astimezone(UTC)).isoformat(timespec="microseconds")
