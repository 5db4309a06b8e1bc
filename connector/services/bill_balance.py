"""A balance is billed on the storefront, and the replacement released when the shopper has paid it there."""

from collections.abc import Mapping
from functools import partial

from adapters.channel import Bill, Billing, Receipt
from adapters.errors import ChannelError, ChannelSlow
from connector.application import Application, Step
from connector.services.ask_payment import bill_of, billing
from connector.services.collect_balance import paid_on_the_storefront
from connector.services.leg_progress import leg_of
from connector.storage import settlement_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.settlement import Leg, LegState


def bill_balance(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: bill a balance; what the platform refuses is said, and the balance can be paid at a counter."""
    step("bill", lambda: _billed(app, shop, key=str(payload["leg"])))


def look_at_bill(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: read whether a bill was paid, and release the replacement if it was."""
    step("look", lambda: _looked_at(app, shop, key=str(payload["leg"])))


def _billed(app: Application, shop: Shop, *, key: str) -> str:
    leg, channel = _awaited(app, shop, key)
    if channel is None:
        return ""
    try:
        receipt = channel.bill(_bill(leg))
        is_awaited = app.database.write(shop, lambda unit: _keep(unit, key, receipt=receipt))
        if not is_awaited:
            channel.withdraw(key)
    except ChannelSlow:
        raise
    except ChannelError as refusal:
        return refusal.message
    return ""


def _looked_at(app: Application, shop: Shop, *, key: str) -> bool:
    """Whether it was paid."""
    leg, channel = _awaited(app, shop, key)
    if channel is None or not bill_of(leg) or not channel.is_paid(key):
        return False
    app.database.write(shop, partial(paid_on_the_storefront, app, leg_key=key))
    return True


def _awaited(app: Application, shop: Shop, key: str) -> tuple[Leg, Billing | None]:
    """The leg, and where it can be billed while it waits for the shopper's money."""
    with app.database.read(shop) as unit:
        leg = leg_of(unit, key)
        return leg, billing(app, unit, leg) if leg.state == LegState.AWAITED else None


def _keep(unit: Unit, key: str, *, receipt: Receipt) -> bool:
    """Write down where it can be paid; whether it still is to be."""
    leg = leg_of(unit, key)
    if leg.state != LegState.AWAITED:
        return False
    bill = {"reference": receipt.reference, **receipt.details}
    settlement_store.rework(unit, key, work={**leg.work, "bill": bill})
    return True


def _bill(leg: Leg) -> Bill:
    return Bill(
        key=leg.key,
        order_id=leg.order_id,
        return_id=leg.return_id,
        amount=leg.amount,
        currency=leg.currency,
        digits=leg.digits,
    )
