"""What staff do about a balance that a shopper still has to pay: take it, or give it up."""

from starlette.responses import Response
from starlette.routing import Route

from connector.application import Application
from connector.services import collect_balance
from connector.services.errors import InvalidInput, NeedsApproval, NotAllowed, NotFound, ServiceError, TooManyAttempts
from connector.services.roles import Action
from connector.web import approval_fields
from connector.web.approval_fields import Asked
from connector.web.doors import Visit, back_to, staff_page
from connector.web.errors import STATUSES
from connector.web.rendering import render
from domain.returns import Return

MENDABLE = (NeedsApproval, InvalidInput, NotAllowed, NotFound, TooManyAttempts)
"""What the form is shown again for, with what was wrong."""
LEG = "/shops/{shop}/dashboard/legs/{key}"


def collected(visit: Visit) -> Response:
    """Staff took the balance of a dearer replacement."""
    found = collect_balance.collect(
        visit.app,
        visit.shop,
        leg_key=visit.path("key"),
        tender=visit.field("tender"),
        actor=visit.actor,
        key=visit.once,
    )
    return back_to(visit, found)


def given_up(visit: Visit) -> Response:
    """The balance is not paid, and what was chosen beforehand is given instead; a manager may have to agree first."""
    leg_key, why, once = visit.path("key"), visit.field("why"), visit.once

    def act(app: Application) -> Return:
        return collect_balance.give_up(app, visit.shop, leg_key=leg_key, actor=visit.actor, why=why, key=once)

    try:
        return back_to(visit, approval_fields.done(visit, act))
    except MENDABLE as problem:
        asked = approval_fields.foreseen(visit, act)
        if asked is None:
            raise
        return _asking_page(visit, asked, problem=problem)


def _asking_page(visit: Visit, asked: Asked, *, problem: ServiceError) -> Response:
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "asked": asked,
        "problem": "" if isinstance(problem, NeedsApproval) else problem.message,
        "back": visit.field("back"),
        "why": visit.field("why"),
        "once": visit.app.token(),
    }
    return render(visit.request, "give_up_balance.html", context, status=STATUSES[type(problem)])


routes = [
    Route(f"{LEG}/collected", staff_page(collected, to=Action.RECEIVE), methods=["POST"]),
    Route(f"{LEG}/given-up", staff_page(given_up, to=Action.RECEIVE), methods=["POST"]),
]
