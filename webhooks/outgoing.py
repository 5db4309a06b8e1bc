"""How our own messages are signed, after Standard Webhooks 1.0 (standardwebhooks.com): symmetric, v1."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime

from webhooks.signature import sign

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret, by the specification."""


def secret_of(key: bytes) -> str:
    """A secret as it is shown; raises ValueError for a key that is too short or too long."""
    if not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"a secret has {SHORTEST} to {LONGEST} bytes")
    return PREFIX + base64.b64encode(key).decode("ascii")


def headers(message_id: str, body: bytes, *, at: datetime, secrets: Sequence[str]) -> Mapping[str, str]:
    """The headers of a message; while a secret is being replaced each of them signs. Raises ValueError for none."""
    if not secrets:
        raise ValueError("a message is always signed")
    timestamp = str(int(at.timestamp()))
    content = f"{message_id}.{timestamp}.".encode() + body
    signatures = [f"v1,{sign(_key(secret), content)}" for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
        "content-type": "application/json",
    }


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret is base64") from error
