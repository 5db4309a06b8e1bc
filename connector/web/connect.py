"""The shop is connected to the platform that its orders live on, or taken off it."""

import json
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from adapters.errors import ChannelError
from connector.services import connect_store, store_plugin, store_ways
from connector.services.errors import InvalidInput, NotFound, ServiceError
from connector.services.returns_of_order import told_to_the_store
from connector.services.roles import Action
from connector.web.doors import Visit, application_of, page, read_body, run, see, shop_of, staff_page
from connector.web.json_answer import JSONResponse
from connector.web.rendering import render

CONNECT = "/shops/{shop}/connect/woocommerce"
PAGE = "/shops/{shop}/dashboard/connect"
LARGEST_KEY = 4096


def show(visit: Visit) -> Response:
    """The connection as it stands, and the ways to make one; a shop at Shopify is installed there and nowhere else."""
    if visit.shop.channel == "shopify":
        return see(f"/shops/{visit.shop.slug}/dashboard/first-steps")
    return _page(visit)


def approve(visit: Visit) -> Response:
    """The link to the page of the store on which its owner approves; a form may not lead to another site itself."""
    try:
        return _page(visit, approval=connect_store.begin(visit.app, visit.shop, address=visit.field("address")))
    except ServiceError as error:
        return _page(visit, why=error.message)


def paste(visit: Visit) -> Response:
    """Connect with a key that the owner made in the store."""
    try:
        connect_store.connect(
            visit.app,
            visit.shop,
            address=visit.field("address"),
            key=visit.field("key"),
            secret=visit.field("secret"),
        )
    except (ChannelError, ServiceError) as error:
        return _page(visit, why=error.message)
    return see(PAGE.format(shop=visit.shop.slug))


def remove(visit: Visit) -> Response:
    """Disconnect; once more is as good as once."""
    with suppress(NotFound):
        connect_store.disconnect(visit.app, visit.shop)
    return see(PAGE.format(shop=visit.shop.slug))


def change_ways(visit: Visit) -> Response:
    """Keep how the shop wants its store used."""
    try:
        store_ways.change(
            visit.app, visit.shop, shipped=visit.field("shipped"), settled=visit.field("settled"), actor=visit.actor
        )
    except InvalidInput as error:
        return _page(visit, why=error.message)
    return see(PAGE.format(shop=visit.shop.slug))


def download(visit: Visit) -> Response:
    """The WordPress plugin of the shop, with its secret in it."""
    name = f'attachment; filename="{store_plugin.NAME}.zip"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    made = store_plugin.package(visit.app, visit.shop, actor=visit.actor)
    return Response(made, media_type="application/zip", headers=headers)


def approved(visit: Visit) -> Response:
    """The owner is back from the store, wherever they began: the one-time state is what counts."""
    try:
        made, why = connect_store.finish(visit.app, visit.shop, state=visit.query("user_id")), ""
    except (ChannelError, ServiceError) as error:
        made, why = None, error.message
    return render(visit.request, "approved.html", {"shop": visit.shop, "made": made, "why": why})


async def take_key(request: Request) -> Response:
    """The store's server hands a key over; it must be answered with exactly 200, else it drops the key."""
    body = await read_body(request, limit=LARGEST_KEY)
    await run(request, lambda: _taken(request, body))
    return PlainTextResponse("")


async def returns(request: Request) -> Response:
    """The returns of an order, for the plugin in the store, which signed for which order it asks."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    said = token.strip() if scheme.lower() == "bearer" else ""
    found = await run(request, lambda: told_to_the_store(application_of(request), shop_of(request), token=said))
    return JSONResponse({"returns": list(found)}, headers={"Cache-Control": "no-store"})


def _taken(request: Request, body: bytes) -> None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("The body is not JSON.") from error
    if not isinstance(document, dict):
        raise InvalidInput("The body is no object.")
    connect_store.take_key(
        application_of(request), shop_of(request), state=str(request.path_params["state"]), body=document
    )


def _page(visit: Visit, *, why: str = "", approval: str = "") -> Response:
    seen = connect_store.seen(visit.app, visit.shop)
    ways = store_ways.ways_in(seen.connection.details if seen.connection else {})
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "seen": seen,
        "shipped": visit.field("shipped") if why else ", ".join(ways.shipped),
        "settled": visit.field("settled") if why else ways.settled,
        "address": visit.field("address"),
        "why": why,
        "approval": approval,
        "once": visit.app.token(),
    }
    return render(visit.request, "connect.html", context, status=422 if why else 200)


routes = [
    Route(PAGE, staff_page(show, to=Action.SETTINGS), methods=["GET"]),
    Route(f"{PAGE}/approve", staff_page(approve, to=Action.SETTINGS), methods=["POST"]),
    Route(f"{PAGE}/key", staff_page(paste, to=Action.SETTINGS), methods=["POST"]),
    Route(f"{PAGE}/remove", staff_page(remove, to=Action.SETTINGS), methods=["POST"]),
    Route(f"{PAGE}/ways", staff_page(change_ways, to=Action.SETTINGS), methods=["POST"]),
    Route(f"{PAGE}/plugin", staff_page(download, to=Action.SETTINGS), methods=["POST"]),
    Route(f"{CONNECT}/approved", page(approved), methods=["GET"]),
    Route(f"{CONNECT}/returns", returns, methods=["GET"]),
    Route(f"{CONNECT}/{{state}}", take_key, methods=["POST"]),
]
