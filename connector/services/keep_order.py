"""Orders that live on a platform are kept here as it last told them; those of the shop's own tills are only here."""

from contextlib import suppress

from connector.application import Application
from connector.services import take_deliveries
from connector.services.errors import InvalidInput
from connector.services.fill_shop import put_order, with_our_refunds
from connector.services.quote_return import Document
from connector.storage import delivery_store, order_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop

OURS = (None, "store")


def kept(app: Application, shop: Shop, found: Document) -> Document:
    """The order, written down as its platform tells it now."""
    if found.get("channel") not in OURS:
        with suppress(InvalidInput):
            app.database.write(shop, lambda unit: put_order(unit, document=found, renew=with_our_refunds))
    return found


def read_back(app: Application, unit: Unit, *, order_id: str) -> None:
    """Let an order of a platform be read anew, which we have just changed there.

    One job that waits reads what all that was changed so far; what a reading sees that has begun, nobody knows.
    """
    found = order_store.get(unit, order_id)
    channel = found.get("channel") if found else None
    if channel in OURS:
        return
    payload = {"order_id": order_id, "delivery_id": "", "channel": channel}
    begun = delivery_store.readings_begun(unit, order_id)
    app.jobs.enqueue(unit, take_deliveries.JOB, key=f"{order_id}:after:{begun}", payload=payload)
