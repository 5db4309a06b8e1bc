"""Figures as shapes."""

from datetime import date, timedelta

from connector.storage.figures_store import Count, DayTotal
from connector.web.charts import DAYS, HEIGHT, LEAST_HEIGHT, WIDTH, day_charts, shares

TODAY = date(2026, 11, 20)


def total(days_ago: int, amount: int, currency: str = "USD") -> DayTotal:
    return DayTotal(day=TODAY - timedelta(days=days_ago), amount=amount, currency=currency, digits=2)


def test_every_day_has_a_bar_and_the_largest_fills_the_height():
    (chart,) = day_charts([total(0, 2000), total(1, 1000)], today=TODAY, currency="USD")
    assert len(chart.bars) == DAYS
    assert [bar.height for bar in chart.bars[-2:]] == [HEIGHT / 2, HEIGHT]
    assert (chart.total, chart.most) == (3000, 2000)
    assert chart.bars[-1].x + chart.bars[-1].width <= WIDTH


def test_a_small_amount_can_still_be_seen():
    (chart,) = day_charts([total(0, 1_000_000), total(1, 1)], today=TODAY, currency="USD")
    assert chart.bars[-2].height == LEAST_HEIGHT


def test_each_currency_has_its_own_chart():
    charts = day_charts([total(0, 10), total(0, 20, "EUR")], today=TODAY, currency="USD")
    assert [chart.currency for chart in charts] == ["EUR", "USD"]


def test_without_money_there_is_an_empty_chart_in_the_shops_currency():
    (chart,) = day_charts([], today=TODAY, currency="JPY")
    assert (chart.currency, chart.digits, chart.is_empty) == ("JPY", 0, True)


def test_what_is_older_than_thirty_days_is_not_drawn():
    (chart,) = day_charts([total(DAYS, 10), total(0, 5)], today=TODAY, currency="USD")
    assert chart.total == 5


def test_shares_are_beside_the_largest():
    assert [share.percent for share in shares([Count("a", 4), Count("b", 1)])] == [100.0, 25.0]
    assert shares([]) == ()
