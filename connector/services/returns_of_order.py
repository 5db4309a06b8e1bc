"""The returns of an order, for the panel beside it in the store's own admin."""

from collections.abc import Mapping, Sequence

from connector.application import Application
from connector.services.errors import NotFound
from connector.services.follow_return import STATUS_WORDS
from connector.services.offer_lines import title_of
from connector.services.quote_return import order_of
from connector.services.store_plugin import claims_of
from connector.storage import return_store
from connector.storage.shop_store import Shop
from domain.orders import Order
from domain.returns import Return

PURPOSE = "staff"


def told_to_the_store(app: Application, shop: Shop, *, token: str) -> Sequence[Mapping[str, object]]:
    """The returns of the order that the plugin's token names, newest first; any other token is the same NotFound."""
    claims = claims_of(app, shop, token=token, purpose=PURPOSE)
    if claims is None or not claims.order_id:
        raise NotFound("There is nothing to be read with that.")
    with app.database.read(shop) as unit:
        found = sorted(return_store.of_order(unit, claims.order_id), key=lambda one: one.opened_at, reverse=True)
        order = order_of(unit, claims.order_id) if found else None
    return [_told(app, shop, one, order=order) for one in found if order is not None]


def _told(app: Application, shop: Shop, found: Return, *, order: Order) -> Mapping[str, object]:
    titles = {line.id: title_of(line) for line in order.lines}
    return {
        "id": found.id,
        "status": STATUS_WORDS[found.status],
        "link": f"{app.settings.public_url}/shops/{shop.slug}/dashboard/returns/{found.id}",
        "items": [
            {"quantity": group.quantity, "title": titles.get(group.line_id, group.line_id)} for group in found.groups
        ],
    }
