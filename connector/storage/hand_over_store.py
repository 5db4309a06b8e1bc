"""Conversations whose shopper asked for a person: whether one is waited for, and since when."""

from datetime import datetime
from functools import cache
from typing import Any

from msgspec import Struct
from sqlalchemy import func, null
from sqlalchemy.exc import IntegrityError

from connector.storage.database import Unit
from connector.storage.errors import NotFound
from connector.storage.prepared import Prepared
from connector.storage.scope import INSERTS, changed, row_where, rows, selected
from connector.storage.tables.talk_tables import hand_overs


class HandOver(Struct, frozen=True):
    """A conversation for a person: its topic, since when the shopper waits, when the matter was closed."""

    conversation_id: str
    topic: str
    asked_at: datetime
    waiting_since: datetime | None
    closed_at: datetime | None


def ask(unit: Unit, conversation_id: str, *, topic: str, at: datetime) -> None:
    """A person is asked for; who waits already waits since then, a closed matter is open again. Raises NotFound."""
    values = {"conversation_id": conversation_id, "topic": topic, "asked_at": at, "waiting_since": at}
    try:
        _asking(unit.connection.dialect.name).count(unit.connection, {"shop_id": unit.shop.id, **values})
    except IntegrityError as error:
        raise NotFound(f"there is no conversation '{conversation_id}'") from error


def answered(unit: Unit, conversation_id: str) -> None:
    """The shopper has an answer and waits no more."""
    _change(unit, conversation_id, waiting_since=None)


def close(unit: Unit, conversation_id: str, *, at: datetime) -> None:
    """The matter is settled."""
    _change(unit, conversation_id, waiting_since=None, closed_at=at)


def get(unit: Unit, conversation_id: str) -> HandOver | None:
    """The hand-over of a conversation, None when nobody asked for a person."""
    found = row_where(unit, hand_overs, conversation_id=conversation_id)
    return None if found is None else _hand_over(found)


def open_ones(unit: Unit, limit: int) -> tuple[HandOver, ...]:
    """What is not closed: who waits longest first, then who was answered, the newest first."""
    still = selected(unit, hand_overs, hand_overs.c.closed_at.is_(None))
    order = (hand_overs.c.waiting_since.is_(None), hand_overs.c.waiting_since, hand_overs.c.asked_at.desc())
    return tuple(_hand_over(found) for found in rows(unit, still.order_by(*order).limit(limit)))


def waiting(unit: Unit) -> int:
    """How many shoppers wait for a person."""
    waits = selected(unit, hand_overs, hand_overs.c.waiting_since.is_not(None)).with_only_columns(func.count())
    count: int = unit.connection.execute(waits).scalar_one()
    return count


@cache
def _asking(dialect: str) -> Prepared:
    statement: Any = INSERTS[dialect](hand_overs)
    waiting = func.coalesce(hand_overs.c.waiting_since, statement.excluded.waiting_since)
    again = {"topic": statement.excluded.topic, "waiting_since": waiting, "closed_at": null()}
    asked = statement.on_conflict_do_update(index_elements=["shop_id", "conversation_id"], set_=again)
    return Prepared(asked, columns=("shop_id", "conversation_id", "topic", "asked_at", "waiting_since"))


def _change(unit: Unit, conversation_id: str, **values: datetime | None) -> None:
    named = hand_overs.c.conversation_id == conversation_id
    unit.connection.execute(changed(unit, hand_overs, named).values(**values))


def _hand_over(found: dict[str, object]) -> HandOver:
    return HandOver(**{name: found[name] for name in HandOver.__struct_fields__})  # type: ignore[arg-type]
