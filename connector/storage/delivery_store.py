"""Deliveries of platforms: kept raw and once, then dealt with, or put aside for a person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from msgspec import Struct
from sqlalchemy import case

from connector.storage.database import Unit
from connector.storage.errors import NotFound
from connector.storage.scope import INSERTS, added, changed, next_number, removed, row_where, rows, selected, upsert
from connector.storage.tables.delivery_tables import deliveries, delivery_secrets, order_readings

NEW, QUEUED, DONE, POISON = "new", "queued", "done", "poison"


class KeptDelivery(Struct, frozen=True):
    """A delivery as it lies in the inbox; `error` says why it needs a person, `turn` how often it was begun anew."""

    id: str
    channel: str
    topic: str
    body: bytes
    arrived_at: datetime
    state: str = NEW
    turn: int = 0
    error: str = ""


COLUMNS = KeptDelivery.__struct_fields__


def keep(unit: Unit, several: Sequence[KeptDelivery]) -> None:
    """Keep deliveries, each id once; one that was dealt with and is sent again is looked at again."""
    statement = _keeping(unit.connection.dialect.name)
    unit.connection.execute(statement, [{"shop_id": unit.shop.id, **_values(one)} for one in several])


@cache
def _keeping(dialect: str) -> Any:  # noqa: ANN401  the two dialects' inserts share no public type
    """Made once: it is the statement of a sale day, and making it takes as long as five rows."""
    statement: Any = INSERTS[dialect](deliveries)
    return statement.on_conflict_do_update(
        index_elements=["shop_id", "id"],
        set_={
            "state": NEW,
            "turn": deliveries.c.turn + 1,
            "arrived_at": statement.excluded.arrived_at,
            "body": statement.excluded.body,
        },
        where=deliveries.c.state == DONE,
    )


def take_new(unit: Unit, limit: int) -> tuple[KeptDelivery, ...]:
    """The oldest deliveries that nobody has looked at, and that no other unit is looking at."""
    waiting = selected(unit, deliveries, deliveries.c.state == NEW).order_by(deliveries.c.arrived_at, deliveries.c.id)
    found = rows(unit, waiting.limit(limit).with_for_update(skip_locked=True))
    return tuple(_kept(one) for one in found)


def get(unit: Unit, delivery_id: str) -> KeptDelivery | None:
    """The delivery of this id."""
    found = row_where(unit, deliveries, id=delivery_id)
    return None if found is None else _kept(found)


def mark(unit: Unit, delivery_id: str, *, state: str, error: str = "") -> None:
    """Note how far a delivery is."""
    statement = changed(unit, deliveries, deliveries.c.id == delivery_id)
    unit.connection.execute(statement.values(state=state, error=error))


def empty(unit: Unit, delivery_id: str) -> None:
    """It was dealt with, and what it said is forgotten; that it came stays known."""
    statement = changed(unit, deliveries, deliveries.c.id == delivery_id)
    unit.connection.execute(statement.values(state=DONE, body=b"", error=""))


def begin_anew(unit: Unit, delivery_id: str, *, at: datetime) -> None:
    """Let a delivery that needs a person be looked at as if it came now; raises NotFound when it does not need one."""
    aside = (deliveries.c.id == delivery_id) & (deliveries.c.state == POISON)
    statement = changed(unit, deliveries, aside).values(state=NEW, turn=deliveries.c.turn + 1, arrived_at=at, error="")
    if not unit.connection.execute(statement).rowcount:
        raise NotFound(f"no delivery '{delivery_id}' needs a person")


def put_aside_left(unit: Unit, *, before: datetime, why: str) -> None:
    """Give to a person what came before a time and whose jobs have not dealt with it since."""
    left = (deliveries.c.state == QUEUED) & (deliveries.c.arrived_at < before)
    unit.connection.execute(changed(unit, deliveries, left).values(state=POISON, error=why))


def poison(unit: Unit, *, limit: int) -> tuple[KeptDelivery, ...]:
    """The deliveries that need a person, newest first."""
    aside = selected(unit, deliveries, deliveries.c.state == POISON)
    return tuple(_kept(one) for one in rows(unit, aside.order_by(deliveries.c.arrived_at.desc()).limit(limit)))


def forget_done(unit: Unit, *, before: datetime) -> int:
    """Delete what was dealt with and came before a time; how many there were."""
    old = (deliveries.c.state == DONE) & (deliveries.c.arrived_at < before)
    return unit.connection.execute(removed(unit, deliveries, old)).rowcount


def forget_bodies(unit: Unit, *, before: datetime) -> None:
    """Forget what was said before a time by what still needs a person; that it came stays to be seen."""
    old = (deliveries.c.state == POISON) & (deliveries.c.arrived_at < before) & (deliveries.c.body != b"")
    unit.connection.execute(changed(unit, deliveries, old).values(body=b""))


def add_secret(unit: Unit, channel: str, *, sealed: str, at: datetime) -> None:
    """Add a sealed secret by which the platform signs from now on."""
    number = next_number(unit, delivery_secrets.c.n, delivery_secrets.c.channel == channel)
    added(unit, delivery_secrets, {"channel": channel, "n": number, "sealed": sealed, "added_at": at})


def secrets_of(unit: Unit, channel: str) -> tuple[str, ...]:
    """The sealed secrets of a channel, newest first."""
    mine = selected(unit, delivery_secrets, delivery_secrets.c.channel == channel)
    return tuple(one["sealed"] for one in rows(unit, mine.order_by(delivery_secrets.c.n.desc())))


def forget_secrets(unit: Unit, channel: str) -> None:
    """Trust nothing any more that was signed by the secrets of a channel so far."""
    unit.connection.execute(removed(unit, delivery_secrets, delivery_secrets.c.channel == channel))


def begin_reading(unit: Unit, order_id: str) -> int:
    """The number of a reading of an order that begins after this unit is committed."""
    statement = upsert(unit, order_readings).values(shop_id=unit.shop.id, order_id=order_id, begun=1, written=0)
    counted = statement.on_conflict_do_update(
        index_elements=["shop_id", "order_id"], set_={"begun": order_readings.c.begun + 1}
    )
    number: int = unit.connection.execute(counted.returning(order_readings.c.begun)).scalar_one()
    return number


def readings_begun(unit: Unit, order_id: str) -> int:
    """How many readings of an order have begun."""
    found = row_where(unit, order_readings, order_id=order_id)
    return found["begun"] if found else 0


def is_newest_reading(unit: Unit, order_id: str, *, number: int) -> bool:
    """Whether what this reading found may be kept: no reading that began later was kept before."""
    later = case((order_readings.c.written < number, number), else_=order_readings.c.written)
    statement = changed(unit, order_readings, order_readings.c.order_id == order_id).values(written=later)
    written = unit.connection.execute(statement.returning(order_readings.c.written)).scalar_one_or_none()
    return written == number


def _values(one: KeptDelivery) -> dict[str, object]:
    return {name: getattr(one, name) for name in COLUMNS}


def _kept(found: Mapping[str, Any]) -> KeptDelivery:
    return KeptDelivery(**{name: found[name] for name in COLUMNS})
