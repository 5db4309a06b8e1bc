"""The app's home in the admin of Shopify: the first visit makes the shop, and every visit shows its pages there.

Nobody is asked for the address of a shop (App Store requirement 2.3.1): the admin says it, a session token proves it.
"""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.shopify.auth import NotShopify, shop_domain
from connector.application import Application
from connector.services import first_steps, install_app, sign_in
from connector.services.errors import NotFound
from connector.services.install_app import Visitor
from connector.services.roles import Action, may
from connector.services.sign_in import Browser
from connector.web import embedded
from connector.web.doors import (
    SESSION_COOKIE,
    Visit,
    application_of,
    client_address,
    run,
    see,
    staff_page,
)
from connector.web.embedded import CARRIED, PATCH, RELOAD, frame_at, is_signed, patch_address, sent_to, token_of
from connector.web.frame import put_in
from connector.web.rendering import render
from connector.web.sessions import with_session

HOME = "/shopify"
STEPS = "/shops/{shop}/dashboard/first-steps"
NO_APP = "This install has no app at Shopify."
SHOPIFY = "shopify"


async def home(request: Request) -> Response:
    """Where Shopify opens the app: on to the shop's pages, as soon as a session token says who comes."""
    return await run(request, lambda: _home(request, application_of(request)))


async def deeper(request: Request) -> Response:
    """A page of the app as the admin's own address names it: below the app's home."""
    query = f"?{request.url.query}" if request.url.query else ""
    return see(f"/shops/{request.path_params['rest']}{query}")


async def patch(request: Request) -> Response:
    """App Bridge fetches a session token here, and goes back to the page of ours that wanted it."""
    return await run(request, lambda: _patch(request, application_of(request)))


def steps(visit: Visit) -> Response:
    """What is to be done once, with the links to where it is done."""
    seen = first_steps.first_steps(visit.app, visit.shop)
    context = {"shop": visit.shop, "staff": visit.staff, "seen": seen, "once": visit.app.token()}
    return render(visit.request, "first_steps.html", context)


def taken(visit: Visit) -> Response:
    """The merchant is through with the first steps."""
    first_steps.take(visit.app, visit.shop)
    return see(f"/shops/{visit.shop.slug}/dashboard")


def _home(request: Request, app: Application) -> Response:
    domain = _domain(request)
    if domain is None:
        return render(request, "open_in_admin.html", {"shop": None})
    put_in(request, frame_at(app, domain))
    token = token_of(request)
    if token is not None:
        return _visited(request, app, domain=domain, token=token)
    if request.query_params.get("embedded") == "1" or request.headers.get("sec-fetch-dest") == "iframe":
        return sent_to(patch_address(request, domain=domain))
    return sent_to(f"https://{domain}/admin/apps/{install_app.keys_of(app).client_id}")


def _visited(request: Request, app: Application, *, domain: str, token: str) -> Response:
    """The visitor's pages, with a session for what a frame loads without a token: pictures, files."""
    try:
        visitor = install_app.visit(app, header=f"Bearer {token}", is_signed=is_signed(request, app, token))
    except NotShopify:
        return sent_to(patch_address(request, domain=domain))
    put_in(request, frame_at(app, visitor.domain))
    held = request.cookies.get(SESSION_COOKIE, "")
    browser = Browser(client_address(request, app.settings), request.headers.get("user-agent", ""), held)
    session = sign_in.let_in(app, visitor.shop, person=visitor.person, browser=browser, by=SHOPIFY)
    answer = embedded.carried_on(request, see(_first_page(app, visitor)))
    return with_session(request, answer, shop=visitor.shop, token=session)


def _first_page(app: Application, visitor: Visitor) -> str:
    has_steps = may(visitor.person, Action.SETTINGS) and first_steps.are_to_be_taken(app, visitor.shop)
    first = "/shops/{shop}/dashboard" if may(visitor.person, Action.SEE_FIGURES) else "/shops/{shop}/counter"
    return (STEPS if has_steps else first).format(shop=visitor.shop.slug)


def _patch(request: Request, app: Application) -> Response:
    """App Bridge reads in its own address where to go [D], so only a page of ours may stand there."""
    domain, back = _domain(request), request.query_params.get(RELOAD, "")
    if domain is None:
        return render(request, "open_in_admin.html", {"shop": None})
    if back.startswith(app.settings.public_url + "/"):
        put_in(request, frame_at(app, domain))
        return render(request, "patch_id_token.html", {"shop": None})
    path = back if back.startswith("/") and not back.startswith("//") and "\\" not in back else HOME
    said = {name: request.query_params[name] for name in CARRIED if name in request.query_params}
    return see(f"{PATCH}?{urlencode({**said, RELOAD: app.settings.public_url + path})}")


def _domain(request: Request) -> str | None:
    """The shop that the admin says it is; only a token proves it. Raises NotFound where there is no app."""
    if application_of(request).settings.shopify is None:
        raise NotFound(NO_APP)
    try:
        return shop_domain(request.query_params.get("shop", ""))
    except NotShopify:
        return None


routes = [
    Route(HOME, home, methods=["GET"]),
    Route(PATCH, patch, methods=["GET"]),
    Route(f"{HOME}/shops/{{rest:path}}", deeper, methods=["GET"]),
    Route(STEPS, staff_page(steps, to=Action.SETTINGS), methods=["GET"]),
    Route(f"{STEPS}/taken", staff_page(taken, to=Action.SETTINGS), methods=["POST"]),
]
