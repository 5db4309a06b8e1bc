"""Until when the goods of a return must be sent, and when its shopper is reminded."""

from datetime import datetime, timedelta

from domain.events import Act
from domain.lifecycle import not_sent
from domain.returns import Return

BEGINS = frozenset({Act.OPENED, Act.APPROVED, Act.REOPENED})
"""From the last of these on the shopper has time to send the goods."""
REMINDED_BEFORE = timedelta(days=7)


def send_by(found: Return, *, days: int) -> datetime | None:
    """The time (UTC) by which what is still with the shopper must be sent; None when nothing is waited for.

    A statutory withdrawal has no such end: it was declared in time, and goods that come late end no right.
    """
    if found.kind == "withdrawal" or not any(not_sent(group) for group in found.groups):
        return None
    return _begun(found) + timedelta(days=days)


def remind_at(found: Return, *, days: int) -> datetime | None:
    """When (UTC) the shopper is to be reminded: a week before the end, half-way in a short time; once."""
    end = send_by(found, days=days)
    begun = _begun(found)
    if end is None or any(entry.act == Act.REMINDED and entry.at >= begun for entry in found.history):
        return None
    return max(end - REMINDED_BEFORE, begun + (end - begun) / 2)


def _begun(found: Return) -> datetime:
    return max((entry.at for entry in found.history if entry.act in BEGINS), default=found.opened_at)
