"""How requests to a store say who asks, and where its owner gives us a key."""

import ipaddress
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode, urlsplit, urlunsplit

import httpx

from adapters.errors import ChannelRefused, Unreadable

APP_NAME = "Backhaul"
SCOPE = "read_write"
HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?", re.IGNORECASE)
LONGEST_KEY = 200


class Manner(StrEnum):
    """How a request is signed."""

    BASIC = "basic"
    SIGNED = "signed"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key of a store: `address` is where its front page is, without a slash at the end."""

    address: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    manner: Manner = Manner.BASIC

    def auth(self) -> httpx.Auth:
        """What signs requests: over plain http the secret itself must never travel (fact 34)."""
        if self.manner is Manner.BASIC and self.address.startswith("https://"):
            return httpx.BasicAuth(self.key, self.secret)
        return Signed(self.key, self.secret)


class Signed(httpx.Auth):
    """OAuth 1.0a with one leg: parameters in the address, HMAC-SHA256, made by the package `woocommerce`.

    That package signs a list wrongly, and a "/" or "%" in a value: requests have neither.
    """

    def __init__(self, key: str, secret: str) -> None:
        self._key = key
        self._secret = secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign the request's address."""
        # Its HTTP library listens for a moment and weighs 8 MB: only an install with such a store pays for that.
        from woocommerce.oauth import OAuth

        oauth = OAuth(str(request.url), self._key, self._secret, version="wc/v3", method=request.method)
        request.url = httpx.URL(oauth.get_oauth_url())
        yield request


@dataclass(frozen=True, slots=True)
class GivenKey:
    """The key that a store's server hands over after its owner approved (fact 33)."""

    key: str = field(repr=False)
    secret: str = field(repr=False)
    permissions: str


def store_address(text: str) -> str:
    """The address of a store as its owner types it, https unless http is asked for; raises ChannelRefused."""
    typed = text.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        is_address = parts.scheme in ("http", "https") and _is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise ChannelRefused("That is not the address of a store. It looks like https://shop.example.com.")
    if parts.username or parts.password:
        raise ChannelRefused("The store's address must not hold a name or a password.")
    path = parts.path.partition("/wp-json")[0].partition("/wp-admin")[0].rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc.lower(), path, "", ""))


def approval_address(store: str, *, callback: str, back_to: str, state: str) -> str:
    """The page of a store on which its owner gives us a key.

    Fact 33: what comes to `callback` is unsigned and names no store, so `callback` and `user_id` hold the one-time
    state; the store takes https callbacks only.
    """
    if not callback.startswith("https://"):
        raise ChannelRefused(
            "The store hands its key over to an https address only, and this install has none (BACKHAUL_PUBLIC_URL). "
            "Make a key in WooCommerce, Settings, Advanced, REST API, and paste it here."
        )
    query = {"app_name": APP_NAME, "scope": SCOPE, "user_id": state, "return_url": back_to, "callback_url": callback}
    return f"{store}/wc-auth/v1/authorize?{urlencode(query)}"


def given_key(body: Mapping[str, object]) -> GivenKey:
    """The key of a callback; raises Unreadable."""
    key, secret, permissions = (body.get(name) for name in ("consumer_key", "consumer_secret", "key_permissions"))
    if not (isinstance(key, str) and isinstance(secret, str) and isinstance(permissions, str)):
        raise Unreadable("It holds no key of a store.")
    if not key.startswith("ck_") or not secret.startswith("cs_") or max(len(key), len(secret)) > LONGEST_KEY:
        raise Unreadable("It holds no key of a store.")
    return GivenKey(key=key, secret=secret, permissions=permissions)


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return HOST.fullmatch(host) is not None
    return True
