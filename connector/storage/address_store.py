"""Which shop a platform's address belongs to. It is asked for the whole install, so it takes a transaction."""

from sqlalchemy import Connection, select

from connector.storage.shop_store import SHOP, Shop
from connector.storage.tables.connection_tables import connections
from connector.storage.tables.install_tables import shops


def shop_at(connection: Connection, channel: str, address: str) -> Shop | None:
    """The shop that is, or was, connected to a platform under this address."""
    joined = shops.join(connections, connections.c.shop_id == shops.c.id)
    mine = select(*SHOP).select_from(joined)
    found = (
        connection.execute(mine.where(connections.c.channel == channel, connections.c.address == address))
        .mappings()
        .first()
    )
    return None if found is None else Shop(**found)
