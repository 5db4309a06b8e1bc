"""How the machinery of a shop stands, for its owner."""

from starlette.responses import Response
from starlette.routing import Route

from connector.services import doctor, operate, take_deliveries, tell_programs
from connector.services.errors import InvalidInput
from connector.services.roles import Action
from connector.web.doors import Visit, see, staff_page
from connector.web.rendering import render

HOME = "/shops/{shop}/dashboard/operations"


def show(visit: Visit) -> Response:
    """Jobs, uncertain payments, deliveries and messages that wait for a person."""
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "seen": operate.machinery(visit.app, visit.shop),
        "checkup": doctor.latest(visit.app, visit.shop),
        "once": visit.app.token(),
    }
    return render(visit.request, "operations.html", context)


def retry(visit: Visit) -> Response:
    """Begin a failed job anew."""
    operate.retry(visit.app, visit.shop, job_id=visit.field("job"), key=visit.once, actor=visit.actor)
    return _back(visit)


def cancel(visit: Visit) -> Response:
    """Let a job that waits never begin."""
    operate.cancel(visit.app, visit.shop, job_id=visit.field("job"), key=visit.once, actor=visit.actor)
    return _back(visit)


def read_anew(visit: Visit) -> Response:
    """Look at a delivery once more."""
    delivery_id = visit.field("delivery")
    take_deliveries.replay(visit.app, visit.shop, delivery_id=delivery_id, key=visit.once, actor=visit.actor)
    return _back(visit)


def send_anew(visit: Visit) -> Response:
    """Send a message once more."""
    number = visit.field("endpoint")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise InvalidInput("There is no such address.", at="endpoint")
    tell_programs.replay(
        visit.app,
        visit.shop,
        endpoint_n=int(number),
        message_id=visit.field("message"),
        key=visit.once,
        actor=visit.actor,
    )
    return _back(visit)


def look_over(visit: Visit) -> Response:
    """Compare the books with the platform once more, in the background."""
    doctor.ask(visit.app, visit.shop, actor=visit.actor, key=visit.once)
    return _back(visit)


def _back(visit: Visit) -> Response:
    return see(HOME.format(shop=visit.shop.slug))


ACTS = {
    "jobs/retry": retry,
    "jobs/cancel": cancel,
    "deliveries/replay": read_anew,
    "messages/replay": send_anew,
    "checkup": look_over,
}
"""What an owner can do, by the last part of the address."""

routes = [
    Route(HOME, staff_page(show, to=Action.OPERATE), methods=["GET"]),
    *(Route(f"{HOME}/{path}", staff_page(act, to=Action.OPERATE), methods=["POST"]) for path, act in ACTS.items()),
]
