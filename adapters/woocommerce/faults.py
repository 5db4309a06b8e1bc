"""What went wrong between us and a store, said so that its owner knows what to do."""

import html
from collections.abc import Callable, Mapping

import httpx

from adapters.errors import ChannelError, ChannelRefused, ChannelSlow, NotConnected
from adapters.woocommerce.addresses import PrivateAddress
from adapters.woocommerce.fields import Body

LONGEST_QUOTE = 160
NO_SUCH = frozenset(
    {
        "woocommerce_rest_shop_order_invalid_id",
        "woocommerce_rest_product_invalid_id",
        "woocommerce_rest_product_variation_invalid_id",
        "woocommerce_rest_invalid_order_id",
        "woocommerce_rest_shop_coupon_invalid_id",
        "woocommerce_rest_shop_webhook_invalid_id",
        "backhaul_no_such_act",
    }
)
"""Codes that say that a thing is not there, whatever status they come with (fact 4)."""

UNKNOWN_KEY = "woocommerce_rest_cannot_view"
"""Fact 22: an unknown key, no key at all, and a key that never arrived because the web server dropped the header."""

BROKEN = "internal_server_error"
"""WordPress's own word for a PHP error: what was asked may be done or not."""

KEYS: Mapping[str, str] = {
    UNKNOWN_KEY: "The store does not know the key, or its web server removes the Authorization header on the way.",
    "woocommerce_rest_authentication_error": "The store does not accept the key: {said}",
    "woocommerce_rest_cannot_create": "The key may read only. Give it the permission Read/Write.",
    "woocommerce_rest_cannot_edit": "The key may read only. Give it the permission Read/Write.",
}
INACTIVE = "WordPress answers, but WooCommerce does not: it is not installed there, or not active."
PERMALINKS = (
    "The REST API is not at its address. In WordPress, Settings, Permalinks, choose anything but Plain; "
    "if they are not Plain, this is the address of another page than the store's own."
)
FIREWALL = "A firewall in front of the store answered with a page of its own. Let this server through to /wp-json/."
CERTIFICATE = "The store's certificate is not valid for its address: {said}"
ELSEWHERE = "The store sends us on to {said}. Connect it under that address."
PRIVATE = "That address is not on the public internet. The operator can allow it with BACKHAUL_PRIVATE_STORES=true."


class StoreRefused(ChannelRefused):
    """WooCommerce said no: `reason` is its own code."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class NoSuchThing(StoreRefused):
    """There is no such order, product or coupon."""


class NoSuchRoute(NotConnected):
    """Nothing in the store answers at that address: WooCommerce, or our plugin, is not there or not active."""


class KeyRefused(NotConnected):
    """The store does not accept the key; `reason` is its own code."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


def of_failure(error: httpx.HTTPError) -> ChannelError:
    """What a request that got no answer means."""
    if isinstance(error, PrivateAddress):
        return NotConnected(PRIVATE)
    said = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in said or "certificate verify failed" in said:
        return NotConnected(CERTIFICATE.format(said=said.partition("failed: ")[2] or said))
    if isinstance(error, httpx.TimeoutException):
        return ChannelSlow("The store did not answer in time.")
    return ChannelSlow(f"The store cannot be reached: {_quoted(said) or type(error).__name__}")


def of_answer(answer: httpx.Response) -> ChannelError:
    """What an answer means that is no success. Fact 4: the code first, the status second; HTML is a real outage."""
    body = _json(answer)
    if body is None or "code" not in body:
        return _of_page(answer)
    code, said = str(body["code"]), _quoted(html.unescape(str(body.get("message", ""))))
    if code in NO_SUCH:
        return NoSuchThing(f"WooCommerce: {said}", reason=code)
    if code == "rest_no_route":
        return NoSuchRoute(INACTIVE)
    if answer.status_code in (401, 403):
        return KeyRefused(
            KEYS.get(code, "The store does not let the key do this: {said}").format(said=said), reason=code
        )
    if answer.status_code == 429:
        return ChannelSlow("The store asks for patience.")
    if code == BROKEN:
        return ChannelSlow("The store broke down while it answered.")
    return StoreRefused(f"WooCommerce: {said}", reason=code)


def no_json(answer: httpx.Response) -> ChannelError:
    """A success that is no JSON: the front page of something, or what a firewall shows."""
    return NotConnected(FIREWALL if _is_challenge(answer) else PERMALINKS)


def _of_page(answer: httpx.Response) -> ChannelError:
    return PAGES.get(answer.status_code, _other_page)(answer)


def _other_page(answer: httpx.Response) -> ChannelError:
    if answer.is_server_error:
        return ChannelSlow(f"The store is down (HTTP {answer.status_code}).")
    return NotConnected(f"The store answered HTTP {answer.status_code} and no JSON: is this a WooCommerce store?")


def _maintenance(answer: httpx.Response) -> ChannelError:
    return NotConnected(FIREWALL) if _is_challenge(answer) else ChannelSlow("The store is down for maintenance.")


def _moved(answer: httpx.Response) -> ChannelError:
    target = answer.headers.get("location", "another address").partition("/wp-json")[0].partition("?")[0]
    return NotConnected(ELSEWHERE.format(said=target))


def _is_challenge(answer: httpx.Response) -> bool:
    """Whether a page is a firewall's: they ask for JavaScript, a captcha, or say who they are."""
    text = answer.text.casefold()
    return "cf-mitigated" in answer.headers or any(
        sign in text
        for sign in ("captcha", "just a moment", "challenge-platform", "access denied", "wordfence", "sucuri")
    )


PAGES: Mapping[int, Callable[[httpx.Response], ChannelError]] = {
    301: _moved,
    302: _moved,
    307: _moved,
    308: _moved,
    401: lambda _: NotConnected("The web server in front of the store asks for a password of its own."),
    403: lambda _: NotConnected(FIREWALL),
    404: lambda _: NotConnected(PERMALINKS),
    406: lambda _: NotConnected(FIREWALL),
    429: lambda _: ChannelSlow("The store asks for patience."),
    503: _maintenance,
}
"""Pages that are not WooCommerce's own words, by status (fact 22: it says everything itself in JSON)."""


def _json(answer: httpx.Response) -> Body | None:
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _quoted(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= LONGEST_QUOTE else f"{shown[:LONGEST_QUOTE]}…"
