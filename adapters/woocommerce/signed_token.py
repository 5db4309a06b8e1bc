"""What a store's plugin says of who is signed in there: BASE64URL(JSON) "." BASE64URL(HMAC-SHA256 of the first part).

The secret belongs to one connection; the claims are bound to the shop, the customer, the e-mail and the order, and hold
for half an hour.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct

VERSION = 1
LONGEST = 4000
LONGEST_LIFE = timedelta(hours=1)
"""No token is taken for longer, whatever it says."""
CLOCKS_APART = timedelta(minutes=5)


class Claims(Struct, frozen=True):
    """What was signed: for `shopper` or `staff`; `order_id` is empty where it is about no order yet."""

    purpose: str
    customer: str
    email: str
    order_id: str


def read_token(token: str, *, secret: str, shop: str, now: datetime) -> Claims | None:
    """The claims of a token; None for one that is forged, over, or of another shop, whichever it is."""
    said, _, signature = token.partition(".")
    if not secret or len(token) > LONGEST or not token.isascii():
        return None
    made = hmac.digest(secret.encode(), said.encode(), hashlib.sha256)
    if not hmac.compare_digest(_encoded(made), signature):
        return None
    claims = _claims(said)
    if claims is None or claims.get("v") != VERSION or claims.get("shop") != shop or not _is_fresh(claims, now=now):
        return None
    return _read(claims)


def signed_token(claims: Mapping[str, object], *, secret: str) -> str:
    """A token as the plugin makes it."""
    said = _encoded(json.dumps(dict(claims)).encode())
    return f"{said}.{_encoded(hmac.digest(secret.encode(), said.encode(), hashlib.sha256))}"


def _read(claims: Mapping[str, object]) -> Claims | None:
    found = {name: claims.get(name) for name in ("for", "customer", "email", "order")}
    if not all(isinstance(value, str) for value in found.values()):
        return None
    return Claims(
        purpose=str(found["for"]), customer=str(found["customer"]), email=str(found["email"]),
        order_id=str(found["order"]),
    )  # fmt: skip


def _is_fresh(claims: Mapping[str, object], *, now: datetime) -> bool:
    made, ends = claims.get("iat"), claims.get("exp")
    if not (isinstance(made, int) and isinstance(ends, int)):
        return False
    try:
        begins, over = datetime.fromtimestamp(made, UTC), datetime.fromtimestamp(ends, UTC)
    except (ValueError, OverflowError, OSError):
        return False
    return begins - CLOCKS_APART <= now < over and over - begins <= LONGEST_LIFE


def _claims(said: str) -> Mapping[str, object] | None:
    try:
        found = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
