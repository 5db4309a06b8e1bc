"""Who may do what: Basic over https, OAuth 1.0a over http, and the answers to everything else (facts 22 and 34)."""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

from tests.simulators.woocommerce.answer import Refused
from tests.simulators.woocommerce.books import Document

WINDOW_SECONDS = 15 * 60


@dataclass(frozen=True)
class Asked:
    """A request as it came; `query` in its order."""

    method: str
    address: str
    authorization: str
    is_https: bool

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.address).query, keep_blank_values=True))


def check(state: Document, asked: Asked) -> None:
    """Raises Refused as the store does: a key that is not known is not told from none at all."""
    key, secret = _basic(asked) if asked.is_https else (asked.query.get("oauth_consumer_key", ""), None)
    known = state["keys"].get(key)
    if known is None:
        raise Refused(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
    if asked.is_https and secret != known["secret"]:
        raise _not_authentic("Consumer secret is invalid.")
    if not asked.is_https:
        _check_signature(asked, known["secret"])
    if asked.method != "GET" and known["can"] == "read":
        raise _not_authentic("The API key provided does not have write permissions.")


def _basic(asked: Asked) -> tuple[str, str]:
    scheme, _, given = asked.authorization.partition(" ")
    if scheme != "Basic":
        return "", ""
    key, _, secret = base64.b64decode(given).decode().partition(":")
    return key, secret


def _check_signature(asked: Asked, secret: str) -> None:
    """OAuth 1.0a: the percent-encoded base string, signed with the secret and "&"."""
    given = asked.query
    signature = given.pop("oauth_signature", "")
    address = f"http://{urlsplit(asked.address).netloc}{urlsplit(asked.address).path}"
    pairs = "&".join(f"{quote(name, safe='~')}={quote(given[name], safe='~')}" for name in sorted(given))
    text = "&".join(quote(part, safe="~") for part in (asked.method, address, pairs))
    made = base64.b64encode(hmac.digest(f"{secret}&".encode(), text.encode(), hashlib.sha256)).decode()
    if not hmac.compare_digest(made, signature):
        raise _not_authentic("Invalid signature - provided signature does not match.")
    if abs(time.time() - int(given["oauth_timestamp"])) > WINDOW_SECONDS:
        raise _not_authentic("Invalid timestamp.")


def _not_authentic(message: str) -> Refused:
    return Refused(401, "woocommerce_rest_authentication_error", message)
