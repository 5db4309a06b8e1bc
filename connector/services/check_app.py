"""The app in a shop at Shopify, as Shopify itself tells it: there with these scopes, or taken off.

Deliveries of it come late and in any order, so none is believed: it is asked whether the token still opens the shop.
"""

from collections.abc import Mapping

from adapters.errors import NotConnected
from connector.application import Application, Step
from connector.services import app_deliveries, install_app
from connector.services.app_tokens import CHANNEL
from connector.storage import connection_store
from connector.storage.connection_store import Connection
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from webhooks.delivery import AppRemoved

JOB = app_deliveries.CHECK_APP


def check_app(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: ask, and follow what Shopify says."""
    step("check", lambda: _check(app, shop, payload=payload))


def is_installed(app: Application, shop: Shop) -> bool:
    """Whether the shop lets the app in; raises ChannelSlow."""
    return _told(app, shop, _connection(app, shop)) is not None


def _check(app: Application, shop: Shop, *, payload: Mapping[str, object]) -> None:
    removed = app_deliveries.event_of(app, shop, payload, kind=AppRemoved)
    found = _connection(app, shop)
    told = _told(app, shop, found)

    def work(unit: Unit) -> None:
        if told is not None:
            install_app.scopes_changed(unit, told)
        elif removed is not None:
            install_app.uninstalled(app, unit, void=found.sealed if found else "")
        app_deliveries.done(unit, payload)

    app.database.write(shop, work)


def _connection(app: Application, shop: Shop) -> Connection | None:
    with app.database.read(shop) as unit:
        return connection_store.get(unit, CHANNEL)


def _told(app: Application, shop: Shop, found: Connection | None) -> tuple[str, ...] | None:
    """What the shop lets the app do; None where it lets it in no more."""
    if found is None or not found.sealed:
        return None
    try:
        return install_app.scopes_told(app, shop, found)
    except NotConnected:
        return None
