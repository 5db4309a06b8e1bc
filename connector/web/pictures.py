"""Pictures of the demonstration's goods, drawn when they are asked for."""

from starlette.responses import Response
from starlette.routing import Route

from connector.demo import DEMO_SLUG
from connector.demo.drawings import picture
from connector.services.errors import NotFound
from connector.web.doors import Visit, page

A_DAY = "public, max-age=86400"


def product_picture(visit: Visit) -> Response:
    """The picture of a product of the demo shop as SVG."""
    drawn = picture(visit.path("product")) if visit.shop.slug == DEMO_SLUG else None
    if drawn is None:
        raise NotFound("There is no such picture.")
    return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": A_DAY})


routes = [Route("/shops/{shop}/pictures/{product}.svg", page(product_picture))]
