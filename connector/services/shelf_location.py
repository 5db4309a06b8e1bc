"""Where goods go back on the shelf: a location of a shop at Shopify, chosen by the merchant or Shopify's first."""

from dataclasses import replace

from msgspec import Struct

from adapters.errors import NotConnected
from adapters.shopify.fields import part, parts, required, tail
from connector.application import Application
from connector.services.app_tokens import CHANNEL, NOT_HERE, new_shop_client
from connector.services.audit import COMMAND_LINE, Audited, record
from connector.services.errors import NotFound
from connector.storage import connection_store
from connector.storage.connection_store import Connection
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.events import Actor


class Location(Struct, frozen=True):
    """A location that ships orders; `is_chosen` where goods go back to it."""

    id: str
    name: str
    is_chosen: bool


def locations(app: Application, shop: Shop) -> tuple[Location, ...]:
    """The locations that goods can go back to; the first one where none was chosen. Raises ChannelError."""
    found = _connection(app, shop)
    with new_shop_client(app.settings, app.database, shop, found, clock=app.clock) as client:
        told = parts(part(client.ask("locations"), "locations"), "nodes")
    active = [one for one in told if one.get("isActive") is True and one.get("shipsInventory") is True]
    names = [tail(one) for one in active]
    wanted = found.details.get("location")
    chosen = wanted if wanted in names else next(iter(names), None)
    return tuple(Location(tail(one), required(one, "name"), is_chosen=tail(one) == chosen) for one in active)


def choose(app: Application, shop: Shop, *, location_id: str, actor: Actor = COMMAND_LINE) -> None:
    """Have goods go back to a location from now on; raises NotFound for one that ships no orders, ChannelError."""
    if location_id not in [one.id for one in locations(app, shop)]:
        raise NotFound("The shop has no such location that ships orders.")
    found = _connection(app, shop)

    def work(unit: Unit) -> None:
        connection_store.save(unit, replace(found, details={**found.details, "location": location_id}))
        record(app, unit, Audited.DETAILS_CHANGED, actor=actor, about="location", details={"location": location_id})

    app.database.write(shop, work)


def _connection(app: Application, shop: Shop) -> Connection:
    with app.database.read(shop) as unit:
        found = connection_store.get(unit, CHANNEL)
    if found is None or not found.sealed:
        raise NotConnected(NOT_HERE)
    return found
