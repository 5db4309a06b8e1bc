"""How often something was tried within a window of time, for all processes together."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, case, update

from connector.storage.database import Unit
from connector.storage.prepared import Prepared
from connector.storage.scope import INSERTS, count_changed, every, prepared, removed, selected
from connector.storage.tables.people_tables import attempts

KEPT = timedelta(hours=1)
"""How long a window that has ended is kept before it is swept away."""

IN_WINDOW = (attempts.c.key == bindparam("key"), attempts.c.until > bindparam("at"), attempts.c.hits > 0)
ONE_LESS = prepared(update(attempts).where(*IN_WINDOW).values(hits=attempts.c.hits - 1), attempts)


class Window(Struct, frozen=True):
    """A window of time: when it ends, and how many tries were counted in it."""

    until: datetime
    hits: int


def hit(unit: Unit, key: str, *, at: datetime, window_seconds: int) -> int:
    """Count a try; how many there were in the window, this one included. A window begins with its first try."""
    return hit_often(unit, key, at=at, window_seconds=window_seconds, times=1).hits


def hit_often(unit: Unit, key: str, *, at: datetime, window_seconds: int, times: int) -> Window:
    """Count several tries at once."""
    values = {"key": key, "until": at + timedelta(seconds=window_seconds), "hits": times, "now": at}
    found = every(unit, _counted(unit.connection.dialect.name), shop_id=unit.shop.id, **values)[0]
    return Window(until=found["until"], hits=found["hits"])


@cache
def _counted(dialect: str) -> Prepared:
    """Adds to the window that lasts, or begins one where none was or the last one is over."""
    statement: Any = INSERTS[dialect](attempts)
    news, is_over = statement.excluded, attempts.c.until <= bindparam("now")
    begun_or_more = {
        "until": case((is_over, news.until), else_=attempts.c.until),
        "hits": case((is_over, news.hits), else_=attempts.c.hits + news.hits),
    }
    written = statement.on_conflict_do_update(index_elements=["shop_id", "key"], set_=begun_or_more)
    return Prepared(written.returning(attempts.c.until, attempts.c.hits), columns=("shop_id", "key", "until", "hits"))


def sweep(unit: Unit, *, at: datetime) -> None:
    """Forget the windows that ended long ago; one that somebody begins anew just now is left to them."""
    over = selected(unit, attempts, attempts.c.until < at - KEPT).with_only_columns(attempts.c.key)
    unit.connection.execute(removed(unit, attempts, attempts.c.key.in_(over.with_for_update(skip_locked=True))))


def give_back(unit: Unit, key: str, *, at: datetime) -> None:
    """Count a try of the window that lasts no more: it was right."""
    count_changed(unit, ONE_LESS, key=key, at=at)


def clear(unit: Unit, key: str) -> None:
    """Forget all tries: the last one was right."""
    unit.connection.execute(removed(unit, attempts, attempts.c.key == key))
