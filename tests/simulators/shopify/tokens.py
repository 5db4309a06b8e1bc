"""Where the app gets its tokens: exchange, code and refresh, with rotation as Shopify documents it [D]."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from tests.simulators.shopify.books import CLIENT_ID, SECRET, Document, new_id

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
LASTS = 3600
REFRESH_LASTS = 7_776_000


class NoToken(Exception):
    """The answer to a request that gets none."""

    def __init__(self, error: str, *, status: int = 400) -> None:
        super().__init__(error)
        self.status = status
        self.body = {"error": error}


def session_token(state: Document, *, secret: str = SECRET, **changes: Any) -> str:
    """A session token as App Bridge hands it to a page of the admin: it lives a minute. None leaves a claim out."""
    at, shop = int(time.time()), state["shop"]["domain"]
    said = {
        "iss": f"https://{shop}/admin", "dest": f"https://{shop}", "aud": CLIENT_ID, "sub": "42", "exp": at + 60,
        "nbf": at, "iat": at, "jti": f"jti-{at}", "sid": "sid-1", **changes,
    }  # fmt: skip
    algorithm = changes.pop("alg", "HS256")
    said = {name: claim for name, claim in said.items() if name != "alg" and claim is not None}
    parts = [_encoded(json.dumps(one).encode()) for one in ({"alg": algorithm, "typ": "JWT"}, said)]
    signed = ".".join(parts)
    made = hmac.digest(secret.encode(), signed.encode(), hashlib.sha256) if algorithm != "none" else b""
    return f"{signed}.{_encoded(made)}"


def granted(state: Document, asked: Document) -> Document:
    """A pair of tokens; raises NoToken."""
    if asked.get("client_id") != CLIENT_ID or asked.get("client_secret") not in state["secrets"]:
        raise NoToken("invalid_client", status=401)
    if asked.get("grant_type") == "refresh_token":
        return _refreshed(state, asked)
    if asked.get("grant_type") == EXCHANGE:
        return _exchanged(state, asked)
    code = state["codes"].pop(asked.get("code", ""), None)
    if code is None:
        raise NoToken("invalid_request")
    return _pair(state, expires=bool(asked.get("expiring")))


def taken_off(state: Document) -> None:
    """The merchant takes the app off: every token is void at once [D]."""
    state["tokens"], state["refresh_tokens"] = {}, {}


def is_good(state: Document, token: str) -> bool:
    return state["tokens"].get(token, 0) > time.time()


def _exchanged(state: Document, asked: Document) -> Document:
    if asked.get("subject_token_type") != ID_TOKEN or asked.get("requested_token_type") != OFFLINE:
        raise NoToken("invalid_request")
    if not _is_session(state, str(asked.get("subject_token", ""))):
        raise NoToken("invalid_subject_token")
    return _pair(state, expires=str(asked.get("expiring")) == "1")


def _refreshed(state: Document, asked: Document) -> Document:
    """A refresh token counts once."""
    until = state["refresh_tokens"].pop(asked.get("refresh_token", ""), 0)
    if until <= time.time():
        raise NoToken("invalid_request: requires an active refresh_token", status=401)
    return _pair(state, expires=True)


def _pair(state: Document, *, expires: bool) -> Document:
    """One expiring token of an app and a shop is active; public apps get no other kind."""
    if not expires:
        raise NoToken("non-expiring offline tokens are not given", status=403)
    number, at = new_id(state), time.time()
    lasts = state.get("token_lasts", LASTS)
    access, refresh = f"shpat_{number}", f"shprt_{number}"
    state["tokens"] = {access: at + lasts}
    state["refresh_tokens"] = {refresh: at + REFRESH_LASTS}
    return {
        "access_token": access, "scope": ",".join(state["scopes"]), "expires_in": lasts, "refresh_token": refresh,
        "refresh_token_expires_in": REFRESH_LASTS,
    }  # fmt: skip


def _is_session(state: Document, token: str) -> bool:
    signed, _, made = token.rpartition(".")
    fits = any(
        hmac.compare_digest(_encoded(hmac.digest(secret.encode(), signed.encode(), hashlib.sha256)), made)
        for secret in state["secrets"]
    )
    if not fits:
        return False
    said = json.loads(_decoded(signed.partition(".")[2]))
    return said["exp"] > time.time() and said["dest"] == f"https://{state['shop']['domain']}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decoded(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
