"""The shopper's page of a return: where it stands, what comes next, the money, and what they can do."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from connector.services import browse_shop, cancel_return, explain_quote, follow_return, ship_return
from connector.services.follow_return import ReturnView
from connector.web.doors import Visit, page, see
from connector.web.journey import journey
from connector.web.rendering import render


def status(visit: Visit) -> Response:
    """The return, for who has its link."""
    view = _view(visit)
    context = {
        "shop": visit.shop,
        "view": view,
        "key": visit.query("key"),
        "token": visit.app.token,
        "stages": journey(view.found, settle_on=view.settle_on),
        "images": browse_shop.images_of_lines(visit.app, visit.shop, view.order),
        "explained": explain_quote.of_return(visit.app, visit.shop, view.found),
    }
    return render(visit.request, "status.html", context)


def sent(visit: Visit) -> Response:
    """The shopper has sent the goods."""
    view, tracking = _view(visit), visit.field("tracking")
    ship_return.ship(
        visit.app, visit.shop, return_id=view.found.id, tracking=tracking, actor=visit.actor, key=visit.once
    )
    return _back(visit, view)


def cancelled(visit: Visit) -> Response:
    """The shopper keeps the goods after all."""
    view = _view(visit)
    cancel_return.cancel(
        visit.app, visit.shop, return_id=view.found.id, actor=visit.actor, why=visit.field("why"), key=visit.once
    )
    return _back(visit, view)


def _view(visit: Visit) -> ReturnView:
    return follow_return.view_by_key(visit.app, visit.shop, return_id=visit.path("rma"), key=visit.query("key"))


def _back(visit: Visit, view: ReturnView) -> Response:
    return see(follow_return.status_path(visit.app, visit.shop, return_id=view.found.id))


def _posted(word: str, act: Callable[[Visit], Response]) -> Route:
    return Route(f"/shops/{{shop}}/returns/{{rma}}/{word}", page(act), methods=["POST"])


routes = [
    Route("/shops/{shop}/returns/{rma}", page(status)),
    _posted("sent", sent),
    _posted("cancel", cancelled),
]
