"""Conversations whose shopper asked for a person: whether one is waited for, and since when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError

from connector.storage.database import Unit
from connector.storage.errors import NotFound
from connector.storage.scope import changed, row, rows, selected, upsert
from connector.storage.tables.talk_tables import hand_overs


@dataclass(frozen=True, slots=True)
class HandOver:
    """A conversation for a person: its topic, since when the shopper waits, when the matter was closed."""

    conversation_id: str
    topic: str
    asked_at: datetime
    waiting_since: datetime | None
    closed_at: datetime | None


def ask(unit: Unit, conversation_id: str, *, topic: str, at: datetime) -> None:
    """A person is asked for; who waits already waits since then, a closed matter is open again. Raises NotFound."""
    statement = upsert(unit, hand_overs).values(
        shop_id=unit.shop.id, conversation_id=conversation_id, topic=topic, asked_at=at, waiting_since=at
    )
    waiting = func.coalesce(hand_overs.c.waiting_since, statement.excluded.waiting_since)
    again = {"topic": statement.excluded.topic, "waiting_since": waiting, "closed_at": None}
    asked = statement.on_conflict_do_update(index_elements=["shop_id", "conversation_id"], set_=again)
    try:
        unit.connection.execute(asked)
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
    found = row(unit, selected(unit, hand_overs, hand_overs.c.conversation_id == conversation_id))
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


def _change(unit: Unit, conversation_id: str, **values: datetime | None) -> None:
    named = hand_overs.c.conversation_id == conversation_id
    unit.connection.execute(changed(unit, hand_overs, named).values(**values))


def _hand_over(found: dict[str, object]) -> HandOver:
    return HandOver(**{name: found[name] for name in HandOver.__slots__})  # type: ignore[arg-type]
