"""The shopper's page of a return: where it stands, what comes next, the money."""

from starlette.responses import Response
from starlette.routing import Route

from connector.services import browse_shop, follow_return
from connector.web.doors import Visit, page
from connector.web.journey import journey
from connector.web.rendering import render


def status(visit: Visit) -> Response:
    """The return, for who has its link."""
    view = follow_return.view_by_key(visit.app, visit.shop, return_id=visit.path("rma"), key=visit.query("key"))
    context = {
        "shop": visit.shop,
        "view": view,
        "stages": journey(view.found, settle_on=view.settle_on),
        "images": browse_shop.images_of_lines(visit.app, visit.shop, view.order),
    }
    return render(visit.request, "status.html", context)


routes = [Route("/shops/{shop}/returns/{rma}", page(status))]
