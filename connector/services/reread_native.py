"""A native return changed, and the delivery does not say of which order it is: Shopify is asked, then the order read.

What else changed without a name is found by the job that looks for changed orders.
"""

from collections.abc import Mapping

from adapters.errors import ChannelError, ChannelSlow
from adapters.shopify.fields import gid, is_id, part, tail
from connector.application import Application, Step
from connector.services import app_deliveries, take_deliveries
from connector.services.app_tokens import CHANNEL, new_shop_client
from connector.storage import connection_store, return_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from webhooks.delivery import ReturnChanged

JOB = app_deliveries.REREAD_NATIVE


def reread_native(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: hand the order of a native return on to be read anew, if a return of ours stands on it."""
    order_id = step("which", lambda: _order_of(app, shop, payload=payload))
    step("hand on", lambda: app.database.write(shop, lambda unit: _hand_on(app, unit, order_id, payload=payload)))


def _order_of(app: Application, shop: Shop, *, payload: Mapping[str, object]) -> str:
    """The order's id; empty where Shopify knows of none, or lets the app in no more."""
    event = app_deliveries.event_of(app, shop, payload, kind=ReturnChanged)
    with app.database.read(shop) as unit:
        found = connection_store.get(unit, CHANNEL)
    if event is None or not is_id(event.native_id) or found is None or not found.sealed:
        return ""
    try:
        with new_shop_client(app.settings, app.database, shop, found, clock=app.clock) as client:
            told = part(client.ask("order_of_return", {"id": gid("Return", event.native_id)}), "return")
    except ChannelSlow:
        raise
    except ChannelError:
        return ""
    return tail(part(told, "order")) if part(told, "order") else ""


def _hand_on(app: Application, unit: Unit, order_id: str, *, payload: Mapping[str, object]) -> None:
    delivery_id = str(payload["delivery_id"])
    if not order_id or not return_store.of_order(unit, order_id):
        app_deliveries.done(unit, payload)
        return
    said = {"order_id": order_id, "delivery_id": delivery_id, "channel": CHANNEL}
    app.jobs.enqueue(unit, take_deliveries.JOB, key=f"{order_id}:{delivery_id}:native", payload=said)
