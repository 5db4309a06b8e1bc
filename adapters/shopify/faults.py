"""What went wrong between us and Shopify, said so that whoever must act knows what to do."""

from collections.abc import Callable, Mapping, Sequence

import httpx

from adapters.errors import ChannelError, ChannelRefused, ChannelSlow, NotConnected, Unreadable
from adapters.shopify.fields import Body, parts, text

LONGEST_QUOTE = 200
REOPEN = "Open Backhaul once in the Shopify admin, so that Shopify lets it in again."
SCOPES = "The app may not do this: {said} Open Backhaul in the Shopify admin and agree to what it asks for."


class TokenRefused(NotConnected):
    """Shopify does not accept the token any more."""

    code = "token_refused"


class Unanswered(ChannelSlow):
    """What was asked may be done or not: it must be looked for, never sent again blindly."""

    code = "unanswered"


class Throttled(ChannelSlow):
    """Nothing was done: the same may be sent again, whatever it is."""

    code = "throttled"


class Uncertain(ChannelError):
    """It was sent, not answered, and does not show: a person must look. Nothing is sent a second time."""

    code = "uncertain"


class ShopRefused(ChannelRefused):
    """Shopify said no: `reason` is its own code, None where it gave none; `field` is where it looked."""

    def __init__(self, message: str, *, reason: str | None = None, field: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.reason = reason
        self.field = field


class NoSuchThing(ShopRefused):
    """There is no such thing in the shop, or the app may not see it."""


def of_failure(error: httpx.HTTPError, *, is_mutation: bool) -> ChannelError:
    """What a request that got no answer means."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return Throttled("Shopify cannot be reached.")
    if is_mutation:
        return Unanswered("Shopify did not answer; whether it was done is not known.")
    return ChannelSlow("Shopify did not answer in time.")


def of_status(answer: httpx.Response, *, is_mutation: bool) -> ChannelError:
    """What an HTTP status means that is no success."""
    if answer.status_code in STATUSES:
        return STATUSES[answer.status_code]()
    if answer.is_server_error:
        return of_failure(httpx.ReadError("down"), is_mutation=is_mutation)
    return ChannelRefused(f"Shopify answered HTTP {answer.status_code}.")


STATUSES: Mapping[int, Callable[[], ChannelError]] = {
    401: lambda: TokenRefused(f"Shopify does not accept the token. {REOPEN}"),
    402: lambda: NotConnected("The shop is frozen: its owner has a bill to pay at Shopify."),
    403: lambda: NotConnected(f"Shopify does not let the app in. {REOPEN}"),
    404: lambda: NotConnected("There is no such shop at Shopify."),
    423: lambda: NotConnected("Shopify has locked the shop."),
    429: lambda: Throttled("Shopify asks for patience."),
    430: lambda: Throttled("Shopify asks for patience."),
}


def of_errors(errors: Sequence[Body], *, is_mutation: bool) -> ChannelError:
    """What top-level errors mean: the first decides, by its code [C]."""
    first = errors[0]
    extensions = first.get("extensions")
    code = str(extensions.get("code", "")) if isinstance(extensions, dict) else ""
    said = _quoted(text(first, "message") or "it gave no reason")
    if code == "INTERNAL_SERVER_ERROR":
        return of_failure(httpx.ReadError("down"), is_mutation=is_mutation)
    if code in CODES:
        return CODES[code](said)
    return ShopRefused(f"Shopify: {said}", reason=code or None)


CODES: Mapping[str, Callable[[str], ChannelError]] = {
    "THROTTLED": lambda _: Throttled("Shopify asks for patience."),
    "IDEMPOTENCY_CONCURRENT_REQUEST": lambda _: ChannelSlow("Shopify is still at the same request."),
    "ACCESS_DENIED": lambda said: NotConnected(SCOPES.format(said=said)),
    "SHOP_INACTIVE": lambda _: NotConnected("The shop is not active at Shopify."),
    "MAX_COST_EXCEEDED": lambda said: Unreadable(f"Shopify finds the question too large: {said}"),
    "RESOURCE_NOT_FOUND": lambda said: NoSuchThing(f"Shopify: {said}", reason="RESOURCE_NOT_FOUND"),
}


def check_user_errors(payload: Body) -> None:
    """Raises ShopRefused for what a mutation was refused for.

    `field` and `code` may be null, and the indexes in `field` are strings [C].
    """
    errors = parts(payload, "userErrors")
    if not errors:
        return
    said = " ".join(dict.fromkeys(_quoted(text(error, "message") or "") for error in errors))
    reason, field = text(errors[0], "code"), errors[0].get("field")
    kind = NoSuchThing if reason == "NOT_FOUND" else ShopRefused
    raise kind(f"Shopify: {said}", reason=reason, field=tuple(map(str, field)) if isinstance(field, list) else ())


def _quoted(said: str) -> str:
    shown = " ".join(said.split())
    return shown if len(shown) <= LONGEST_QUOTE else f"{shown[:LONGEST_QUOTE]}…"
