"""How often something was tried within a window of time, for all processes together."""

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import bindparam, case, select

from connector.storage.database import Unit
from connector.storage.scope import first, prepared, removed, upsert
from connector.storage.tables.people_tables import attempts

KEPT = timedelta(hours=1)
"""How long a window that has ended is kept before it is swept away."""

LASTING = prepared(
    select(attempts).where(attempts.c.key == bindparam("key"), attempts.c.until > bindparam("at")), attempts
)


class Window(Struct, frozen=True):
    """A window of time: when it ends, and how many tries were counted in it."""

    until: datetime
    hits: int


def hit(unit: Unit, key: str, *, at: datetime, window_seconds: int) -> int:
    """Count a try; how many there were in the window, this one included. A window begins with its first try."""
    return hit_often(unit, key, at=at, window_seconds=window_seconds, times=1).hits


def hit_often(unit: Unit, key: str, *, at: datetime, window_seconds: int, times: int) -> Window:
    """Count several tries at once."""
    unit.connection.execute(removed(unit, attempts, attempts.c.until < at - KEPT))
    until = at + timedelta(seconds=window_seconds)
    over = attempts.c.until <= at
    statement = (
        upsert(unit, attempts)
        .values(shop_id=unit.shop.id, key=key, until=until, hits=times)
        .on_conflict_do_update(
            index_elements=["shop_id", "key"],
            set_={
                "until": case((over, until), else_=attempts.c.until),
                "hits": case((over, times), else_=attempts.c.hits + times),
            },
        )
        .returning(attempts.c.until, attempts.c.hits)
    )
    found = unit.connection.execute(statement).one()
    return Window(until=found.until, hits=found.hits)


def tries(unit: Unit, key: str, *, at: datetime) -> int:
    """How many tries there were in the window that lasts."""
    found = first(unit, LASTING, key=key, at=at)
    return 0 if found is None else int(found["hits"])


def clear(unit: Unit, key: str) -> None:
    """Forget the tries: the last one was right."""
    unit.connection.execute(removed(unit, attempts, attempts.c.key == key))
