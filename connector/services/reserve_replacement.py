"""An exchange keeps its replacement from the moment it is asked for, where the channel can."""

from adapters.errors import NotConnected
from connector.application import Application
from connector.services.leg_progress import channel_of
from connector.services.quote_return import order_of
from connector.services.settle_return import hand_over
from connector.storage import settlement_store
from connector.storage.database import Unit
from domain.holds import given_up, release_of, reservations_of
from domain.orders import Order
from domain.returns import Return
from domain.settlement import Terms


def reserve(app: Application, unit: Unit, found: Return) -> None:
    """Have the replacements of a return kept, where there are any and the channel can."""
    order = order_of(unit, found.order_id)
    known, terms = settlement_store.legs_of(unit, found.id), Terms(currency=order.currency, digits=order.digits)
    legs = reservations_of(found, known, terms=terms)
    if legs and _can_reserve(app, unit, order):
        hand_over(app, unit, legs, order=order)


def release(app: Application, unit: Unit, found: Return) -> None:
    """Give up the reservations that no group of a return waits for any more; what was not begun never begins."""
    holds = given_up(found, settlement_store.legs_of(unit, found.id))
    legs = [release_of(hold) for hold in holds if not settlement_store.lapse(unit, hold.key, at=app.clock())]
    if legs:
        hand_over(app, unit, legs, order=order_of(unit, found.order_id))


def _can_reserve(app: Application, unit: Unit, order: Order) -> bool:
    try:
        return app.channels.for_shop(unit.shop, channel_of(unit.shop, order)).capabilities.reserves
    except NotConnected:
        return False
