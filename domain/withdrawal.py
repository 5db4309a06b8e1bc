"""The statutory right to withdraw (Directive 2011/83/EU, articles 9 to 16; in the UK the CCR 2013)."""

from collections.abc import Iterable
from datetime import date, timedelta

from domain.accounts import Account
from domain.books import taxed
from domain.calendar import day_of, days_after
from domain.case import Case
from domain.money import share
from domain.orders import Order, ShippingLine
from domain.outside import Outside
from domain.windows import OPEN, Window, delivery_day

DAYS = 14
"""Article 9(1)."""

_EU = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
_PARTS_OF_THE_EU_WITH_CODES_OF_THEIR_OWN = "AX GF GP MF MQ RE YT"
_BESIDE_THE_EU = "IS LI NO GB"

COUNTRIES = frozenset(f"{_EU} {_PARTS_OF_THE_EU_WITH_CODES_OF_THEIR_OWN} {_BESIDE_THE_EU}".split())
"""Where the right holds: the EU, the EEA and the United Kingdom."""

SATURDAY = 5


def holds_in(country: str | None) -> bool:
    """Whether the shopper's country knows the right."""
    return country in COUNTRIES


def withdrawal_window(case: Case, accounts: Iterable[Account], *, outside: Outside) -> Window:
    """The window of the whole order, counted from its last unit's delivery; no end while any unit is unshipped."""
    charged = [account for account in accounts if account.units]
    if any(account.waiting for account in charged):
        return OPEN
    order, policy = case.order, case.policy
    delivered = [delivery_day(order, parcel, policy=policy) for account in charged for parcel in account.line.fulfilled]
    if not delivered:
        return OPEN
    last = _working_day(days_after(max(delivered), DAYS), order, outside=outside)
    closed = last < day_of(case.judged_at, policy.timezone)
    return Window(closed=sum(account.units for account in charged) if closed else 0, last=last)


def _working_day(day: date, order: Order, *, outside: Outside) -> date:
    """The day itself or the next that is no Saturday, Sunday or holiday (Regulation 1182/71, article 3(4))."""
    country, region = order.ship_to.country, order.ship_to.region
    while day.weekday() >= SATURDAY or (country and outside.is_holiday(day, country, region)):
        day += timedelta(days=1)
    return day


def standard_delivery(order: Order) -> int:
    """What the standard delivery cost, tax included: of each delivery the price paid, at most the standard price."""
    return sum(_standard(order, line) for line in order.shipping)


def _standard(order: Order, line: ShippingLine) -> int:
    paid = line.price - line.discount
    owed = paid if line.standard_price is None else min(paid, line.standard_price)
    tax = line.tax if owed == paid else share(line.tax, owed, paid)
    return taxed(order, owed, tax=tax)
