"""The doors of a code grant: out to the page on which a merchant agrees, and back with a code."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from adapters.shopify.auth import NotShopify
from connector.application import Application
from connector.services import grant_app
from connector.web.doors import application_of, run
from connector.web.errors import BadRequest

BEGIN = "/shopify/install"
COOKIE = "backhaul_grant"
NOT_SIGNED = "Shopify did not sign this. Please open the app in the Shopify admin."


async def begin(request: Request) -> Response:
    """Off to Shopify, where the merchant agrees; only what Shopify signed names a shop."""
    return await run(request, lambda: _begin(request))


async def granted(request: Request) -> Response:
    """Back from Shopify: the shop is installed, and the app opens in its admin."""
    return await run(request, lambda: _granted(request))


def _begin(request: Request) -> Response:
    app = _with_app(request)
    try:
        leaving = grant_app.begin(app, dict(request.query_params))
    except NotShopify as refusal:
        raise BadRequest(NOT_SIGNED) from refusal
    answer = RedirectResponse(leaving.page, status_code=302)
    answer.set_cookie(
        COOKIE,
        leaving.held,
        max_age=int(grant_app.GRANT_LASTS.total_seconds()),
        path=grant_app.BACK,
        secure=app.settings.is_https,
        httponly=True,
        samesite="lax",
    )
    return answer


def _granted(request: Request) -> Response:
    app, params = _with_app(request), dict(request.query_params)
    try:
        grant_app.end(app, params, held=request.cookies.get(COOKIE, ""))
    except NotShopify as refusal:
        raise BadRequest(NOT_SIGNED) from refusal
    answer = RedirectResponse(grant_app.admin_page(app, params), status_code=302)
    answer.delete_cookie(COOKIE, path=grant_app.BACK)
    return answer


def _with_app(request: Request) -> Application:
    app = application_of(request)
    if app.settings.shopify is None:
        raise BadRequest("This install has no app at Shopify.")
    return app


routes = [
    Route(BEGIN, begin, methods=["GET"]),
    Route(grant_app.BACK, granted, methods=["GET"]),
]
