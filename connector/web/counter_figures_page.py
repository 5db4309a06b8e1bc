"""Figures of counters by person and location, and the cash-up of a location on a day."""

from datetime import date, timedelta
from decimal import Decimal

from starlette.responses import Response
from starlette.routing import Route

from connector.services import counter_figures, locations
from connector.services.counter_figures import CashUp, Sums
from connector.services.errors import InvalidInput, NotFound
from connector.services.roles import Action
from connector.storage.location_store import Location
from connector.web.doors import Visit, staff_page
from connector.web.rendering import render
from connector.web.shift_page import number_of
from connector.web.spreadsheet import csv_file
from domain.money import format_amount

FIGURES = "/shops/{shop}/dashboard/counters"
CASH = "/shops/{shop}/dashboard/cash-up"
WORK_COLUMNS = ("location", "person", "returns", "units", "minutes_per_return", "given", "taken", "overrides")
CASH_COLUMNS = ("at", "person", "return", "kind", "amount", "currency")
MOST_DAYS = 366
A_WEEK = timedelta(days=6)


def figures(visit: Visit) -> Response:
    """What people did, of the last week or from one day to another."""
    first, last, problem = _days(visit)
    work = counter_figures.work_done(visit.app, visit.shop, first=first, last=last)
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "work": work,
        "first": first,
        "last": last,
        "problem": problem,
        "once": visit.app.token(),
    }
    return render(visit.request, "counter_figures.html", context, status=422 if problem else 200)


def export_figures(visit: Visit) -> Response:
    """The same as a file."""
    first, last, _ = _days(visit)
    counter_figures.note_export(visit.app, visit.shop, what="figures of counters", actor=visit.actor)
    rows = (
        (
            one.location,
            one.person,
            one.returns,
            one.units,
            one.minutes,
            _sums(one.given),
            _sums(one.taken),
            one.overrides,
        )
        for one in counter_figures.work_done(visit.app, visit.shop, first=first, last=last)
    )
    return csv_file(f"counters-{visit.shop.slug}-{first}-{last}", WORK_COLUMNS, rows=rows)


def cash(visit: Visit) -> Response:
    """The cash-up of a location on a day, to be printed."""
    everywhere = locations.everywhere(visit.app, visit.shop)
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "locations": everywhere,
        "report": _report(visit) if everywhere else None,
        "once": visit.app.token(),
    }
    return render(visit.request, "cash_up.html", context)


def export_cash(visit: Visit) -> Response:
    """The same as a file."""
    report = _report(visit)
    about = f"cash-up of {report.location.name}, {report.day}"
    counter_figures.note_export(visit.app, visit.shop, what=about, actor=visit.actor)
    rows = (
        (one.at.isoformat(), one.person, one.return_id, one.kind, _signed(one.amount, one.digits), one.currency)
        for one in report.lines
    )
    return csv_file(f"cash-up-{visit.shop.slug}-{report.location.id}-{report.day}", CASH_COLUMNS, rows=rows)


def _report(visit: Visit) -> CashUp:
    location = _location(visit)
    day = _day(_said(visit, "day")) or counter_figures.today(visit.app, location)
    return counter_figures.cash_up(visit.app, visit.shop, location_id=location.id, day=day)


def _location(visit: Visit) -> Location:
    everywhere = locations.everywhere(visit.app, visit.shop)
    wanted = number_of(_said(visit, "location")) or visit.post.location_id
    found = next((one for one in everywhere if one.id == wanted), None)
    if found is None:
        raise NotFound("There is no such location in this shop.")
    return found


def _days(visit: Visit) -> tuple[date, date, str]:
    """The days that are asked for, and what is wrong with them."""
    now = counter_figures.today(visit.app, visit.present.location if visit.present else None)
    last = _day(_said(visit, "last")) or now
    first = _day(_said(visit, "first")) or last - A_WEEK
    if first > last or (last - first).days > MOST_DAYS:
        return last - A_WEEK, last, "Ask for a year at most, the earlier day first."
    return first, last, ""


def _day(text: str) -> date | None:
    """A day as browsers write it, None for none; raises InvalidInput."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("Write a day like 2026-11-20.", at="day") from None
    if not date(2000, 1, 1) <= found <= date(2200, 1, 1):
        raise InvalidInput("That day is too far away.", at="day")
    return found


def _said(visit: Visit, name: str) -> str:
    return visit.field(name) or visit.query(name)


def _sums(sums: Sums) -> str:
    return "; ".join(f"{format_amount(amount, digits)} {currency}" for amount, currency, digits in sums)


def _signed(amount: int, digits: int) -> Decimal:
    """A figure that a spreadsheet adds up."""
    return Decimal(amount).scaleb(-digits)


routes = [
    Route(FIGURES, staff_page(figures, to=Action.SEE_FIGURES), methods=["GET"]),
    Route(f"{FIGURES}.csv", staff_page(export_figures, to=Action.EXPORT), methods=["POST"]),
    Route(CASH, staff_page(cash, to=Action.SEE_FIGURES), methods=["GET"]),
    Route(f"{CASH}.csv", staff_page(export_cash, to=Action.EXPORT), methods=["POST"]),
]
