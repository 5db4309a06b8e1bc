"""The door of a shop's own storefront: what comes through Shopify's app proxy, signed by it (docs/channels/shopify.md).

What is asked for behind it are our own public addresses, by their own paths: the widget, its files, the talk of the
shop that the signature names. Who is signed in there is Shopify's word, and the only one that counts.
"""

import re
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from adapters.shopify.auth import NEVER_REPEATED, NotShopify, Proxied, proxied
from connector.application import Application
from connector.services import install_app
from connector.services.errors import NotFound
from connector.web.doors import application_of, run

HOME = "/shopify/proxy"
OPEN = re.compile(r"widget\.js|static/.+|shops/(?P<shop>[^/]+)/chat(?P<talk>/.*)?")
"""What may be asked for, by path."""
ADDED = frozenset(NEVER_REPEATED)
MOST_PARAMETERS = 100
NOTHING = "There is nothing here for this shop."


class Came(Struct, frozen=True):
    """A signed visit, and the path of ours that it is for."""

    visitor: Proxied
    rest: str


class AppProxy:
    """Lets signed requests through to the addresses that they name, as coming from the shop's own visitor."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        pairs = _pairs(request)
        came = await run(request, lambda: _came(application_of(request), request.path_params["rest"], pairs))
        path = f"/{came.rest}"
        query = urlencode([pair for pair in pairs if pair[0] not in ADDED])
        inner = {
            **scope,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "state": {**scope.get("state", {}), "proxied": came.visitor},
        }
        await scope["app"].router(inner, receive, send)


def _pairs(request: Request) -> list[tuple[str, str]]:
    """The parameters as they were sent, repeated ones too; raises HTTPException."""
    try:
        return parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise HTTPException(400) from None


def _came(app: Application, rest: str, pairs: list[tuple[str, str]]) -> Came:
    """Who comes, and for what; a theme names its shop by the beginning of its domain.

    Raises HTTPException for what Shopify did not sign, NotFound for what is not open to them.
    """
    if app.settings.shopify is None:
        raise NotFound("This install has no app at Shopify.")
    try:
        came = proxied(pairs, app.settings.shopify, now=app.clock().timestamp())
    except NotShopify:
        raise HTTPException(401) from None
    found, shop = OPEN.fullmatch(rest), install_app.known_shop(app, came.shop)
    if found is None or ".." in rest or shop is None:
        raise NotFound(NOTHING)
    if found["shop"] is None:
        return Came(came, rest)
    if found["shop"] not in (shop.slug, came.shop.removesuffix(".myshopify.com")):
        raise NotFound(NOTHING)
    return Came(came, f"shops/{shop.slug}/chat{found['talk'] or ''}")


routes = [Route(f"{HOME}/{{rest:path}}", AppProxy(), methods=["GET", "POST"])]
