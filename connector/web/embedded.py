"""Who asks for a page inside the admin of Shopify: a session token says so at every request, no cookie is needed.

[D] A document brings its token as `id_token` in the query, a fetch in its Authorization header. Who brings none, or one
that is not good any more, is sent to fetch one: a document by a page with App Bridge on it, a fetch by a header.
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from adapters.shopify import auth
from adapters.shopify.auth import NotShopify
from connector.application import Application
from connector.services import embedded_visit, install_app
from connector.storage.shop_store import Shop
from connector.storage.staff_store import Staff
from connector.web.errors import NotSignedIn
from connector.web.frame import Frame, frame_of, put_in

PATCH = "/shopify/patch-id-token"
TOKEN = "id_token"  # noqa: S105  a name
RELOAD = "shopify-reload"
CARRIED = ("shop", "host", "embedded", "locale")
"""What the admin says at the first page, and App Bridge reads on each."""
JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
BEARER = "Bearer "
FRAMED = frozenset({"iframe", "frame"})
SEE_OTHER = 303


class StaleToken(NotSignedIn):
    """A session token that is not good (any more): App Bridge fetches another and asks again [D]."""

    code = "stale_session_token"
    headers = {"X-Shopify-Retry-Invalid-Session-Request": "1"}  # noqa: RUF012  read, never written


class TokenWanted(Exception):
    """A document that must fetch a session token first, at `address`."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def person_of(request: Request, app: Application, shop: Shop) -> Staff | None:
    """Whom the request's session token speaks for, None where it has none; StaleToken, TokenWanted, NotFound."""
    domain = embedded_visit.domain_of(app, shop)
    if domain is None:
        return None
    token = token_of(request)
    if token is None and not _is_framed(request):
        return None
    put_in(request, frame_at(app, domain))
    if token is None:
        raise TokenWanted(patch_address(request, domain=domain))
    try:
        return embedded_visit.recognise(app, shop, token=token, is_signed=is_signed(request, app, token))
    except NotShopify as error:
        if request.method == "GET" and TOKEN in request.query_params:
            raise TokenWanted(patch_address(request, domain=domain)) from error
        raise StaleToken from error


def is_signed(request: Request, app: Application, token: str) -> bool:
    """Whether Shopify signed that it opens the app with this token."""
    now = app.clock().timestamp()
    return auth.is_opened(request.query_params, install_app.keys_of(app), token=token, now=now)


def frame_at(app: Application, domain: str) -> Frame:
    """The frame in the admin of the shop of a domain."""
    keys = app.settings.shopify
    return Frame(domain=domain, client_id=keys.client_id if keys else "")


def token_of(request: Request) -> str | None:
    """The session token of a request; what has not the form of one is none."""
    header = request.headers.get("authorization", "")
    given = header.removeprefix(BEARER) if header.startswith(BEARER) else request.query_params.get(TOKEN, "")
    return given if JWT.fullmatch(given) else None


def patch_address(request: Request, *, domain: str) -> str:
    """The page that fetches a token and then comes back to the page that was asked for."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != TOKEN]
    back = urlunsplit(("", "", request.url.path, urlencode(kept), ""))
    said = {name: request.query_params[name] for name in CARRIED if name in request.query_params}
    return f"{PATCH}?{urlencode({**said, 'shop': domain, RELOAD: back})}"


def carried_on(request: Request, answer: Response) -> Response:
    """A redirect within the shop, with the token and all that the admin said: it is asked for as this page was."""
    place = urlsplit(answer.headers.get("location", ""))
    if frame_of(request) is None or TOKEN not in request.query_params or not place.path.startswith("/shops/"):
        return answer
    said = {name: request.query_params[name] for name in (*CARRIED, TOKEN) if name in request.query_params}
    query = urlencode([*said.items(), *(pair for pair in parse_qsl(place.query) if pair[0] not in said)])
    answer.headers["location"] = urlunsplit(("", "", place.path, query, place.fragment))
    return answer


def sent_to(address: str) -> Response:
    """Look there first."""
    return RedirectResponse(address, status_code=SEE_OTHER)


def _is_framed(request: Request) -> bool:
    """Whether a browser asks for a page to show it in a frame."""
    return request.method == "GET" and request.headers.get("sec-fetch-dest") in FRAMED
