"""Endpoints of a merchant's programs, and the messages that they are sent, one for each line of history."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, exists, select

from connector.storage.database import Unit
from connector.storage.errors import NotFound
from connector.storage.pages_store import HistoryLine
from connector.storage.scope import (
    added,
    change_where,
    changed,
    next_number,
    of_shop,
    removed,
    row,
    row_where,
    rows,
    selected,
)
from connector.storage.tables.return_tables import return_history
from connector.storage.tables.webhook_tables import webhook_endpoints, webhook_messages

OVERLAP = timedelta(minutes=5)
"""A line may be committed after one that is younger; so far back it is looked for."""

WAITING, DELIVERED, FAILED = "waiting", "delivered", "failed"


class SealedSecret(Struct, frozen=True):
    """A secret that signs, sealed; `until` is RFC 3339, None for the one that stays."""

    sealed: str
    until: str | None = None


class Endpoint(Struct, frozen=True):
    """An address that is told what happens to returns; `told_until` is the time of the newest line it was told."""

    n: int
    url: str
    secrets: tuple[SealedSecret, ...]
    made_at: datetime
    told_until: datetime
    ended_at: datetime | None


class Message(Struct, frozen=True):
    """A line of history on its way to an endpoint; `tries` counts within the `round`, which counts replays."""

    endpoint_n: int
    id: str
    return_id: str
    line: int
    state: str
    round: int
    tries: int
    status: int | None
    error: str
    made_at: datetime
    changed_at: datetime


MESSAGE = Message.__struct_fields__


def add_endpoint(unit: Unit, url: str, *, secrets: Sequence[SealedSecret], at: datetime) -> Endpoint:
    """Add an endpoint, which is told what happens from now on."""
    number = next_number(unit, webhook_endpoints.c.n)
    values = {"n": number, "url": url, "secrets": _written(secrets), "made_at": at, "told_until": at}
    return _endpoint(added(unit, webhook_endpoints, values))


def endpoint(unit: Unit, n: int) -> Endpoint | None:
    """The endpoint of this number."""
    found = row_where(unit, webhook_endpoints, n=n)
    return None if found is None else _endpoint(found)


def endpoints(unit: Unit) -> tuple[Endpoint, ...]:
    """The endpoints that are told, oldest first."""
    told = selected(unit, webhook_endpoints, webhook_endpoints.c.ended_at.is_(None))
    return tuple(_endpoint(found) for found in rows(unit, told.order_by(webhook_endpoints.c.n)))


def set_secrets(unit: Unit, n: int, *, secrets: Sequence[SealedSecret]) -> None:
    """Sign with these secrets from now on, the newest first."""
    change_where(unit, webhook_endpoints, {"secrets": _written(secrets)}, n=n)


def end_endpoint(unit: Unit, n: int, *, at: datetime) -> None:
    """Tell an endpoint nothing any more; raises NotFound when it is told nothing anyway."""
    told = (webhook_endpoints.c.n == n) & webhook_endpoints.c.ended_at.is_(None)
    if not unit.connection.execute(changed(unit, webhook_endpoints, told).values(ended_at=at)).rowcount:
        raise NotFound(f"there is no endpoint {n} that is told anything")


def untold(unit: Unit, one: Endpoint, *, limit: int) -> tuple[HistoryLine, ...]:
    """The oldest lines of history since an endpoint was made of which it has no message yet."""
    since, n = max(one.made_at, one.told_until - OVERLAP), one.n
    line, message = return_history.c, webhook_messages.c
    same = and_(message.endpoint_n == n, message.return_id == line.return_id, message.line == line.n)
    has = exists(select(message.id).where(of_shop(unit, webhook_messages), same))
    found = rows(unit, selected(unit, return_history, line.at >= since, ~has).order_by(line.at, line.n).limit(limit))
    return tuple(HistoryLine(**{name: one[name] for name in HistoryLine.__struct_fields__}) for one in found)


def add_message(unit: Unit, message_id: str, *, endpoint_n: int, line: HistoryLine, at: datetime) -> None:
    """Add a message that waits to be sent; raises Duplicate. The endpoint was told until then."""
    values = {"endpoint_n": endpoint_n, "id": message_id, "return_id": line.return_id, "line": line.n}
    fresh = {"state": WAITING, "round": 0, "tries": 0, "status": None, "error": "", "made_at": at, "changed_at": at}
    added(unit, webhook_messages, values | fresh)
    behind = (webhook_endpoints.c.n == endpoint_n) & (webhook_endpoints.c.told_until < line.at)
    unit.connection.execute(changed(unit, webhook_endpoints, behind).values(told_until=line.at))


def message(unit: Unit, message_id: str, *, endpoint_n: int) -> Message | None:
    """The message of this id to an endpoint."""
    found = row(unit, selected(unit, webhook_messages, *_named(message_id, endpoint_n)))
    return None if found is None else _message(found)


def line_of(unit: Unit, found: Message) -> HistoryLine:
    """What a message tells."""
    line = return_history.c
    one = row(unit, selected(unit, return_history, line.return_id == found.return_id, line.n == found.line))
    if one is None:
        raise NotFound(f"message '{found.id}' tells nothing")
    return HistoryLine(**{name: one[name] for name in HistoryLine.__struct_fields__})


def note(unit: Unit, found: Message, *, at: datetime) -> None:
    """Note how far a message is, as it says itself."""
    values = {name: getattr(found, name) for name in ("state", "round", "tries", "status", "error")}
    named = _named(found.id, found.endpoint_n)
    unit.connection.execute(changed(unit, webhook_messages, *named).values(changed_at=at, **values))


def failed(unit: Unit, *, limit: int) -> tuple[Message, ...]:
    """The messages that were given up, newest first."""
    aside = selected(unit, webhook_messages, webhook_messages.c.state == FAILED)
    return tuple(_message(one) for one in rows(unit, aside.order_by(webhook_messages.c.changed_at.desc()).limit(limit)))


def forget_messages(unit: Unit, *, before: datetime) -> None:
    """Forget the messages that arrived before a time; nothing that happened before it is told any more."""
    behind = webhook_endpoints.c.told_until < before + OVERLAP
    unit.connection.execute(changed(unit, webhook_endpoints, behind).values(told_until=before + OVERLAP))
    old = (webhook_messages.c.state == DELIVERED) & (webhook_messages.c.changed_at < before)
    unit.connection.execute(removed(unit, webhook_messages, old))


def _named(message_id: str, endpoint_n: int) -> tuple[Any, ...]:
    return (webhook_messages.c.id == message_id, webhook_messages.c.endpoint_n == endpoint_n)


def _written(secrets: Sequence[SealedSecret]) -> list[dict[str, str | None]]:
    return [{"sealed": one.sealed, "until": one.until} for one in secrets]


def _endpoint(found: Mapping[str, Any]) -> Endpoint:
    return Endpoint(
        n=found["n"],
        url=found["url"],
        secrets=tuple(SealedSecret(**one) for one in found["secrets"]),
        made_at=found["made_at"],
        told_until=found["told_until"],
        ended_at=found["ended_at"],
    )


def _message(found: Mapping[str, Any]) -> Message:
    return Message(**{name: found[name] for name in MESSAGE})
