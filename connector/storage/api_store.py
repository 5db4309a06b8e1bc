"""Tokens of programs, by their hashes only, and what programs were answered under an idempotency key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from connector.storage.database import Unit
from connector.storage.errors import NotFound
from connector.storage.scope import add_row, added, changed, next_number, removed, row_where, rows, selected
from connector.storage.tables.api_tables import api_answers, api_tokens


class ApiToken(Struct, frozen=True):
    """A token without the token itself; `n` counts from 1 within the shop."""

    n: int
    name: str
    scopes: tuple[str, ...]
    made_at: datetime
    revoked_at: datetime | None


class KeptAnswer(Struct, frozen=True):
    """What was answered to a question of this fingerprint; `body` is JSON."""

    fingerprint: str
    status: int
    body: str


def add_token(unit: Unit, token_hash: str, *, name: str, scopes: tuple[str, ...], at: datetime) -> ApiToken:
    """Add a token; raises Duplicate."""
    values = {"name": name, "token_hash": token_hash, "scopes": list(scopes), "made_at": at}
    return _token(added(unit, api_tokens, {"n": next_number(unit, api_tokens.c.n), **values}))


def list_tokens(unit: Unit) -> tuple[ApiToken, ...]:
    """All tokens, newest first."""
    return tuple(_token(found) for found in rows(unit, selected(unit, api_tokens).order_by(api_tokens.c.n.desc())))


def revoke(unit: Unit, n: int, *, at: datetime) -> None:
    """Let a token open nothing any more; raises NotFound when it does not anyway."""
    valid = (api_tokens.c.n == n) & api_tokens.c.revoked_at.is_(None)
    if not unit.connection.execute(changed(unit, api_tokens, valid).values(revoked_at=at)).rowcount:
        raise NotFound(f"there is no token {n} that is not revoked")


def answer_of(unit: Unit, key: str, *, token_n: int) -> KeptAnswer | None:
    """What a program was answered under a key."""
    found = row_where(unit, api_answers, key=key, token_n=token_n)
    return None if found is None else KeptAnswer(found["fingerprint"], status=found["status"], body=found["body"])


def keep_answer(unit: Unit, key: str, *, token_n: int, answer: KeptAnswer, at: datetime) -> None:
    """Keep what a program was answered under a key; raises Duplicate when something was."""
    values = {"fingerprint": answer.fingerprint, "status": answer.status, "body": answer.body, "at": at}
    add_row(unit, api_answers, {"key": key, "token_n": token_n, **values})


def forget_answers(unit: Unit, *, before: datetime) -> None:
    """Forget what was answered before a time."""
    unit.connection.execute(removed(unit, api_answers, api_answers.c.at < before))


def _token(found: Mapping[str, Any]) -> ApiToken:
    return ApiToken(
        n=found["n"],
        name=found["name"],
        scopes=tuple(found["scopes"]),
        made_at=found["made_at"],
        revoked_at=found["revoked_at"],
    )
