"""The front doors: the welcome page, and a shop's storefront with the assistant."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.demo import DEMO_SLUG
from connector.services import browse_shop
from connector.services.browse_shop import OrderToTry
from connector.storage import shop_store
from connector.web.doors import Visit, application_of, page, run
from connector.web.rendering import render

EVERYTHING = "Everything"


async def welcome(request: Request) -> Response:
    """What runs here, and where to go."""
    shop = await run(request, lambda: _demo_shop(request))
    return render(request, "welcome.html", {"shop": shop})


def storefront(visit: Visit) -> Response:
    """The shop's goods, its promises, and the assistant."""
    products = browse_shop.products(visit.app, visit.shop)
    context = {
        "shop": visit.shop,
        "shelves": _shelves(products),
        "heroes": [product for product in products if product.get("image_url")][:3],
        "policy": browse_shop.promises(visit.app, visit.shop),
        "orders": _orders_to_try(visit),
        "token": visit.app.token,
    }
    return render(visit.request, "storefront.html", context)


def _orders_to_try(visit: Visit) -> list[OrderToTry]:
    """The demo shop shows what to type; no other shop shows an order to everybody."""
    if visit.shop.slug != DEMO_SLUG:
        return []
    return sorted(browse_shop.orders_to_try(visit.app, visit.shop), key=lambda order: order.number)


def _shelves(products: tuple[Mapping[str, Any], ...]) -> Mapping[str, list[Mapping[str, Any]]]:
    """The products by type, the fullest shelf first."""
    shelves: dict[str, list[Mapping[str, Any]]] = {}
    for product in products:
        shelves.setdefault(product.get("product_type") or EVERYTHING, []).append(product)
    return dict(sorted(shelves.items(), key=lambda shelf: -len(shelf[1])))


def _demo_shop(request: Request) -> shop_store.Shop | None:
    with application_of(request).database.read_install() as connection:
        return shop_store.find(connection, DEMO_SLUG)


routes = [Route("/", welcome), Route("/shops/{shop}", page(storefront))]
