"""Expiring tokens: asked for with a session token or a code, renewed with the other half of their pair. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.errors import Unreadable
from adapters.shopify.auth import AppKeys
from adapters.shopify.fields import Body, required, text

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105  a name
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
USUAL_SECONDS = 3600
"""An answer without its `expires_in` was seen once [3]; then it lasts as long as all others [D]."""
USUAL_REFRESH_SECONDS = 7_776_000
EARLY = timedelta(minutes=5)
KEEP_WARM = timedelta(days=30)
"""A shop that nobody visits must not lose its pair: it is renewed long before its 90 days are over."""


@dataclass(frozen=True, slots=True)
class TokenPair:
    """An access token, and what makes the next pair, once; times are aware UTC."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    scopes: tuple[str, ...]
    expires_at: datetime
    refresh_until: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether it should be renewed before it is used."""
        return now >= self.expires_at - EARLY

    def is_cold(self, now: datetime) -> bool:
        """Whether it was not renewed for so long that it should be, used or not."""
        return now >= self.refresh_until - timedelta(seconds=USUAL_REFRESH_SECONDS) + KEEP_WARM

    def can_renew(self, now: datetime) -> bool:
        """Whether it can still make another."""
        return bool(self.refresh) and now < self.refresh_until


def by_session(app: AppKeys, session_token: str) -> Mapping[str, object]:
    """The request that makes a session token a pair (token exchange)."""
    return {
        **_app(app),
        "grant_type": EXCHANGE,
        "subject_token": session_token,
        "subject_token_type": ID_TOKEN,
        "requested_token_type": OFFLINE,
        "expiring": "1",
    }


def by_code(app: AppKeys, code: str) -> Mapping[str, object]:
    """The request that makes the code of a grant a pair."""
    return {**_app(app), "code": code, "expiring": "1"}


def by_refresh(app: AppKeys, pair: TokenPair) -> Mapping[str, object]:
    """The request that makes a pair the next one; the old refresh token is used up by it."""
    return {**_app(app), "grant_type": "refresh_token", "refresh_token": pair.refresh}


def read_pair(answer: Body, *, now: datetime) -> TokenPair:
    """The pair of an answer; raises Unreadable for one that never expires, which public apps may not use."""
    refresh = text(answer, "refresh_token")
    if refresh is None:
        raise Unreadable("Shopify gave a token that does not expire.")
    return TokenPair(
        access=required(answer, "access_token"),
        refresh=refresh,
        scopes=tuple(filter(None, (text(answer, "scope") or "").replace(" ", ",").split(","))),
        expires_at=now + timedelta(seconds=_seconds(answer, "expires_in", USUAL_SECONDS)),
        refresh_until=now + timedelta(seconds=_seconds(answer, "refresh_token_expires_in", USUAL_REFRESH_SECONDS)),
    )


def kept(pair: TokenPair) -> dict[str, object]:
    """A pair as it is written down, to be sealed."""
    return {
        "access": pair.access,
        "refresh": pair.refresh,
        "scopes": list(pair.scopes),
        "expires_at": pair.expires_at.isoformat(),
        "refresh_until": pair.refresh_until.isoformat(),
    }


def unkept(document: Mapping[str, object]) -> TokenPair:
    """A pair that was written down."""
    scopes = document["scopes"]
    return TokenPair(
        access=str(document["access"]),
        refresh=str(document["refresh"]),
        scopes=tuple(map(str, scopes)) if isinstance(scopes, list) else (),
        expires_at=datetime.fromisoformat(str(document["expires_at"])),
        refresh_until=datetime.fromisoformat(str(document["refresh_until"])),
    )


def _app(app: AppKeys) -> dict[str, object]:
    return {"client_id": app.client_id, "client_secret": app.secrets[0]}


def _seconds(answer: Body, name: str, usual: int) -> int:
    found = answer.get(name)
    return found if isinstance(found, int) and found > 0 else usual
