"""Who asks, as Shopify signs it: session tokens, the app proxy, the way back from a code grant. Pure.

The package `shopifyapi` (Shopify's own, imported where it is used) does what it does purely: shop domains, session
tokens of the admin, the signature of a grant, which scopes hold which. Issuer, audience, expiry and destination of a
session token are checked here besides, since it takes one without an expiry.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from adapters.errors import ChannelError

SCOPES = (
    "read_orders",
    "write_orders",
    "write_order_edits",
    "read_returns",
    "write_returns",
    "read_products",
    "read_inventory",
    "read_locations",
    "read_customers",
    "read_fulfillments",
    "read_merchant_managed_fulfillment_orders",
    "read_store_credit_accounts",
    "read_store_credit_account_transactions",
    "write_store_credit_account_transactions",
)
"""What Backhaul asks a merchant for; shopify.app.toml says the same, and a test that the documents need no more."""

VERSION = "2026-10"
LEEWAY_SECONDS = 10
PROXY_SECONDS = 90
GRANT_SECONDS = 90
NEVER_REPEATED = ("shop", "timestamp", "signature", "logged_in_customer_id", "path_prefix")
CUSTOMER = re.compile(r"gid://shopify/Customer/([0-9]{1,30})", re.ASCII)
SECONDS = re.compile(r"[0-9]{1,15}", re.ASCII)
MYSHOPIFY = re.compile(r"[a-z0-9][a-z0-9-]*[a-z0-9]\.myshopify\.com")


class NotShopify(ChannelError):
    """Shopify did not sign this, or not for us, or not now."""

    code = "not_shopify"


@dataclass(frozen=True, slots=True)
class AppKeys:
    """The app at Shopify: `secrets` are the new one first, and the old one while it is being replaced."""

    client_id: str
    secrets: tuple[str, ...] = field(repr=False)


class Session(Struct, frozen=True):
    """Who a session token speaks for: a shop, and there a person of its staff by the id that Shopify knows."""

    shop: str
    user_id: str
    expires_at: int


class Proxied(Struct, frozen=True):
    """A visitor of a shop's storefront or customer account; only who is signed in as its customer has an id."""

    shop: str
    customer_id: str | None


def shop_domain(written: str) -> str:
    """A shop's own domain, exactly as Shopify writes it; raises NotShopify for anything else."""
    from shopify.utils.shop_url import sanitize_shop_domain

    found = sanitize_shop_domain(written) if MYSHOPIFY.fullmatch(written) else None
    if found != written:
        raise NotShopify("That is not the domain of a shop at Shopify.")
    return written


def session_of(header: str, app: AppKeys, *, now: float | None = None) -> Session:
    """Whom the session token of an Authorization header speaks for; raises NotShopify."""
    claims = _claims(header, app)
    at = time.time() if now is None else now
    issuer, destination = str(claims.get("iss", "")), str(claims.get("dest", ""))
    shop = shop_domain(destination.removeprefix("https://"))
    if issuer != f"https://{shop}/admin" or destination != f"https://{shop}":
        raise NotShopify("The token is not from the shop that it is for.")
    if claims.get("aud") != app.client_id:
        raise NotShopify("The token is for another app.")
    return Session(shop=shop, user_id=str(claims["sub"]), expires_at=_check_time(claims, now=at))


def customer_of(header: str, app: AppKeys, *, now: float) -> Proxied:
    """The visitor of a customer account whom an extension's session token speaks for; raises NotShopify.

    [D] Such a token has a destination, an audience and an expiry; `sub` is the customer where one is signed in, and
    issuer and session are left out, for which shopifyapi would refuse it. So it is read by PyJWT, on which that stands.
    """
    claims = _signed_claims(header, app)
    if claims.get("aud") != app.client_id:
        raise NotShopify("The token is for another app.")
    _check_time(claims, now=now)
    shop = shop_domain(str(claims.get("dest", "")).removeprefix("https://"))
    found = CUSTOMER.fullmatch(str(claims.get("sub", "")))
    return Proxied(shop=shop, customer_id=found[1] if found else None)


def proxied(pairs: Sequence[tuple[str, str]], app: AppKeys, *, now: float) -> Proxied:
    """Who comes through the app proxy; raises NotShopify.

    [D] The signature is over all other parameters, sorted, joined by nothing, several values of one by commas. What
    Shopify itself adds may stand there once only, else a visitor could add a second one.
    """
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    if any(len(values.get(name, [""])) != 1 for name in NEVER_REPEATED):
        raise NotShopify("A parameter that Shopify adds is there twice.")
    signature = values.pop("signature", [""])[0]
    signed = "".join(sorted(f"{name}={','.join(several)}" for name, several in values.items()))
    _check_hex(signed, signature, app)
    _check_fresh(values.get("timestamp", [""])[0], seconds=PROXY_SECONDS, now=now)
    customer = values.get("logged_in_customer_id", [""])[0]
    return Proxied(shop=shop_domain(values.get("shop", [""])[0]), customer_id=customer or None)


