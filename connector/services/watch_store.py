"""What a store did not tell: webhooks that it switched off are switched on, and what changed meanwhile is read.

Fact 25 of docs/channels/woocommerce.md: a delivery that failed is lost, and after seven in a row none comes any more.
"""

from datetime import timedelta

from adapters.woocommerce.client import StoreClient
from adapters.woocommerce.hooks import changed_since, switch_on
from connector.application import Application, Step
from connector.services import connect_store, store_plugin, take_deliveries
from connector.services.connect_store import CHANNEL
from connector.services.reissue_credit import look_at_use
from connector.storage.database import Unit
from connector.storage.shop_store import Shop

JOB = "watch_store"
OVERLAP = timedelta(minutes=5)
"""Clocks differ, and an order may be written while it is being asked for."""


def watch_store(app: Application, shop: Shop, *, step: Step, **_: object) -> None:
    """The job: look after the webhooks, then read every order of ours that changed since we last knew all.

    Of more than can be looked through at once the next look goes on.
    """
    step("watch", lambda: _watch(app, shop))


def _watch(app: Application, shop: Shop) -> int:
    """How many orders are read anew."""
    known = connect_store.seen(app, shop)
    if known.connection is None:
        return 0
    since, now = known.connection.heard_until - OVERLAP, app.clock()
    credentials = connect_store.credentials_of(app, known.connection)
    with StoreClient(credentials, reach=connect_store.reach_of(app)) as client:
        switch_on(client, delivery_url=known.callback)
        changes = changed_since(client, since)
        plugin = store_plugin.look_for(client, before=str(known.connection.details.get("plugin") or ""))

    until = now if changes.until is None else changes.until + OVERLAP

    def work(unit: Unit) -> int:
        for one in changes.orders:
            look_at_use(app, unit, one.order_id, codes=one.codes, channel=CHANNEL, turn=f"watch:{now.isoformat()}")
        store_plugin.note(unit, plugin)
        ids = [one.order_id for one in changes.orders]
        return take_deliveries.reread_ours(app, unit, ids, channel=CHANNEL, until=until)

    return app.database.write(shop, work)
