"""What a merchant sets for their shop."""

from starlette.responses import Response
from starlette.routing import Route

from connector.services import shop_settings, widget_look
from connector.services.errors import InvalidInput
from connector.services.roles import Action
from connector.services.shop_settings import Details
from connector.services.widget_look import Look
from connector.web.doors import Visit, see, staff_page
from connector.web.rendering import render

HOME = "/shops/{shop}/dashboard/settings"


def show(visit: Visit) -> Response:
    """Where the assistant may stand."""
    return _page(visit)


def allow(visit: Visit) -> Response:
    """Let the pages of an origin talk to the assistant."""
    try:
        shop_settings.allow_origin(visit.app, visit.shop, origin=visit.field("origin"), actor=visit.actor)
    except InvalidInput as problem:
        return _page(visit, problem=problem.message)
    return see(HOME.format(shop=visit.shop.slug))


def forbid(visit: Visit) -> Response:
    """Let them no more."""
    shop_settings.forbid_origin(visit.app, visit.shop, origin=visit.field("origin"), actor=visit.actor)
    return see(HOME.format(shop=visit.shop.slug))


def say(visit: Visit) -> Response:
    """Have the assistant say how the shop is reached and where parcels go."""
    said = Details(contact=visit.field("contact"), return_address=visit.field("return_address"))
    try:
        shop_settings.say(visit.app, visit.shop, said=said, actor=visit.actor)
    except InvalidInput as problem:
        return _page(visit, problem=problem.message)
    return see(HOME.format(shop=visit.shop.slug))


def dress(visit: Visit) -> Response:
    """Have the widget look as the shop does."""
    look = Look(colour=visit.field("colour") if visit.field("own") else "", side=visit.field("side"))
    try:
        widget_look.change_look(visit.app, visit.shop, look=look, actor=visit.actor)
    except InvalidInput as problem:
        return _page(visit, problem=problem.message)
    return see(HOME.format(shop=visit.shop.slug))


def _page(visit: Visit, *, problem: str = "") -> Response:
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "origins": shop_settings.origins(visit.app, visit.shop),
        "details": shop_settings.details(visit.app, visit.shop),
        "look": widget_look.look_of(visit.app, visit.shop),
        "address": visit.app.settings.public_url,
        "wanted": visit.field("origin"),
        "problem": problem,
        "once": visit.app.token(),
    }
    return render(visit.request, "settings.html", context, status=422 if problem else 200)


routes = [
    Route(HOME, staff_page(show, to=Action.SETTINGS), methods=["GET"]),
    Route(f"{HOME}/origins", staff_page(allow, to=Action.SETTINGS), methods=["POST"]),
    Route(f"{HOME}/look", staff_page(dress, to=Action.SETTINGS), methods=["POST"]),
    Route(f"{HOME}/details", staff_page(say, to=Action.SETTINGS), methods=["POST"]),
    Route(f"{HOME}/origins/forbid", staff_page(forbid, to=Action.SETTINGS), methods=["POST"]),
]
