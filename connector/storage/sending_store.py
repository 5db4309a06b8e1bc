"""The ledger of what was sent to a platform that takes the same request twice; every entry is its own commit."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict

from adapters.channel import Receipt
from adapters.errors import ChannelSlow
from adapters.sendings import Sending
from connector.storage.database import Database, Unit
from connector.storage.errors import Duplicate
from connector.storage.scope import add_row, change_where, changed, removed, row_where
from connector.storage.shop_store import Shop
from connector.storage.tables.connection_tables import sendings


def get(unit: Unit, key: str) -> Sending | None:
    """What was sent under a key."""
    found = row_where(unit, sendings, key=key)
    if found is None:
        return None
    document = found["receipt"]
    receipt = None if document is None else Receipt(**{**document, "at": datetime.fromisoformat(document["at"])})
    return Sending(
        key=key,
        kind=found["kind"],
        order_id=found["order_id"],
        first_at=found["first_at"],
        last_at=found["last_at"],
        receipt=receipt,
        seen=bool(found["seen"]),
    )


def begin(unit: Unit, sending: Sending, *, after: Sending | None) -> None:
    """Write down what is sent now; raises ChannelSlow when somebody else wrote meanwhile."""
    values = {
        "kind": sending.kind,
        "order_id": sending.order_id,
        "first_at": sending.first_at,
        "last_at": sending.last_at,
    }
    try:
        if after is None:
            add_row(unit, sendings, {"key": sending.key, **values, "seen": 0})
            return
    except Duplicate as error:
        raise ChannelSlow("Somebody else is sending that.") from error
    same = (sendings.c.key == sending.key) & (sendings.c.last_at == after.last_at) & sendings.c.receipt.is_(None)
    if not unit.connection.execute(changed(unit, sendings, same).values(**values, seen=0)).rowcount:
        raise ChannelSlow("Somebody else is sending that.")


def under_way(unit: Unit, key: str) -> None:
    """The platform showed it."""
    change_where(unit, sendings, {"seen": 1}, key=key)


def done(unit: Unit, receipt: Receipt) -> None:
    """Write down what was done."""
    document = {**asdict(receipt), "at": receipt.at.isoformat()}
    change_where(unit, sendings, {"receipt": document}, key=receipt.key)


def forget(unit: Unit, key: str) -> None:
    """Strike an entry out that has no receipt."""
    open_one = (sendings.c.key == key) & sendings.c.receipt.is_(None)
    unit.connection.execute(removed(unit, sendings, open_one))


class DatabaseSendings(Struct, frozen=True):
    """The ledger of one shop."""

    database: Database
    shop: Shop

    def get(self, key: str) -> Sending | None:
        """What was sent under a key."""
        with self.database.read(self.shop) as unit:
            return get(unit, key)

    def begin(self, sending: Sending, *, after: Sending | None) -> None:
        """Write down what is sent now; raises ChannelSlow when somebody else wrote meanwhile."""
        self.database.write(self.shop, lambda unit: begin(unit, sending, after=after))

    def under_way(self, key: str) -> None:
        """The platform showed it."""
        self.database.write(self.shop, lambda unit: under_way(unit, key))

    def done(self, receipt: Receipt) -> None:
        """Write down what was done."""
        self.database.write(self.shop, lambda unit: done(unit, receipt))

    def forget(self, key: str) -> None:
        """Strike an entry out that has no receipt."""
        self.database.write(self.shop, lambda unit: forget(unit, key))
