"""How long goods may come back: every parcel has its own window."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from domain.accounts import Account
from domain.calendar import day_of, days_after
from domain.case import Case
from domain.orders import Fulfillment, Order
from domain.policy import Policy


class Window(Struct, frozen=True):
    """The windows of a line's parcels: how many units' are `closed`, and the `last` day of all, if any."""

    closed: int
    last: date | None


OPEN = Window(closed=0, last=None)
"""No window: nothing that could come back was shipped, or no end is in sight."""


class Calendar(Struct, frozen=True):
    """What all windows of a case are held against: the day it is judged on, and until when its windows are extended."""

    judged_on: date
    extended: date | None

    @classmethod
    def of(cls, case: Case) -> "Calendar":
        """The calendar of a case."""
        return cls(day_of(case.judged_at, case.policy.timezone), extended_until(case.order, case.policy))


def start_days(case: Case, account: Account) -> Mapping[date, int]:
    """The units of a line by the day from which the days of their window are counted."""
    units: dict[date, int] = defaultdict(int)
    for parcel in account.line.fulfilled:
        units[_starts(case.order, parcel, policy=case.policy)] += parcel.quantity
    return units


def return_window(calendar: Calendar, starts: Mapping[date, int], *, days: int) -> Window:
    """The windows of a line for a return, when the ordinary one is `days` long; `starts` are its `start_days`."""
    closed, last = 0, None
    for start, units in starts.items():
        ends = days_after(start, days)
        if calendar.extended is not None and calendar.extended > ends:
            ends = calendar.extended
        if ends < calendar.judged_on:
            closed += units
        if last is None or ends > last:
            last = ends
    return Window(closed, last)


def extended_until(order: Order, policy: Policy) -> date | None:
    """The last day of the latest extension that covers the purchase."""
    if not policy.extended:
        return None
    bought = day_of(order.placed_at, policy.timezone)
    untils = [entry.until for entry in policy.extended if entry.until is not None and entry.covers(bought)]
    return max(untils, default=None)


def delivery_day(order: Order, parcel: Fulfillment, *, policy: Policy) -> date:
    """The day a parcel was delivered, else as many days after it left as goods travel."""
    if parcel.delivered_at is not None:
        return day_of(parcel.delivered_at, policy.timezone)
    return days_after(day_of(parcel.at or order.placed_at, policy.timezone), policy.transit_days)


def _starts(order: Order, parcel: Fulfillment, *, policy: Policy) -> date:
    """The day from which the days of a parcel's window are counted."""
    if policy.starts == "delivered":
        return delivery_day(order, parcel, policy=policy)
    fulfilled_at = parcel.at or parcel.delivered_at or order.placed_at
    return day_of(order.placed_at if policy.starts == "placed" else fulfilled_at, policy.timezone)
