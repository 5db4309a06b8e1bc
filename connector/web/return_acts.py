"""What staff do to a whole return, and to a payment that waits for them."""

from collections.abc import Callable, Mapping

from starlette.responses import Response
from starlette.routing import Route

from connector.services import answer_leg, cancel_return, expire_return, label_return, reopen_return, ship_return
from connector.services.roles import Action
from connector.web import balance_acts
from connector.web.doors import Visit, see, staff_page
from connector.web.rendering import render
from domain.returns import Return

HOME = "/shops/{shop}/dashboard"


def compare(visit: Visit) -> Response:
    """A payment beside what the channel says of it."""
    both = answer_leg.both_sides(visit.app, visit.shop, leg_key=visit.path("key"))
    context = {"shop": visit.shop, "staff": visit.staff, "both": both, "token": visit.app.token}
    return render(visit.request, "leg.html", context)


def _telling(service: Callable[..., Return], field: str, *, called: str = "") -> Callable[[Visit], Response]:
    """A page that does to a return what a service does, which is told what stands in a field of the form."""

    def act(visit: Visit) -> Response:
        return_id, told = visit.path("rma").upper(), {called or field: visit.field(field)}
        found = service(visit.app, visit.shop, return_id=return_id, actor=visit.actor, key=visit.once, **told)
        return _back(visit, found)

    return act


def _back(visit: Visit, found: Return) -> Response:
    return see(f"/shops/{visit.shop.slug}/dashboard/returns/{found.id}")


ACTS: Mapping[str, Callable[[Visit], Response]] = {
    "label": _telling(label_return.give_label, "label", called="address"),
    "ship": _telling(ship_return.ship, "tracking"),
    "cancel": _telling(cancel_return.cancel, "why"),
    "expire": _telling(expire_return.expire, "why"),
    "reopen": _telling(reopen_return.reopen, "why"),
}
"""Every act on a whole return by its word in the address."""

MAY: Mapping[str, Action] = {
    "label": Action.RECEIVE,
    "ship": Action.RECEIVE,
    "cancel": Action.RECEIVE,
    "expire": Action.DECIDE,
    "reopen": Action.DECIDE,
}
"""What each of them is for the table of roles."""

routes = [
    *(
        Route(f"{HOME}/returns/{{rma}}/{word}", staff_page(act, to=MAY[word]), methods=["POST"])
        for word, act in ACTS.items()
    ),
    Route(f"{HOME}/legs/{{key}}", staff_page(compare, to=Action.PAY_BY_HAND), methods=["GET"]),
    *balance_acts.routes,
]
