"""The figures of the dashboard, as of a moment."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct
from sqlalchemy import ColumnElement, func, select

from connector.storage import return_store, settlement_store
from connector.storage.database import Unit
from connector.storage.scope import of_shop
from connector.storage.tables.money_tables import ledger
from connector.storage.tables.return_tables import return_groups, returns
from domain.settlement import LegKind
from domain.transitions import Acceptance

PERIOD = timedelta(days=30)
MOST = 10
UNSTATED = "unstated"


class DayTotal(Struct, frozen=True):
    """What was given back on a day (UTC) in one currency, in minor units."""

    day: date
    amount: int
    currency: str
    digits: int


class Count(Struct, frozen=True):
    """So many units came back of a product, or for a reason."""

    name: str
    units: int


class Figures(Struct, frozen=True):
    """What the merchant sees first.

    `open_returns` counts returns by status, `given_back` leaves out days without money; money, reasons and products
    are those of the last thirty days; `waiting` counts decisions and payments that wait for a person.
    """

    open_returns: Mapping[str, int]
    given_back: tuple[DayTotal, ...]
    reasons: tuple[Count, ...]
    products: tuple[Count, ...]
    waiting: int


def figures(unit: Unit, *, now: datetime) -> Figures:
    """The figures of the shop as of now."""
    since = now - PERIOD
    reason = func.coalesce(return_groups.c.reason, UNSTATED)
    return Figures(
        open_returns=Counter(found.status for found in return_store.unfinished(unit)),
        given_back=_given_back(unit, since=since),
        reasons=_most(unit, reason, since=since),
        products=_most(unit, return_groups.c.title, since=since),
        waiting=len(return_store.undecided(unit)) + len(settlement_store.waiting_for_a_person(unit)),
    )


def _given_back(unit: Unit, *, since: datetime) -> tuple[DayTotal, ...]:
    day, total = func.date(ledger.c.at), func.sum(ledger.c.amount)
    terms = (day, ledger.c.currency, ledger.c.digits)
    given = (ledger.c.amount > 0) & (ledger.c.kind != LegKind.COLLECT)
    money = of_shop(unit, ledger) & (ledger.c.at >= since) & given
    found = unit.connection.execute(select(*terms, total).where(money).group_by(*terms).order_by(*terms))
    return tuple(
        DayTotal(day=date.fromisoformat(str(on)), amount=int(amount), currency=currency, digits=digits)
        for on, currency, digits, amount in found
    )


def _most(unit: Unit, name: ColumnElement[str], *, since: datetime) -> tuple[Count, ...]:
    """The most frequent names of what came back, or is on its way."""
    units = func.sum(return_groups.c.quantity)
    its_return = (returns.c.shop_id == return_groups.c.shop_id) & (returns.c.id == return_groups.c.return_id)
    counted = (
        select(name, units)
        .join(returns, its_return)
        .where(of_shop(unit, return_groups), returns.c.opened_at >= since)
        .where(return_groups.c.acceptance != Acceptance.REJECTED)
        .group_by(name)
        .order_by(units.desc(), name)
        .limit(MOST)
    )
    return tuple(Count(name=found, units=int(total)) for found, total in unit.connection.execute(counted))
