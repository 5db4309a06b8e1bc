"""What staff do to a whole return, and to a payment that waits for them."""

from collections.abc import Callable, Mapping

from starlette.responses import Response
from starlette.routing import Route

from connector.services import answer_leg, cancel_return, expire_return, reopen_return, ship_return
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


def ship(visit: Visit) -> Response:
    """The goods are on their way."""
    found = ship_return.ship(
        visit.app,
        visit.shop,
        return_id=visit.path("rma").upper(),
        tracking=visit.field("tracking"),
        actor=visit.actor,
        key=visit.once,
    )
    return _back(visit, found)


def _with_reason(service: Callable[..., Return]) -> Callable[[Visit], Response]:
    """A page that does to a return what a service does, with the reason that stands in the history."""

    def act(visit: Visit) -> Response:
        return_id = visit.path("rma").upper()
        why, actor = visit.field("why"), visit.actor
        found = service(visit.app, visit.shop, return_id=return_id, actor=actor, why=why, key=visit.once)
        return _back(visit, found)

    return act


def _back(visit: Visit, found: Return) -> Response:
    return see(f"/shops/{visit.shop.slug}/dashboard/returns/{found.id}")


ACTS: Mapping[str, Callable[[Visit], Response]] = {
    "ship": ship,
    "cancel": _with_reason(cancel_return.cancel),
    "expire": _with_reason(expire_return.expire),
    "reopen": _with_reason(reopen_return.reopen),
}
"""Every act on a whole return by its word in the address."""

MAY: Mapping[str, Action] = {
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
