"""Which shops have something waiting. It is asked for the whole install, so every function takes a transaction."""

from sqlalchemy import Connection, Exists, exists, select

from connector.storage.delivery_store import NEW
from connector.storage.shop_store import SHOP, Shop
from connector.storage.tables.delivery_tables import deliveries
from connector.storage.tables.install_tables import shops
from connector.storage.tables.webhook_tables import webhook_endpoints


def shops_with_deliveries(connection: Connection) -> tuple[Shop, ...]:
    """The shops that were sent something that nobody has looked at."""
    return _shops(connection, exists().where(deliveries.c.shop_id == shops.c.id, deliveries.c.state == NEW))


def shops_with_endpoints(connection: Connection) -> tuple[Shop, ...]:
    """The shops whose programs are told what happens."""
    told = exists().where(webhook_endpoints.c.shop_id == shops.c.id, webhook_endpoints.c.ended_at.is_(None))
    return _shops(connection, told)


def _shops(connection: Connection, condition: Exists) -> tuple[Shop, ...]:
    found = connection.execute(select(*SHOP).where(condition))
    return tuple(Shop(**row) for row in found.mappings())
