"""Who may do what: Basic over https, OAuth 1.0a over http, and the answers to everything else (facts 22 and 34).

Modelled: OAuth 1.0a is taken over https too, as WooCommerce's source says.
"""

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
    """A request as it came; `wire` is the method that it was sent by, `method` the one that it means (fact 35)."""

    method: str
    wire: str
    address: str
    authorization: str
    is_https: bool

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.address).query, keep_blank_values=True))


def check(state: Document, asked: Asked) -> None:
    """Raises Refused as the store does: a key that is not known is not told from none at all."""
    is_signed = "oauth_consumer_key" in asked.query
    key, secret = (asked.query["oauth_consumer_key"], None) if is_signed else _basic(state, asked)
    known = state["keys"].get(key)
    if known is None:
        raise Refused(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
    if is_signed:
        _check_signature(asked, known["secret"])
    elif secret != known["secret"]:
        raise _not_authentic("Consumer secret is invalid.")
    if asked.method != "GET" and known["can"] == "read":
        raise _not_authentic("The API key provided does not have write permissions.")


def _basic(state: Document, asked: Asked) -> tuple[str, str]:
    """Over https only; some web servers remove the header before PHP sees it (modelled)."""
    scheme, _, given = asked.authorization.partition(" ")
    if scheme != "Basic" or not asked.is_https or state.get("strips_authorization"):
        return "", ""
    key, _, secret = base64.b64decode(given).decode().partition(":")
    return key, secret


def _check_signature(asked: Asked, secret: str) -> None:
    """OAuth 1.0a: the percent-encoded base string, signed with the secret and "&"."""
    given = asked.query
    signature = given.pop("oauth_signature", "")
    parts = urlsplit(asked.address)
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    pairs = "&".join(f"{quote(name, safe='~')}={quote(given[name], safe='~')}" for name in sorted(given))
    text = "&".join(quote(part, safe="~") for part in (asked.wire, address, pairs))
    made = base64.b64encode(hmac.digest(f"{secret}&".encode(), text.encode(), hashlib.sha256)).decode()
    if not hmac.compare_digest(made, signature):
        raise _not_authentic("Invalid signature - provided signature does not match.")
    if abs(time.time() - int(given["oauth_timestamp"])) > WINDOW_SECONDS:
        raise _not_authentic("Invalid timestamp.")


def _not_authentic(message: str) -> Refused:
    return Refused(401, "woocommerce_rest_authentication_error", message)
