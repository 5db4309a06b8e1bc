"""Conversations with the assistant: the state, saved by compare-and-set, and the turns, which are only added."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, func, select, update

from connector.storage.database import Unit
from connector.storage.errors import Conflict
from connector.storage.scope import (
    add_all,
    add_row,
    count_changed,
    first,
    prepared,
    row_where,
    rows,
    selected,
)
from connector.storage.tables.talk_tables import conversations
from connector.storage.tables.talk_tables import turns as turns_table

Document = Mapping[str, object]


class Conversation(Struct, frozen=True):
    """A conversation: `document` is its state, `token_hash` says who may go on with it, `version` counts its saves.

    `last` is the number of its last turn, 0 when there is none.
    """

    id: str
    token_hash: str
    version: int
    document: Document
    started_at: datetime
    changed_at: datetime
    last: int = 0


class Turn(Struct, frozen=True):
    """One turn of a conversation; `author` is shopper, assistant or person, `message_id` what it answers."""

    n: int
    author: str
    message_id: str | None
    document: Document
    at: datetime


FIRST_SAID = 2
CONVERSATION = tuple(column.name for column in conversations.columns if column.name != "shop_id")
TURN = Turn.__struct_fields__

SAVED = prepared(
    update(conversations)
    .where(conversations.c.id == bindparam("which"), conversations.c.version == bindparam("as_read"))
    .values(document=bindparam("state"), version=bindparam("now_at"), changed_at=bindparam("when")),
    conversations,
)
LAST = (
    select(func.coalesce(func.max(turns_table.c.n), 0))
    .where(turns_table.c.shop_id == conversations.c.shop_id, turns_table.c.conversation_id == conversations.c.id)
    .scalar_subquery()
    .label("last")
)
FOUND = prepared(select(conversations, LAST).where(conversations.c.id == bindparam("which")), conversations)
"""What every turn asks for."""


def add(unit: Unit, conversation_id: str, *, token_hash: str, document: Document, at: datetime) -> Conversation:
    """Begin a conversation at version 0; raises Duplicate."""
    conversation = Conversation(
        id=conversation_id, token_hash=token_hash, version=0, document=document, started_at=at, changed_at=at
    )
    add_row(unit, conversations, {name: getattr(conversation, name) for name in CONVERSATION})
    return conversation


def get(unit: Unit, conversation_id: str) -> Conversation | None:
    """The conversation of this id."""
    found = first(unit, FOUND, which=conversation_id)
    return None if found is None else _conversation(found)


def save(unit: Unit, conversation_id: str, *, document: Document, expected_version: int, at: datetime) -> int:
    """Save the state of a conversation that was read at a version; its new version.

    Raises Conflict when it was saved by somebody else since, or is not there.
    """
    version = expected_version + 1
    values = {"state": document, "now_at": version, "when": at}
    if not count_changed(unit, SAVED, which=conversation_id, as_read=expected_version, **values):
        raise Conflict(f"conversation '{conversation_id}' is not at version {expected_version} any more")
    return version


def append_turn(
    unit: Unit, found: Conversation, *, author: str, document: Document, at: datetime, message_id: str | None = None
) -> int:
    """Add a turn to a conversation as it was read; its number, from 1.

    Raises Duplicate when a turn was added since, or answers this message already.
    """
    number = found.last + 1
    values = {"n": number, "author": author, "message_id": message_id, "document": document, "at": at}
    add_row(unit, turns_table, {"conversation_id": found.id, **values})
    return number


def append_exchange(
    unit: Unit, found: Conversation, *, heard: Document, answer: Document, at: datetime, message_id: str | None
) -> None:
    """Add what a shopper did and what it was answered to a conversation as it was read; raises as `append_turn`."""
    conversation_id, n = found.id, found.last
    both = {"conversation_id": conversation_id, "at": at}
    shopper = {**both, "n": n + 1, "author": "shopper", "message_id": None, "document": heard}
    assistant = {**both, "n": n + 2, "author": "assistant", "message_id": message_id, "document": answer}
    add_all(unit, turns_table, [shopper, assistant])


def turns(unit: Unit, conversation_id: str, *, after: int = 0) -> tuple[Turn, ...]:
    """The turns after the n-th, oldest first."""
    later = selected(unit, turns_table, _in(conversation_id), turns_table.c.n > after)
    return tuple(_turn(found) for found in rows(unit, later.order_by(turns_table.c.n)))


def turn_of_message(unit: Unit, conversation_id: str, *, message_id: str) -> Turn | None:
    """The turn that carries this message id: what a client that sends a message again gets again."""
    found = row_where(unit, turns_table, conversation_id=conversation_id, message_id=message_id)
    return None if found is None else _turn(found)


def latest(unit: Unit, *, limit: int, before: datetime | None = None) -> tuple[Conversation, ...]:
    """The conversations in which a shopper said something, the latest first, changed before a time if one is given."""
    earlier = () if before is None else (conversations.c.changed_at < before,)
    found = selected(unit, conversations, conversations.c.version > 0, *earlier).add_columns(LAST)
    newest = found.order_by(conversations.c.changed_at.desc(), conversations.c.id).limit(limit)
    return tuple(_conversation(one) for one in rows(unit, newest))


def first_said(unit: Unit, conversation_ids: Sequence[str]) -> Mapping[str, Document]:
    """What the shopper said first in each of these conversations, after the assistant's greeting."""
    theirs = turns_table.c.conversation_id.in_(conversation_ids)
    found = rows(unit, selected(unit, turns_table, theirs, turns_table.c.n == FIRST_SAID))
    return {one["conversation_id"]: one["document"] for one in found if one["author"] == "shopper"}


def _in(conversation_id: str) -> ColumnElement[bool]:
    return turns_table.c.conversation_id == conversation_id


def _conversation(found: Mapping[str, Any]) -> Conversation:
    return Conversation(**{name: found[name] for name in (*CONVERSATION, "last")})


def _turn(found: Mapping[str, Any]) -> Turn:
    return Turn(**{name: found[name] for name in TURN})
