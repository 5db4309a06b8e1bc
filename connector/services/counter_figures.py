"""Figures of counters: who took in how much in which time, what was given, and how the drawer should have moved."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from connector.application import Application
from connector.services.audit import Audited, record
from connector.services.counter_money import CASH
from connector.services.locations import known
from connector.storage import approval_store, counter_store, location_store, staff_store
from connector.storage.approval_store import Approval
from connector.storage.counter_store import MoneyLine, Receiving
from connector.storage.database import Unit
from connector.storage.location_store import Location
from connector.storage.shop_store import Shop
from domain.events import Actor
from domain.settlement import LegKind

UTC = "UTC"
Sums = tuple[tuple[int, str, int], ...]
"""One sum a currency: the amount in minor units, the currency, its decimals."""


class Work(Struct, frozen=True):
    """What one person did at one location: `minutes` is the average a return, of those whose beginning is known."""

    person: str
    location: str
    returns: int
    units: int
    minutes: float | None
    given: Sums
    taken: Sums
    overrides: int


class CashLine(Struct, frozen=True):
    """Cash that left the drawer, or came in (`amount` above 0), in minor units; `at` is in the location's time zone."""

    at: datetime
    person: str
    return_id: str
    kind: str
    amount: int
    currency: str
    digits: int


class Movement(Struct, frozen=True):
    """How a drawer should have moved by what one person did, or all did, in one currency."""

    person: str
    paid_out: int
    taken: int
    currency: str
    digits: int

    @property
    def net(self) -> int:
        """What there should be more (or less) in the drawer."""
        return self.taken - self.paid_out


class CashUp(Struct, frozen=True):
    """The cash of a location on a day of its own time zone: every line, by person, and in all."""

    location: Location
    day: date
    lines: tuple[CashLine, ...]
    by_person: tuple[Movement, ...]
    expected: tuple[Movement, ...]


def work_done(app: Application, shop: Shop, *, first: date, last: date) -> tuple[Work, ...]:
    """What people did at each location from one day to another, both included, each in its own time zone."""
    with app.database.read(shop) as unit:
        names = {one.id: one.name for one in staff_store.list_staff(unit)}
        places = (*location_store.list_locations(unit), None)
        return tuple(row for place in places for row in _at_place(unit, place, names=names, first=first, last=last))


def cash_up(app: Application, shop: Shop, *, location_id: int, day: date) -> CashUp:
    """The cash of a location on a day; raises NotFound."""
    with app.database.read(shop) as unit:
        location = known(unit, location_id)
        names = {one.id: one.name for one in staff_store.list_staff(unit)}
        begin, end = _hours(location, day, day)
        money = [line for line in counter_store.money_between(unit, begin, end=end) if _is_cash(line, location)]
    zone = ZoneInfo(location.terms.time_zone)
    lines = tuple(_cash_line(line, zone=zone, names=names) for line in money)
    people = sorted({line.person for line in lines})
    by_person = (row for who in people for row in _moved(who, (line for line in lines if line.person == who)))
    return CashUp(location, day, lines, tuple(by_person), tuple(_moved("", lines)))


def today(app: Application, location: Location | None) -> date:
    """The day at a location now."""
    return app.clock().astimezone(ZoneInfo(location.terms.time_zone if location else UTC)).date()


def note_export(app: Application, shop: Shop, *, what: str, actor: Actor) -> None:
    """Write down that figures were taken away."""
    app.database.write(shop, lambda unit: record(app, unit, Audited.EXPORTED, actor=actor, about=what))


def _at_place(unit: Unit, place: Location | None, *, names: dict[int, str], first: date, last: date) -> Iterator[Work]:
    begin, end = _hours(place, first, last)
    at = place.id if place else None
    took = [one for one in counter_store.receivings_between(unit, begin, end=end) if one.location_id == at]
    money = [one for one in counter_store.money_between(unit, begin, end=end) if one.location_id == at]
    approved = [one for one in approval_store.used_between(unit, begin, end=end) if one.location_id == at]
    everybody = {one.staff_id for one in took} | {one.staff_id for one in money} | {one.asked_by for one in approved}
    for staff_id in sorted(everybody, key=lambda one: names[one].casefold()):
        yield _work(staff_id, place, names=names, took=took, money=money, approved=approved)


def _work(
    staff_id: int, place: Location | None, *, names: dict[int, str], took: Sequence[Receiving],
    money: Sequence[MoneyLine], approved: Sequence[Approval],
) -> Work:  # fmt: skip
    mine = [one for one in took if one.staff_id == staff_id]
    moved = [one for one in money if one.staff_id == staff_id]
    return Work(
        person=names[staff_id],
        location=place.name if place else "",
        returns=len({one.return_id for one in mine}),
        units=sum(one.units for one in mine),
        minutes=_minutes(mine),
        given=_sums(one for one in moved if one.kind != LegKind.COLLECT),
        taken=_sums(one for one in moved if one.kind == LegKind.COLLECT),
        overrides=sum(one.asked_by == staff_id for one in approved),
    )


def _minutes(took: Sequence[Receiving]) -> float | None:
    spent = [(one.at - one.begun_at).total_seconds() for one in took if one.begun_at is not None]
    return round(sum(spent) / len(spent) / 60, 1) if spent else None


def _sums(lines: Iterable[MoneyLine]) -> Sums:
    sums: dict[tuple[str, int], int] = {}
    for line in lines:
        terms = (line.currency, line.digits)
        sums[terms] = sums.get(terms, 0) + line.amount
    return tuple((amount, currency, digits) for (currency, digits), amount in sorted(sums.items()))


def _hours(place: Location | None, first: date, last: date) -> tuple[datetime, datetime]:
    """From the first midnight to the last one of some days at a place."""
    zone = ZoneInfo(place.terms.time_zone if place else UTC)
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def _is_cash(line: MoneyLine, location: Location) -> bool:
    return line.location_id == location.id and line.tender == CASH


def _cash_line(line: MoneyLine, *, zone: ZoneInfo, names: dict[int, str]) -> CashLine:
    amount = line.amount if line.kind == LegKind.COLLECT else -line.amount
    at = line.at.astimezone(zone)
    return CashLine(at, names[line.staff_id], line.return_id, line.kind, amount, line.currency, line.digits)


def _moved(who: str, lines: Iterable[CashLine]) -> Iterator[Movement]:
    by_terms: dict[tuple[str, int], list[int]] = {}
    for line in lines:
        by_terms.setdefault((line.currency, line.digits), []).append(line.amount)
    for (currency, digits), amounts in sorted(by_terms.items()):
        out, taken = -sum(one for one in amounts if one < 0), sum(one for one in amounts if one > 0)
        yield Movement(who, out, taken, currency, digits)
