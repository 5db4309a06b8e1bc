"""The photos that a shopper showed of a return, for the people of the shop."""

from starlette.responses import Response
from starlette.routing import Route

from connector.services import keep_photos
from connector.services.roles import Action
from connector.web.doors import Visit, staff_page

JPEG = "image/jpeg"


def photo(visit: Visit) -> Response:
    """One photo."""
    found = keep_photos.picture(
        visit.app, visit.shop, return_id=visit.path("rma").upper(), photo_id=visit.path("photo")
    )
    return Response(found, media_type=JPEG)


routes = [Route("/shops/{shop}/dashboard/returns/{rma}/photos/{photo}", staff_page(photo, to=Action.SEE_RETURNS))]
