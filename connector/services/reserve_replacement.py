"""An exchange keeps its replacement from the moment it is asked for, where the channel can."""

from msgspec.structs import replace

from adapters.errors import NotConnected
from connector.application import Application
from connector.services.leg_progress import channel_of
from connector.services.quote_return import order_of
from connector.services.settle_return import hand_over
from connector.storage import settlement_store
from connector.storage.database import Unit
from domain.holds import given_up, release_of, reservations_of, wanted_again
from domain.orders import Order
from domain.returns import Return
from domain.settlement import Leg, LegState, Terms


def reserve(app: Application, unit: Unit, found: Return) -> None:
    """Have the replacements of a return kept, where there are any and the channel can.

    One that is still kept and was only about to be given up is kept on: anew there might be none left.
    """
    order = order_of(unit, found.order_id)
    terms = Terms(currency=order.currency, digits=order.digits)
    legs = reservations_of(found, _kept_on(app, unit, found), terms=terms)
    if legs and _can_reserve(app, unit, order):
        hand_over(app, unit, legs, order=order)


def release(app: Application, unit: Unit, found: Return) -> None:
    """Give up the reservations of which a return does not need all; what was not begun never begins.

    What it waits for and nobody keeps then is kept anew, right after that.
    """
    known = settlement_store.legs_of(unit, found.id)
    over = given_up(found, known)
    lapsed = {hold.key for hold in over if settlement_store.lapse(unit, hold.key, at=app.clock())}
    released = tuple(release_of(hold, known) for hold in over if hold.key not in lapsed)
    left = [replace(leg, state=LegState.LAPSED) if leg.key in lapsed else leg for leg in (*known, *released)]
    order = order_of(unit, found.order_id)
    wanted = reservations_of(found, left, terms=Terms(currency=order.currency, digits=order.digits))
    legs = (*released, *(wanted if wanted and _can_reserve(app, unit, order) else ()))
    if legs:
        hand_over(app, unit, legs, order=order)


def _kept_on(app: Application, unit: Unit, found: Return) -> tuple[Leg, ...]:
    """The legs of a return, after the releases that were not begun and are not wanted any more were taken back."""
    known = settlement_store.legs_of(unit, found.id)
    taken_back = [settlement_store.lapse(unit, leg.key, at=app.clock()) for leg in wanted_again(found, known)]
    return settlement_store.legs_of(unit, found.id) if any(taken_back) else known


def _can_reserve(app: Application, unit: Unit, order: Order) -> bool:
    try:
        return app.channels.for_shop(unit.shop, channel_of(unit.shop, order)).capabilities.reserves
    except NotConnected:
        return False
