"""The locations of a shop and what holds at their counters."""

from collections.abc import Callable, Mapping

from starlette.responses import Response
from starlette.routing import Route

from connector.services import locations
from connector.services.errors import InvalidInput
from connector.services.roles import Action
from connector.storage.location_store import Terms
from connector.web.doors import Visit, see, staff_page
from connector.web.rendering import render
from connector.web.shift_page import number_of

HOME = "/shops/{shop}/dashboard/locations"
FIELDS = ("name", "address", "time_zone", "idle_minutes", "cash", "staff_limit", "manager_limit", "platform_id")


def show(visit: Visit) -> Response:
    """All locations."""
    return _page(visit)


def add(visit: Visit) -> Response:
    """Add a location."""
    try:
        locations.add(visit.app, visit.shop, said=_said(visit), actor=visit.actor)
    except InvalidInput as problem:
        return _page(visit, problem=problem, at=0)
    return see(HOME.format(shop=visit.shop.slug))


def change(visit: Visit) -> Response:
    """Let other terms hold at a location."""
    at = number_of(visit.path("location"))
    try:
        locations.change(visit.app, visit.shop, location_id=at, said=_said(visit), actor=visit.actor)
    except InvalidInput as problem:
        return _page(visit, problem=problem, at=at)
    return see(HOME.format(shop=visit.shop.slug))


def _with(service: Callable[..., None]) -> Callable[[Visit], Response]:
    """A page that does to a location what a service does."""

    def act(visit: Visit) -> Response:
        service(visit.app, visit.shop, location_id=number_of(visit.path("location")), actor=visit.actor)
        return see(HOME.format(shop=visit.shop.slug))

    return act


def _page(visit: Visit, *, problem: InvalidInput | None = None, at: int = -1) -> Response:
    """All locations, each with its form; where something is wrong, with what was typed."""
    everywhere = locations.everywhere(visit.app, visit.shop)
    forms = {one.id: locations.shown(visit.shop, one.terms) for one in everywhere}
    forms[0] = locations.shown(visit.shop, Terms(name=""))
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "locations": everywhere,
        "forms": {**forms, at: _said(visit)} if problem else forms,
        "problem": problem.message if problem else "",
        "at": at,
        "wrong_at": problem.at if problem else "",
        "once": visit.app.token(),
    }
    return render(visit.request, "locations.html", context, status=422 if problem else 200)


def _said(visit: Visit) -> Mapping[str, str]:
    return {name: visit.field(name) for name in FIELDS}


routes = [
    Route(HOME, staff_page(show, to=Action.SETTINGS), methods=["GET"]),
    Route(HOME, staff_page(add, to=Action.SETTINGS), methods=["POST"]),
    Route(f"{HOME}/{{location}}", staff_page(change, to=Action.SETTINGS), methods=["POST"]),
    Route(f"{HOME}/{{location}}/close", staff_page(_with(locations.close), to=Action.SETTINGS), methods=["POST"]),
    Route(f"{HOME}/{{location}}/open", staff_page(_with(locations.open_again), to=Action.SETTINGS), methods=["POST"]),
]
