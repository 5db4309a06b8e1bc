"""The back room: what lies there by where it goes and for how long, labels for it, and sending it elsewhere."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from connector.application import Application
from connector.services import back_room, locations, place_anew
from connector.services.errors import Conflict, NeedsApproval, ServiceError
from connector.services.place_anew import NewPlace
from connector.services.roles import Action
from connector.web import approval_fields
from connector.web.counter import MENDABLE
from connector.web.doors import Visit, see, staff_page
from connector.web.errors import STATUSES
from connector.web.label_drawings import code_128, qr
from connector.web.rendering import render
from connector.web.shift_page import number_of
from domain.disposition import PLACES

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
        "destinations": PLACES,
        "once": visit.app.token(),
    }
    return render(visit.request, "back_room.html", context)


def finish(visit: Visit) -> Response:
    """Units went where they were to go."""
    back_room.finish(visit.app, visit.shop, ids=visit.form.get("unit", ()))
    return _back(visit)


def place(visit: Visit) -> Response:
    """Send units elsewhere; where a manager must agree, or something is missing, it is asked for first."""
    once = visit.once
    placing = NewPlace(tuple(visit.form.get("unit", ())), visit.field("place"), visit.field("why"))

    def act(app: Application) -> int:
        return place_anew.place_anew(app, visit.shop, placing=placing, actor=visit.actor, key=once)

    try:
        approval_fields.done(visit, act)
    except (*MENDABLE, Conflict) as problem:
        return _place_page(visit, placing, act, problem=problem)
    return _back(visit)


def _place_page(
    visit: Visit, placing: NewPlace, act: Callable[[Application], int], *, problem: ServiceError
) -> Response:
    goods = back_room.chosen(visit.app, visit.shop, ids=placing.ids)
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "goods": goods,
        "placing": placing,
        "destinations": PLACES,
        "location": visit.field("location"),
        "asked": approval_fields.foreseen(visit, act),
        "problem": "" if isinstance(problem, NeedsApproval) and not visit.field("asked") else problem.message,
        "once": visit.app.token(),
    }
    return render(visit.request, "place_anew.html", context, status=STATUSES[type(problem)])


def _back(visit: Visit) -> Response:
    location = visit.field("location")
    at = location if location == EVERYWHERE else number_of(location)
    return see(f"{HOME.format(shop=visit.shop.slug)}{f'?location={at}' if location else ''}")


def labels(visit: Visit) -> Response:
    """A page of labels to print."""
    ids = visit.request.query_params.getlist("unit")[:MOST_LABELS]
    goods = back_room.chosen(visit.app, visit.shop, ids=ids)
    context = {"shop": visit.shop, "staff": visit.staff, "goods": goods, "code_128": code_128, "qr": qr}
    return render(visit.request, "labels.html", context)


routes = [
    Route(HOME, staff_page(show, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{HOME}/labels", staff_page(labels, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{HOME}/place", staff_page(place, to=Action.RECEIVE), methods=["POST"]),
    Route(f"{HOME}/done", staff_page(finish, to=Action.RECEIVE), methods=["POST"]),
]
