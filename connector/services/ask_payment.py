"""A balance that can be paid on the storefront is billed there, as soon as it is decided."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from adapters.channel import Billing
from adapters.errors import NotConnected
from connector.application import Application
from connector.services.leg_progress import channel_of
from connector.services.quote_return import order_of
from connector.storage import settlement_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.settlement import Leg, LegState

JOB = "bill_balance"
LOOK_JOB = "look_at_bill"
EVER = datetime.max.replace(tzinfo=UTC)


def ask_for(app: Application, unit: Unit, legs: Sequence[Leg]) -> None:
    """Let what the shopper still has to pay be billed, where the order's channel can."""
    for leg in legs:
        if leg.state == LegState.AWAITED and billing(app, unit, leg) is not None:
            app.jobs.enqueue(unit, JOB, key=leg.key, payload={"leg": leg.key})


def withdraw_soon(app: Application, unit: Unit, leg: Leg) -> None:
    """Let the bill of a balance that has just ended be withdrawn, if there is one."""
    if billing(app, unit, leg) is not None:
        app.jobs.enqueue(unit, JOB, key=f"{leg.key}:ended", payload={"leg": leg.key})


def look_whether_paid(app: Application, unit: Unit, order_id: str, *, turn: str) -> None:
    """Let it be looked whether a bill was paid, if the order that changed is one; `turn` names the change."""
    for leg in awaited_bills(unit):
        if bill_of(leg) == order_id:
            look_at(app, unit, leg, turn=turn)


def look_at(app: Application, unit: Unit, leg: Leg, *, turn: str) -> None:
    """Let it be looked whether the bill of a leg was paid."""
    app.jobs.enqueue(unit, LOOK_JOB, key=f"{leg.key}:{turn}", payload={"leg": leg.key})


def awaited_bills(unit: Unit) -> Sequence[Leg]:
    """The legs that shoppers can still pay on a storefront."""
    keys = settlement_store.standing(unit, state=LegState.AWAITED, since=EVER)
    found = (settlement_store.get(unit, key) for key in keys)
    return [leg for leg in found if leg is not None and bill_of(leg)]


def billing(app: Application, unit: Unit, leg: Leg) -> Billing | None:
    """The channel on whose storefront a leg's balance can be paid."""
    return billing_of(app, unit.shop, channel_of(unit.shop, order_of(unit, leg.order_id)))


def billing_of(app: Application, shop: Shop, name: str) -> Billing | None:
    """The channel of that name, if balances can be paid on its storefront."""
    try:
        channel = app.channels.for_shop(shop, name)
    except NotConnected:
        return None
    return cast("Billing", channel) if channel.capabilities.bills else None


def bill_of(leg: Leg) -> str:
    """The platform's order by which a balance can be paid; empty where there is none."""
    return _billed(leg, "order")


def pay_at(leg: Leg) -> str:
    """Where a balance can be paid; empty where it cannot on a storefront."""
    return _billed(leg, "address")


def _billed(leg: Leg, name: str) -> str:
    bill = leg.work.get("bill")
    return str(bill.get(name) or "") if isinstance(bill, dict) else ""
