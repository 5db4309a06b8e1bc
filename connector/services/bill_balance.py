"""A balance is billed on the storefront, and the replacement released when the shopper has paid it there."""

from collections.abc import Mapping
from functools import partial

from adapters.channel import Bill, Billing, Receipt
from adapters.errors import ChannelError, ChannelSlow
from connector.application import Application, Step
from connector.services.ask_payment import bill_of, billing
from connector.services.collect_balance import ONLINE, paid_on_the_storefront
from connector.services.leg_progress import leg_of
from connector.services.paid_late import tell_a_person
from connector.storage import settlement_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.settlement import Leg, LegState

PAID_BESIDES = "The balance was paid on the storefront as well, after it was taken or given up. Please give it back."


def bill_balance(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: bill a balance, or withdraw the bill of one that has ended.

    What the platform refuses is said, and the balance can be paid at a counter.
    """
    step("bill", lambda: _billed(app, shop, key=str(payload["leg"])))


def look_at_bill(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: read whether a bill was paid, and release the replacement if it was."""
    step("look", lambda: _looked_at(app, shop, key=str(payload["leg"])))


def _billed(app: Application, shop: Shop, *, key: str) -> str:
    leg, channel = _standing(app, shop, key)
    if channel is None:
        return ""
    try:
        if leg.state == LegState.AWAITED:
            receipt = channel.bill(_bill(leg))
            leg = app.database.write(shop, partial(_kept, key=key, receipt=receipt))
        _end(app, shop, channel, leg)
    except ChannelSlow:
        raise
    except ChannelError as refusal:
        return refusal.message
    return ""


def _looked_at(app: Application, shop: Shop, *, key: str) -> bool:
    """Whether it was paid."""
    leg, channel = _standing(app, shop, key)
    if channel is None or not bill_of(leg):
        return False
    _end(app, shop, channel, leg)
    if leg.state != LegState.AWAITED or not channel.is_paid(key):
        return False
    app.database.write(shop, partial(paid_on_the_storefront, app, leg_key=key))
    return True


def _standing(app: Application, shop: Shop, key: str) -> tuple[Leg, Billing | None]:
    """The leg as it is now, and where it can be billed."""
    with app.database.read(shop) as unit:
        leg = leg_of(unit, key)
        return leg, billing(app, unit, leg)


def _kept(unit: Unit, *, key: str, receipt: Receipt) -> Leg:
    """The leg, with where it can be paid if it still is to be."""
    leg = leg_of(unit, key)
    if leg.state == LegState.AWAITED:
        bill = {"reference": receipt.reference, **receipt.details}
        settlement_store.rework(unit, key, work={**leg.work, "bill": bill})
    return leg


def _end(app: Application, shop: Shop, channel: Billing, leg: Leg) -> None:
    """Let the bill of a balance that was taken or given up otherwise be paid no more; a payment is for a person."""
    if leg.state == LegState.AWAITED or _is_paid_by_bill(leg) or channel.withdraw(leg.key):
        return
    app.database.write(shop, partial(_paid_besides, app, key=leg.key))


def _paid_besides(app: Application, unit: Unit, *, key: str) -> None:
    leg = leg_of(unit, key)
    if not _is_paid_by_bill(leg):
        tell_a_person(app, unit, leg, why=PAID_BESIDES)


def _is_paid_by_bill(leg: Leg) -> bool:
    return leg.state == LegState.SETTLED and (leg.receipt or {}).get("reference") == ONLINE


def _bill(leg: Leg) -> Bill:
    return Bill(
        key=leg.key,
        order_id=leg.order_id,
        return_id=leg.return_id,
        amount=leg.amount,
        currency=leg.currency,
        digits=leg.digits,
    )
