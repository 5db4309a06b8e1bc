"""What is not kept for ever: old conversations and their photos, done commands, expired links and sessions."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from connector.storage.database import Unit
from connector.storage.scope import of_shop, removed
from connector.storage.tables.device_tables import device_commands, device_photos
from connector.storage.tables.goods_tables import looks
from connector.storage.tables.people_tables import attempts, commands, sessions, staff_links
from connector.storage.tables.shift_tables import approvals
from connector.storage.tables.talk_tables import conversations, hand_overs, photos, turns


def forget_conversations(unit: Unit, *, before: datetime) -> int:
    """Remove what was last said before a time, but for those whose shopper waits for a person; how many."""
    asked = of_shop(unit, hand_overs) & (hand_overs.c.conversation_id == conversations.c.id)
    waits = exists(select(hand_overs.c.conversation_id).where(asked, hand_overs.c.closed_at.is_(None)))
    old: ColumnElement[bool] = (conversations.c.changed_at < before) & ~waits
    ids = select(conversations.c.id).where(of_shop(unit, conversations), old)
    for table in (turns, photos, hand_overs):
        unit.connection.execute(removed(unit, table, table.c.conversation_id.in_(ids)))
    return unit.connection.execute(removed(unit, conversations, conversations.c.id.in_(ids))).rowcount


def forget_photos(unit: Unit, *, before: datetime) -> None:
    """Remove the photos that were shown before a time, whatever goes on in their conversation."""
    unit.connection.execute(removed(unit, photos, photos.c.at < before))


def forget_loose_photos(unit: Unit, *, before: datetime) -> None:
    """Remove photos that were taken before a time of goods that were not taken in after all."""
    loose = photos.c.conversation_id.is_(None) & photos.c.return_id.is_(None)
    unit.connection.execute(removed(unit, photos, loose, photos.c.at < before))


def forget_commands(unit: Unit, *, before: datetime) -> None:
    """Remove what was done under a key before a time: a form that old is not sent again."""
    unit.connection.execute(removed(unit, commands, commands.c.at < before))


def forget_device_commands(unit: Unit, *, before: datetime) -> None:
    """Remove what devices sent before a time and nobody has to settle; a picture stays, and its command with it."""
    done = (device_commands.c.state != "waiting") & (device_commands.c.arrived_at < before)
    pictured = select(device_photos.c.command_id).where(of_shop(unit, device_photos))
    unit.connection.execute(removed(unit, device_commands, done, device_commands.c.id.not_in(pictured)))


def forget_expired(unit: Unit, *, before: datetime) -> None:
    """Remove the links, sessions, counted tries, looks and approvals that ended before a time; used approvals stay."""
    for table, ended in (
        (staff_links, staff_links.c.expires_at),
        (sessions, sessions.c.expires_at),
        (attempts, attempts.c.until),
        (looks, looks.c.at),
    ):
        unit.connection.execute(removed(unit, table, ended < before))
    never_used = approvals.c.used_at.is_(None) & (approvals.c.expires_at < before)
    unit.connection.execute(removed(unit, approvals, never_used))
