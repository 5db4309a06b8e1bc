"""The shops of the install. They belong to no shop, so every function takes a plain open transaction."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from connector.storage.errors import Duplicate
from connector.storage.prepared import Prepared
from connector.storage.tables.install_tables import shops


class Shop(Struct, frozen=True):
    """One shop: `slug` stands in its addresses, `channel` names where its orders live, `currency` is its base one."""

    id: int
    slug: str
    name: str
    channel: str
    currency: str
    created_at: datetime


SHOP = tuple(shops.c[name] for name in Shop.__struct_fields__)
NAMED = Prepared(select(*SHOP).where(shops.c.slug == bindparam("slug")))
STANDS = shops.c.erased_at.is_(None)


def add(connection: Connection, slug: str, *, name: str, channel: str, currency: str, at: datetime) -> Shop:
    """Add a shop; raises Duplicate when the slug is taken."""
    values = {"slug": slug, "name": name, "channel": channel, "currency": currency, "created_at": at}
    try:
        with connection.begin_nested():
            row = connection.execute(insert(shops).values(values).returning(*SHOP)).one()
    except IntegrityError as error:
        raise Duplicate(f"there is a shop '{slug}' already") from error
    return _shop(row)


def find(connection: Connection, slug: str) -> Shop | None:
    """The shop of this slug."""
    return next((Shop(**row) for row in NAMED.rows(connection, {"slug": slug})), None)


def get(connection: Connection, shop_id: int) -> Shop | None:
    """The shop of this id."""
    row = connection.execute(select(*SHOP).where(shops.c.id == shop_id)).one_or_none()
    return None if row is None else _shop(row)


def set_channel(connection: Connection, shop_id: int, *, channel: str) -> None:
    """Say where the shop's orders live from now on."""
    connection.execute(update(shops).where(shops.c.id == shop_id).values(channel=channel))


def erase(connection: Connection, shop_id: int, *, at: datetime) -> None:
    """Leave of a shop its number alone; its address is free again."""
    nameless = {"slug": f"erased-{shop_id}", "name": "Erased shop", "erased_at": at}
    connection.execute(update(shops).where(shops.c.id == shop_id).values(**nameless))


def list_shops(connection: Connection) -> tuple[Shop, ...]:
    """All shops that were not erased, oldest first."""
    return tuple(_shop(row) for row in connection.execute(select(*SHOP).where(STANDS).order_by(shops.c.id)))


def _shop(row: Row[tuple[object, ...]]) -> Shop:
    return Shop(**row._mapping)  # noqa: SLF001  SQLAlchemy's public name for a row as a mapping
