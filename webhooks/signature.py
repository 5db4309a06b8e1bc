"""Signatures over raw bytes; compared in constant time, and an empty secret signs nothing."""

import base64
import hashlib
import hmac
from collections.abc import Iterable


def sign(secret: bytes, content: bytes) -> str:
    """The base64 of HMAC-SHA256, as Shopify, WooCommerce and Standard Webhooks write it; ValueError without secret."""
    if not secret:
        raise ValueError("an empty secret signs nothing")
    return base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode("ascii")


def is_signed(content: bytes, signature: str, *, secrets: Iterable[bytes]) -> bool:
    """Whether one of the secrets made this signature; an empty secret never did, nor is an empty signature one."""
    given = signature.strip().encode("utf-8", "surrogateescape")
    made = [hmac.compare_digest(sign(secret, content).encode("ascii"), given) for secret in secrets if secret]
    return any(made)
