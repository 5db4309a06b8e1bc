"""What Shopify did not tell: every hour the orders that changed are asked for, and tokens that nobody used are renewed.

[D] A delivery is tried eight times within four hours and then lost; a refresh token dies after 90 days.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from adapters.errors import NotConnected
from adapters.shopify.looking import changed_since
from connector.application import Application, Step
from connector.services import app_deliveries, take_deliveries
from connector.services.app_tokens import CHANNEL, new_shop_client, shop_tokens
from connector.storage import connection_store
from connector.storage.connection_store import Connection
from connector.storage.shop_store import Shop

JOB = app_deliveries.WATCH_APP
OVERLAP = timedelta(minutes=5)
"""Clocks differ, and an order may be written while it is being asked for."""


def watch_app(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: keep the tokens alive, then read every order of ours that changed since we last knew all.

    It also follows a delivery that says that something changed and not what.
    """
    step("tokens", lambda: _keep_warm(app, shop))
    step("orders", lambda: _watch(app, shop))
    if "delivery_id" in payload:
        step("done", lambda: app.database.write(shop, lambda unit: app_deliveries.done(unit, payload)))


def _keep_warm(app: Application, shop: Shop) -> None:
    """Renew them in time; a shop whose tokens are lost is told so by its page until its next visit."""
    found = _connection(app, shop)
    if found is not None:
        with suppress(NotConnected):
            shop_tokens(app.settings, app.database, shop, found, clock=app.clock).keep_warm()


def _watch(app: Application, shop: Shop) -> int:
    """How many orders are read anew; of more than can be looked through at once the next look goes on."""
    found, now = _connection(app, shop), app.clock()
    if found is None:
        return 0
    try:
        with new_shop_client(app.settings, app.database, shop, found, clock=app.clock) as client:
            changed = changed_since(client, found.heard_until - OVERLAP)
    except NotConnected:
        return 0
    until = now if changed.until is None else changed.until + OVERLAP
    return app.database.write(
        shop, lambda unit: take_deliveries.reread_ours(app, unit, changed.order_ids, channel=CHANNEL, until=until)
    )


def _connection(app: Application, shop: Shop) -> Connection | None:
    """The shop's connection, as long as the app is in it."""
    with app.database.read(shop) as unit:
        found = connection_store.get(unit, CHANNEL)
    return found if found is not None and found.sealed and app.settings.shopify is not None else None
