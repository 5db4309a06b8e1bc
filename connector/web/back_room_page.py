"""The back room: what lies there by where it goes and for how long, and labels for it."""

from starlette.responses import Response
from starlette.routing import Route

from connector.services import back_room, locations
from connector.services.roles import Action
from connector.web.doors import Visit, see, staff_page
from connector.web.label_drawings import code_128, qr
from connector.web.rendering import render
from connector.web.shift_page import number_of

HOME = "/shops/{shop}/counter/back-room"
EVERYWHERE = "all"
MOST_LABELS = 200


def show(visit: Visit) -> Response:
    """What lies where one works, at another location, or everywhere."""
    wanted = visit.query("location")
    here = visit.post.location_id
    at = None if wanted == EVERYWHERE else number_of(wanted) if wanted else here
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "shelves": back_room.look(visit.app, visit.shop, location_id=at),
        "stock": back_room.stock(visit.app, visit.shop),
        "locations": locations.open_ones(visit.app, visit.shop),
        "at": at,
        "now": visit.app.clock(),
        "once": visit.app.token(),
    }
    return render(visit.request, "back_room.html", context)


def finish(visit: Visit) -> Response:
    """Units went where they were to go."""
    back_room.finish(visit.app, visit.shop, ids=visit.form.get("unit", ()))
    location = visit.field("location")
    return see(f"{HOME.format(shop=visit.shop.slug)}{f'?location={number_of(location)}' if location else ''}")


def labels(visit: Visit) -> Response:
    """A page of labels to print."""
    ids = visit.request.query_params.getlist("unit")[:MOST_LABELS]
    goods = back_room.chosen(visit.app, visit.shop, ids=ids)
    context = {"shop": visit.shop, "staff": visit.staff, "goods": goods, "code_128": code_128, "qr": qr}
    return render(visit.request, "labels.html", context)


routes = [
    Route(HOME, staff_page(show, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{HOME}/labels", staff_page(labels, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{HOME}/done", staff_page(finish, to=Action.RECEIVE), methods=["POST"]),
]
