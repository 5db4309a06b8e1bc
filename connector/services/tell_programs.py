"""A merchant's programs are told what happens to returns, signed, again and again for three days until they answer.

Messages are made from the history of returns, so what is told is what happened, and nothing is told of what was undone.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from msgspec.structs import replace

from connector.application import Application, Step, Undeliverable
from connector.services.audit import COMMAND_LINE, Audited, record
from connector.services.errors import Conflict, InvalidInput, NotFound
from connector.services.sealing import opened, sealed
from connector.storage import backlog_store, command_store, webhook_store
from connector.storage.database import Unit
from connector.storage.pages_store import HistoryLine
from connector.storage.shop_store import Shop
from connector.storage.webhook_store import DELIVERED, FAILED, WAITING, Endpoint, Message, SealedSecret
from domain.events import Actor
from webhooks.outgoing import headers, secret_of

JOB = "tell_program"
WAITS_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Between the tries: a little more than three days in all, as Standard Webhooks proposes."""
AT_ONCE = 100
SHOWN = 50
KEPT = timedelta(days=30)
BOTH_SIGN = timedelta(hours=24)
"""For so long the old secret signs beside the new one."""
LONGEST_URL = 2000
OK, REDIRECTS, GONE = 200, 300, 410


@dataclass(frozen=True, slots=True)
class Shared:
    """An endpoint with its newest secret, as it is shown once."""

    endpoint: Endpoint
    secret: str = field(repr=False)


def add(app: Application, shop: Shop, *, url: str, actor: Actor = COMMAND_LINE) -> Shared:
    """Tell an address from now on; raises InvalidInput for one that cannot be called."""
    _check(url, allows_private=app.settings.private_webhooks)
    secret = _new_secret(app)
    kept = [SealedSecret(sealed(app, secret))]

    def work(unit: Unit) -> Endpoint:
        record(app, unit, Audited.ENDPOINT_ADDED, actor=actor, about=url)
        return webhook_store.add_endpoint(unit, url, secrets=kept, at=app.clock())

    return Shared(endpoint=app.database.write(shop, work), secret=secret)


def rotate(app: Application, shop: Shop, *, n: int, actor: Actor = COMMAND_LINE) -> Shared:
    """Give an endpoint a new secret; for a day the old one signs too. Raises NotFound."""
    secret = _new_secret(app)
    until = (app.clock() + BOTH_SIGN).isoformat()

    def work(unit: Unit) -> Endpoint:
        found = _endpoint(unit, n)
        newest = SealedSecret(sealed(app, secret))
        kept = (newest, replace(found.secrets[0], until=until))
        webhook_store.set_secrets(unit, n, secrets=kept)
        record(app, unit, Audited.SECRET_REPLACED, actor=actor, about=found.url)
        return replace(found, secrets=kept)

    return Shared(endpoint=app.database.write(shop, work), secret=secret)


def remove(app: Application, shop: Shop, *, n: int, actor: Actor = COMMAND_LINE) -> None:
    """Tell an endpoint nothing any more; raises NotFound of storage or ours."""

    def work(unit: Unit) -> None:
        webhook_store.end_endpoint(unit, n, at=app.clock())
        record(app, unit, Audited.ENDPOINT_REMOVED, actor=actor, about=_endpoint(unit, n).url)

    app.database.write(shop, work)


def endpoints(app: Application, shop: Shop) -> tuple[Endpoint, ...]:
    """The endpoints that are told, oldest first."""
    with app.database.read(shop) as unit:
        return webhook_store.endpoints(unit)


def announce(app: Application) -> int:
    """Make messages of what happened in every shop that has endpoints; how many."""
    with app.database.read_install() as connection:
        shops = backlog_store.shops_with_endpoints(connection)
    return sum(app.database.write(shop, lambda unit: _announced(app, unit)) for shop in shops if _has_news(app, shop))


def tell(app: Application, shop: Shop, *, step: Step, payload: Mapping[str, object]) -> None:
    """The job: send a message once more, and have it tried again later when it is not taken."""
    step("send", lambda: _sent(app, shop, payload=payload))


def given_up(app: Application, shop: Shop) -> tuple[Message, ...]:
    """The messages that were not taken in three days, newest first."""
    with app.database.read(shop) as unit:
        return webhook_store.failed(unit, limit=SHOWN)


def replay(
    app: Application, shop: Shop, *, endpoint_n: int, message_id: str, key: str, actor: Actor = COMMAND_LINE
) -> None:
    """Send a message that was given up anew, once per key; raises NotFound, Conflict when it was not given up."""

    def work(unit: Unit) -> None:
        if command_store.get(unit, key) is not None:
            return
        found = webhook_store.message(unit, message_id, endpoint_n=endpoint_n)
        if found is None:
            raise NotFound("There is no such message in this shop.")
        if found.state != FAILED:
            raise Conflict("This message was not given up.")
        again = replace(found, state=WAITING, round=found.round + 1, tries=0, error="")
        webhook_store.note(unit, again, at=app.clock())
        _enqueue(app, unit, again)
        command_store.keep(unit, key, result={"message": message_id}, at=app.clock())
        record(app, unit, Audited.MESSAGE_REPLAYED, actor=actor, about=message_id)

    app.database.write(shop, work)


