"""The goods of a return are on their way, as the shopper or staff say."""

from connector.application import Application
from connector.services.change_return import Turn, take
from connector.services.errors import InvalidInput
from connector.storage.shop_store import Shop
from domain.events import Actor
from domain.lifecycle import Doing
from domain.returns import Return

LONGEST_TRACKING = 60


def ship(app: Application, shop: Shop, *, return_id: str, tracking: str, actor: Actor, key: str) -> Return:
    """Note that the goods were sent, with the parcel's number when there is one, once per key.

    Raises InvalidInput, NotFound, IllegalStep when nothing is waited for.
    """
    if len(tracking) > LONGEST_TRACKING:
        raise InvalidInput(f"A tracking number has at most {LONGEST_TRACKING} signs.", at="tracking")
    doing = Doing(at=app.clock(), actor=actor, details={"tracking": tracking} if tracking else {})
    return take(app, shop, return_id=return_id, turn=Turn("ship", doing, moment="in_transit"), key=key)
