"""Which shops have something waiting. It is asked for the whole install, so every function takes a transaction."""

from sqlalchemy import Connection, exists, select

from connector.storage.delivery_store import NEW
from connector.storage.shop_store import Shop
from connector.storage.tables.delivery_tables import deliveries
from connector.storage.tables.install_tables import shops


def shops_with_deliveries(connection: Connection) -> tuple[Shop, ...]:
    """The shops that were sent something that nobody has looked at."""
    waits = exists().where(deliveries.c.shop_id == shops.c.id, deliveries.c.state == NEW)
    return tuple(Shop(**row) for row in connection.execute(select(shops).where(waits)).mappings())