def forget_messages(app: Application, shop: Shop) -> None:
    """Forget the messages that arrived a month ago."""
    before = app.clock() - KEPT
    app.database.write(shop, lambda unit: webhook_store.forget_messages(unit, before=before))


def told(line: HistoryLine) -> bytes:
    """The body of a message."""
    data = {
        "return_id": line.return_id,
        "actor": line.actor_kind,
        "why": line.why,
        "details": line.details,
    }
    document = {"type": f"return.{line.act}", "timestamp": line.at.isoformat(), "data": data}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _check(url: str, *, allows_private: bool) -> None:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0 and url.isascii() and url.isprintable()
    except ValueError:
        usable = False
    schemes = ("https", "http") if allows_private else ("https",)
    if not usable or parts.scheme not in schemes or "@" in parts.netloc or len(url) > LONGEST_URL or " " in url:
        raise InvalidInput("Give an address like https://erp.example.com/backhaul.", at="url")


def _new_secret(app: Application) -> str:
    return secret_of(hashlib.sha256(app.token().encode()).digest())


def _has_news(app: Application, shop: Shop) -> bool:
    with app.database.read(shop) as unit:
        return any(webhook_store.untold(unit, one, limit=1) for one in webhook_store.endpoints(unit))


def _announced(app: Application, unit: Unit) -> int:
    made = 0
    for one in webhook_store.endpoints(unit):
        for line in webhook_store.untold(unit, one, limit=AT_ONCE):
            message_id = f"{line.return_id}.{line.n}"
            webhook_store.add_message(unit, message_id, endpoint_n=one.n, line=line, at=app.clock())
            _enqueue(app, unit, _message(unit, one.n, message_id))
            made += 1
    return made


def _enqueue(app: Application, unit: Unit, found: Message, *, delay_seconds: float = 0) -> None:
    key = f"{found.endpoint_n}:{found.id}:{found.round}:{found.tries}"
    payload = {"endpoint": found.endpoint_n, "message": found.id, "round": found.round, "tries": found.tries}
    app.jobs.enqueue(unit, JOB, key=key, payload=payload, delay_seconds=delay_seconds)


def _sent(app: Application, shop: Shop, *, payload: Mapping[str, object]) -> None:
    with app.database.read(shop) as unit:
        one = _endpoint(unit, int(str(payload["endpoint"])))
        found = _message(unit, one.n, str(payload["message"]))
        line = webhook_store.line_of(unit, found)
    is_this_try = (found.round, found.tries) == (payload["round"], payload["tries"])
    if found.state != WAITING or not is_this_try:
        return
    status, error = _posted(app, one, found, line=line) if one.ended_at is None else (None, "It was removed.")
    app.database.write(shop, lambda unit: _noted(app, unit, found, status=status, error=error))


def _posted(app: Application, one: Endpoint, found: Message, *, line: HistoryLine) -> tuple[int | None, str]:
    body, now = told(line), app.clock()
    signed = headers(found.id, body, at=now, secrets=[opened(app, kept.sealed) for kept in _signing(one, now)])
    try:
        status = app.post(one.url, body, headers=signed)
    except Undeliverable as reason:
        return None, str(reason)
    return status, "" if OK <= status < REDIRECTS else f"It answered with {status}."


def _signing(one: Endpoint, now: datetime) -> tuple[SealedSecret, ...]:
    return tuple(kept for kept in one.secrets if kept.until is None or datetime.fromisoformat(kept.until) > now)


def _noted(app: Application, unit: Unit, found: Message, *, status: int | None, error: str) -> None:
    """Delivered, to be tried again later, or given up; who says that it is gone for good is told nothing more."""
    if not error:
        webhook_store.note(unit, replace(found, state=DELIVERED, status=status, error=""), at=app.clock())
        return
    is_over = found.tries >= len(WAITS_SECONDS) or status == GONE
    tried = replace(found, state=FAILED if is_over else WAITING, tries=found.tries + 1, status=status, error=error)
    webhook_store.note(unit, tried, at=app.clock())
    if not is_over:
        _enqueue(app, unit, tried, delay_seconds=WAITS_SECONDS[found.tries])
    if status == GONE:
        webhook_store.end_endpoint(unit, found.endpoint_n, at=app.clock())


def _endpoint(unit: Unit, n: int) -> Endpoint:
    found = webhook_store.endpoint(unit, n)
    if found is None:
        raise NotFound("There is no such endpoint in this shop.")
    return found


def _message(unit: Unit, endpoint_n: int, message_id: str) -> Message:
    found = webhook_store.message(unit, message_id, endpoint_n=endpoint_n)
    if found is None:
        raise NotFound("There is no such message in this shop.")
    return found
