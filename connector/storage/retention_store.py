"""What is not kept for ever: old conversations and their photos, done commands, expired links and sessions."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from connector.storage.database import Unit
from connector.storage.scope import of_shop, removed
from connector.storage.tables.people_tables import attempts, commands, sessions, staff_links
from connector.storage.tables.talk_tables import conversations, hand_overs, photos, turns


def forget_conversations(unit: Unit, *, before: datetime) -> int:
    """Remove what was last said before a time, but for those whose shopper waits for a person; how many."""
    asked = of_shop(unit, hand_overs) & (hand_overs.c.conversation_id == conversations.c.id)
    waits = exists(select(hand_overs.c.conversation_id).where(asked, hand_overs.c.closed_at.is_(None)))
    old: ColumnElement[bool] = (conversations.c.changed_at < before) & ~waits
    ids = select(conversations.c.id).where(of_shop(unit, conversations), old)
    unit.connection.execute(removed(unit, turns, turns.c.conversation_id.in_(ids)))
    unit.connection.execute(removed(unit, photos, photos.c.conversation_id.in_(ids)))
    found = list(unit.connection.execute(ids).scalars())
    unit.connection.execute(removed(unit, hand_overs, hand_overs.c.conversation_id.in_(found)))
    unit.connection.execute(removed(unit, conversations, conversations.c.id.in_(found)))
    return len(found)


def forget_photos(unit: Unit, *, before: datetime) -> None:
    """Remove the photos that were shown before a time, whatever goes on in their conversation."""
    unit.connection.execute(removed(unit, photos, photos.c.at < before))


def forget_commands(unit: Unit, *, before: datetime) -> None:
    """Remove what was done under a key before a time: a form that old is not sent again."""
    unit.connection.execute(removed(unit, commands, commands.c.at < before))


def forget_expired(unit: Unit, *, before: datetime) -> None:
    """Remove the links, sessions and counted tries that ended before a time."""
    for table, ended in (
        (staff_links, staff_links.c.expires_at),
        (sessions, sessions.c.expires_at),
        (attempts, attempts.c.until),
    ):
        unit.connection.execute(removed(unit, table, ended < before))
