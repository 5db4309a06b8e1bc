"""How often something was tried within a window of time, for all processes together."""

from datetime import datetime, timedelta

from sqlalchemy import case

from connector.storage.database import Unit
from connector.storage.scope import removed, row, selected, upsert
from connector.storage.tables.people_tables import attempts

KEPT = timedelta(hours=1)
"""How long a window that has ended is kept before it is swept away."""


def hit(unit: Unit, key: str, *, at: datetime, window_seconds: int) -> int:
    """Count a try; how many there were in the window, this one included. A window begins with its first try."""
    unit.connection.execute(removed(unit, attempts, attempts.c.until < at - KEPT))
    until = at + timedelta(seconds=window_seconds)
    over = attempts.c.until <= at
    statement = (
        upsert(unit, attempts)
        .values(shop_id=unit.shop.id, key=key, until=until, hits=1)
        .on_conflict_do_update(
            index_elements=["shop_id", "key"],
            set_={
                "until": case((over, until), else_=attempts.c.until),
                "hits": case((over, 1), else_=attempts.c.hits + 1),
            },
        )
        .returning(attempts.c.hits)
    )
    hits: int = unit.connection.execute(statement).scalar_one()
    return hits


def tries(unit: Unit, key: str, *, at: datetime) -> int:
    """How many tries there were in the window that lasts."""
    found = row(unit, selected(unit, attempts, attempts.c.key == key, attempts.c.until > at))
    return 0 if found is None else int(found["hits"])


def clear(unit: Unit, key: str) -> None:
    """Forget the tries: the last one was right."""
    unit.connection.execute(removed(unit, attempts, attempts.c.key == key))