def granted(params: Mapping[str, str], app: AppKeys, *, now: float) -> str:
    """The shop that a code grant comes back from; raises NotShopify. Whoever asks checks the state besides."""
    shop = shop_domain(params.get("shop", ""))
    _check_fresh(params.get("timestamp", ""), seconds=GRANT_SECONDS, now=now)
    if not any(_signs(secret, params) for secret in app.secrets):
        raise NotShopify("Shopify did not sign this.")
    return shop


def is_opened(params: Mapping[str, str], app: AppKeys, *, token: str, now: float) -> bool:
    """Whether the admin opened the app just now, for whom a session token speaks.

    [D] It signs the parameters that it opens the app with; a token of a till has the same claims, but stands in none.
    """
    return (
        params.get("id_token") == token
        and _is_fresh(params.get("timestamp", ""), seconds=GRANT_SECONDS, now=now)
        and any(_signs(secret, params) for secret in app.secrets)
    )


def grant_address(shop: str, app: AppKeys, *, back_to: str, state: str) -> str:
    """Where a merchant agrees to a code grant, for installs that Shopify does not make itself."""
    from shopify import Session as ApiSession

    keyed: Any = type("KeyedSession", (ApiSession,), {"api_key": app.client_id})
    return str(keyed(shop_domain(shop), VERSION).create_permission_url(list(SCOPES), back_to, state=state))


def missing_scopes(granted_scopes: Sequence[str]) -> tuple[str, ...]:
    """What a merchant has not agreed to; who may write may read."""
    from shopify import ApiAccess

    held = ApiAccess(list(granted_scopes))
    return tuple(scope for scope in SCOPES if not held.covers(ApiAccess([scope])))


def frame_ancestors(shop: str) -> str:
    """Who may show our pages in a frame: this shop's admin, nobody else's [D]."""
    return f"frame-ancestors https://{shop_domain(shop)} https://admin.shopify.com"


def _claims(header: str, app: AppKeys) -> Mapping[str, object]:
    """The claims of a token that one of our secrets signed, by HS256 alone."""
    from shopify import session_token

    if not header.startswith(session_token.PREFIX):
        raise NotShopify("There is no session token.")
    for secret in filter(None, app.secrets):
        try:
            claims: Mapping[str, object] = session_token.decode_from_header(header, app.client_id, secret)
        except session_token.SessionTokenError:
            continue
        return claims
    raise NotShopify("Shopify did not sign this token for this app.")


def _signed_claims(header: str, app: AppKeys) -> Mapping[str, object]:
    """The claims of any token of an extension that one of our secrets signed, by HS256 alone."""
    import jwt

    token = header.removeprefix("Bearer ") if header.startswith("Bearer ") else ""
    required: jwt.types.Options = {"require": ["aud", "dest", "exp"]}
    for secret in filter(None, app.secrets):
        try:
            return jwt.decode(
                token, secret, algorithms=["HS256"], audience=app.client_id, leeway=LEEWAY_SECONDS, options=required
            )
        except jwt.PyJWTError:
            continue
    raise NotShopify("Shopify did not sign this token for this app.")


def _check_time(claims: Mapping[str, object], *, now: float) -> int:
    """When a token expires; raises NotShopify for one that has, says no time, or is not good yet."""
    expires, begins = claims.get("exp"), claims.get("nbf")
    if not isinstance(expires, int) or expires + LEEWAY_SECONDS < now:
        raise NotShopify("The token has expired.")
    if isinstance(begins, int) and begins - LEEWAY_SECONDS > now:
        raise NotShopify("The token is not good yet.")
    return expires


def _signs(secret: str, params: Mapping[str, str]) -> bool:
    """Whether a secret signed a grant. A class of its own for each: shopifyapi keeps the secret on the class."""
    from shopify import Session as ApiSession

    keyed: Any = type("KeyedSession", (ApiSession,), {"secret": secret})
    return bool(secret) and bool(params.get("hmac", "").isascii()) and bool(keyed.validate_hmac(dict(params)))


def _check_hex(signed: str, signature: str, app: AppKeys) -> None:
    given = signature.encode("utf-8", "surrogateescape")
    made = [
        hmac.compare_digest(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest().encode(), given)
        for secret in app.secrets
        if secret
    ]
    if not any(made):
        raise NotShopify("Shopify did not sign this.")


def _check_fresh(timestamp: str, *, seconds: int, now: float) -> None:
    if not _is_fresh(timestamp, seconds=seconds, now=now):
        raise NotShopify("This is too old, or says no time.")


def _is_fresh(timestamp: str, *, seconds: int, now: float) -> bool:
    return bool(SECONDS.fullmatch(timestamp)) and abs(now - int(timestamp)) <= seconds
