"""What a platform still lets a shop ask for: one bucket for all processes, each change its own short commit."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict

from adapters.shopify import bucket
from adapters.shopify.bucket import Cost, Level
from connector.storage.database import Database, Unit
from connector.storage.scope import changed, row, selected, upsert
from connector.storage.shop_store import Shop
from connector.storage.tables.connection_tables import cost_buckets


def take(unit: Unit, channel: str, *, points: float, at: datetime) -> float:
    """Take points, or how many seconds until they are there."""
    level, wait = bucket.taken(_level(unit, channel, at=at), points, at=at.timestamp())
    _keep(unit, channel, level)
    return wait


def tell(unit: Unit, channel: str, *, cost: Cost, taken: float, at: datetime) -> None:
    """Write down what the platform said after points were taken."""
    level = bucket.told(_level(unit, channel, at=at), cost, taken_before=taken, at=at.timestamp())
    _keep(unit, channel, level)


def _level(unit: Unit, channel: str, *, at: datetime) -> Level:
    """The level, held until the transaction ends; a full one where nothing is known yet."""
    fresh = asdict(bucket.full(at.timestamp()))
    first = upsert(unit, cost_buckets).values(shop_id=unit.shop.id, channel=channel, **fresh)
    unit.connection.execute(first.on_conflict_do_nothing())
    mine = selected(unit, cost_buckets, cost_buckets.c.channel == channel).with_for_update()
    found = row(unit, mine) or {"channel": channel, **fresh}
    return Level(**{name: found[name] for name in fresh})


def _keep(unit: Unit, channel: str, level: Level) -> None:
    mine = changed(unit, cost_buckets, cost_buckets.c.channel == channel)
    unit.connection.execute(mine.values(**asdict(level)))


class DatabaseBucket(Struct, frozen=True):
    """The bucket of one shop at one platform; `clock` gives aware UTC."""

    database: Database
    shop: Shop
    channel: str
    clock: Callable[[], datetime]

    def take(self, points: float) -> float:
        """Take points, or how many seconds until they are there; nothing is taken then."""
        return self.database.write(self.shop, lambda unit: take(unit, self.channel, points=points, at=self.clock()))

    def tell(self, cost: Cost, *, taken: float) -> None:
        """What the platform said after points were taken."""
        self.database.write(self.shop, lambda unit: tell(unit, self.channel, cost=cost, taken=taken, at=self.clock()))
