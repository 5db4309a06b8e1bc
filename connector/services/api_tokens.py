"""A merchant's programs come in by tokens: shown once, kept as hashes, each for some scopes, revoked at any time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from connector.application import Application
from connector.services.audit import COMMAND_LINE, Audited, record
from connector.services.errors import InvalidInput
from connector.services.sealing import hash_of
from connector.storage import api_store, attempt_store, token_store
from connector.storage.api_store import ApiToken
from connector.storage.attempt_store import Window
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from connector.storage.token_store import Admission
from domain.events import Actor

SCOPES: Mapping[str, str] = {
    "orders:read": "Read orders",
    "returns:read": "Read returns",
    "returns:write": "Open, decide on, receive, settle and cancel returns",
    "quotes:write": "Make and read quotes",
    "events:read": "Read what happened to returns",
    "policy:read": "Read the returns policy",
}
"""What a token may be for."""
LONGEST_NAME = 80
PREFIX = "bh_"
ANSWERS_KEPT = timedelta(days=30)
A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token as it is shown once."""

    token: str = field(repr=False)
    kept: ApiToken


def make(app: Application, shop: Shop, *, name: str, scopes: Sequence[str], actor: Actor = COMMAND_LINE) -> NewToken:
    """Make a token; raises InvalidInput for no name, and for scopes that are none."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise InvalidInput(f"Choose what the token is for, of: {', '.join(SCOPES)}.", at="scopes")
    if not name.strip() or len(name) > LONGEST_NAME:
        raise InvalidInput(f"Give the token a name of at most {LONGEST_NAME} signs.", at="name")
    token, wanted = f"{PREFIX}{app.token()}", tuple(scope for scope in SCOPES if scope in scopes)

    def work(unit: Unit) -> ApiToken:
        kept = api_store.add_token(unit, hash_of(token), name=name.strip(), scopes=wanted, at=app.clock())
        record(app, unit, Audited.TOKEN_MADE, actor=actor, about=kept.name, details={"for": ", ".join(wanted)})
        return kept

    return NewToken(token=token, kept=app.database.write(shop, work))


def list_tokens(app: Application, shop: Shop) -> tuple[ApiToken, ...]:
    """All tokens of the shop, newest first."""
    with app.database.read(shop) as unit:
        return api_store.list_tokens(unit)


def revoke(app: Application, shop: Shop, *, n: int, actor: Actor = COMMAND_LINE) -> None:
    """Let a token open nothing from now on; raises storage's NotFound."""

    def work(unit: Unit) -> None:
        api_store.revoke(unit, n, at=app.clock())
        name = next(one.name for one in api_store.list_tokens(unit) if one.n == n)
        record(app, unit, Audited.TOKEN_REVOKED, actor=actor, about=name)

    app.database.write(shop, work)


def admitted(app: Application, slug: str, *, token: str, key: str = "") -> Admission:
    """The shop of a slug, the token of it that this is, if it is one, and what it was answered under a key before."""
    with app.database.ask_install() as connection:
        return token_store.admission(connection, slug, token_hash=hash_of(token), key=key)


def take_questions(app: Application, shop: Shop, *, n: int, several: int) -> Window:
    """Count questions of a token that are about to be asked, for all processes together; the minute they fall into."""

    def work(unit: Unit) -> Window:
        key = f"program:{n}"
        return attempt_store.hit_often(unit, key, at=app.clock(), window_seconds=A_MINUTE, times=several)

    return app.database.write(shop, work)


def forget_answers(app: Application, shop: Shop) -> None:
    """Forget what programs were answered a month ago; an idempotency key may then be used anew."""
    before = app.clock() - ANSWERS_KEPT
    app.database.write(shop, lambda unit: api_store.forget_answers(unit, before=before))
