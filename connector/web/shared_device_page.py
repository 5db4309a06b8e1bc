"""The shared devices of counters: make this browser one, train on it, take one off."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from connector.services import locations, shared_devices
from connector.services.errors import Conflict, InvalidInput, NotFound
from connector.services.roles import Action
from connector.web.doors import Visit, see, staff_page
from connector.web.errors import STATUSES
from connector.web.rendering import render
from connector.web.shift_page import SHIFT, hold_device, number_of

HOME = "/shops/{shop}/counter/device"
Problem = InvalidInput | NotFound | Conflict


def show(visit: Visit) -> Response:
    """This browser, and the devices of all counters."""
    return _page(visit)


def add(visit: Visit) -> Response:
    """Make this browser a device of a location; the session in it ends, people go on with PINs."""
    try:
        token = shared_devices.add(
            visit.app,
            visit.shop,
            by=visit.person,
            name=visit.field("name"),
            location_id=number_of(visit.field("location")),
            held=visit.browser.held,
        )
    except (InvalidInput, NotFound, Conflict) as problem:
        return _page(visit, problem=problem)
    answer = see(SHIFT.format(shop=visit.shop.slug))
    hold_device(visit, answer, token=token)
    return answer


def _with(service: Callable[..., None]) -> Callable[[Visit], Response]:
    """A page that does to a device what a service does."""

    def act(visit: Visit) -> Response:
        service(visit.app, visit.shop, by=visit.person, device_id=visit.path("device"))
        return see(HOME.format(shop=visit.shop.slug))

    return act


def _page(visit: Visit, *, problem: Problem | None = None) -> Response:
    open_ones = locations.open_ones(visit.app, visit.shop)
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "devices": shared_devices.all_of(visit.app, visit.shop),
        "locations": open_ones,
        "names": {one.id: one.name for one in locations.everywhere(visit.app, visit.shop)},
        "problem": problem.message if problem else "",
        "name": visit.field("name"),
        "once": visit.app.token(),
    }
    return render(visit.request, "shared_device.html", context, status=STATUSES[type(problem)] if problem else 200)


ACTS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("train", shared_devices.train),
    ("work", shared_devices.work_again),
    ("remove", shared_devices.take_off),
)
"""What may be done to a device, as its address says it."""

routes = [
    Route(HOME, staff_page(show, to=Action.RUN_COUNTER), methods=["GET"]),
    Route(HOME, staff_page(add, to=Action.RUN_COUNTER), methods=["POST"]),
    *(
        Route(f"{HOME}/{{device}}/{name}", staff_page(_with(service), to=Action.RUN_COUNTER), methods=["POST"])
        for name, service in ACTS
    ),
]
