"""Figures as shapes: pure geometry for the pictures that the server draws."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from connector.storage.figures_store import Count, DayTotal
from domain.currencies import DIGITS

DAYS = 30
WIDTH = 300.0
HEIGHT = 100.0
GAP = 0.25
LEAST_HEIGHT = 1.5


class Bar(Struct, frozen=True):
    """A day's bar in a picture of WIDTH by HEIGHT; `amount` is in minor units."""

    day: date
    amount: int
    x: float
    y: float
    width: float
    height: float


class DayChart(Struct, frozen=True):
    """What was given back on each of the last thirty days in one currency; amounts are in minor units."""

    currency: str
    digits: int
    bars: tuple[Bar, ...]
    total: int
    most: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given back on any day."""
        return not any(bar.amount for bar in self.bars)


class Share(Struct, frozen=True):
    """A count beside the largest of its kind: `percent` of its length."""

    name: str
    units: int
    percent: float


def day_charts(totals: Sequence[DayTotal], *, today: date, currency: str) -> tuple[DayChart, ...]:
    """A chart for each currency in which something was given back; an empty one in the shop's when nothing was."""
    kinds = sorted({(total.currency, total.digits) for total in totals}) or [(currency, DIGITS[currency])]
    return tuple(_day_chart(totals, currency=currency, digits=digits, today=today) for currency, digits in kinds)


def shares(counts: Sequence[Count]) -> tuple[Share, ...]:
    """Each count with its length beside the largest."""
    most = max((count.units for count in counts), default=1)
    return tuple(Share(count.name, count.units, round(100 * count.units / most, 1)) for count in counts)


def _day_chart(totals: Sequence[DayTotal], *, currency: str, digits: int, today: date) -> DayChart:
    of_day = {total.day: total.amount for total in totals if (total.currency, total.digits) == (currency, digits)}
    days = [today - timedelta(days=DAYS - 1 - n) for n in range(DAYS)]
    amounts = [of_day.get(day, 0) for day in days]
    most = max(amounts)
    bars = tuple(_bar(n, day, of_day.get(day, 0), most=most) for n, day in enumerate(days))
    return DayChart(currency=currency, digits=digits, bars=bars, total=sum(amounts), most=most)


def _bar(n: int, day: date, amount: int, *, most: int) -> Bar:
    step = WIDTH / DAYS
    height = max(round(HEIGHT * amount / most, 2), LEAST_HEIGHT) if amount else 0.0
    return Bar(
        day=day,
        amount=amount,
        x=round(n * step + GAP * step / 2, 2),
        y=round(HEIGHT - height, 2),
        width=round(step * (1 - GAP), 2),
        height=height,
    )
