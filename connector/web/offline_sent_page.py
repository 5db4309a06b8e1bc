"""What was done without a network and sent later: what was taken, and what waits with both sides in view."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route

from connector.application import Application
from connector.services import settle_conflict
from connector.services.errors import (
    Conflict,
    InvalidInput,
    NeedsApproval,
    NotAllowed,
    NotFound,
    QuoteMoved,
    TooManyAttempts,
)
from connector.services.roles import Action
from connector.services.settle_conflict import Settlement, Sides
from connector.services.take_from_device import WORDS
from connector.web import approval_fields
from connector.web.doors import Visit, see, staff_page
from connector.web.errors import STATUSES
from connector.web.rendering import render
from domain.errors import IllegalStep, Malformed

SENT = "/shops/{shop}/counter/sent"
TAKE = "take"
NOT_AGREED = (NotAllowed, NotFound, TooManyAttempts)
MENDABLE = (Conflict, InvalidInput, QuoteMoved, NeedsApproval, IllegalStep, Malformed, *NOT_AGREED)


def sent(visit: Visit) -> Response:
    """What waits for a person, and what was taken or settled last."""
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "waiting": settle_conflict.waiting(visit.app, visit.shop),
        "latest": settle_conflict.latest(visit.app, visit.shop),
        "reasons": WORDS,
    }
    return render(visit.request, "offline_sent.html", context)


def look(visit: Visit) -> Response:
    """One command beside the return as it stands now."""
    return _conflict(visit)


def settle(visit: Visit) -> Response:
    """Say what becomes of a command that waits."""
    settlement = Settlement(
        act=visit.field("act"),
        return_id=visit.field("rma"),
        why=visit.field("why")[:300],
        quote_id=visit.field("quote") or None,
    )
    try:
        approval_fields.done(visit, _settling(visit, settlement))
    except MENDABLE as problem:
        return _conflict(visit, problem=problem)
    return see(SENT.format(shop=visit.shop.slug))


def _settling(visit: Visit, settlement: Settlement) -> Callable[[Application], None]:
    command_id, actor = visit.path("command"), visit.actor
    return lambda app: settle_conflict.settle(
        app, visit.shop, command_id=command_id, settlement=settlement, actor=actor
    )


def photo(visit: Visit) -> Response:
    """The picture that a device took."""
    picture = settle_conflict.photo(visit.app, visit.shop, command_id=visit.path("command"))
    return Response(picture, media_type="image/jpeg", headers={"Content-Disposition": "inline"})


def _conflict(visit: Visit, *, problem: Exception | None = None) -> Response:
    both = settle_conflict.sides(
        visit.app, visit.shop, command_id=visit.path("command"), return_id=visit.field("rma") or visit.query("rma")
    )
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "both": both,
        "asked": _asked(visit, both),
        "named": visit.query("rma"),
        "reasons": WORDS,
        "problem": getattr(problem, "message", None),
        "once": visit.app.token(),
    }
    status = STATUSES[type(problem)] if problem else 200
    return render(visit.request, "offline_command.html", context, status=status)


def _asked(visit: Visit, both: Sides) -> approval_fields.Asked | None:
    """What a manager must agree to before it can be taken in as it is shown."""
    if both.found is None or not both.can_take:
        return None
    taking = Settlement(TAKE, both.found.id, why="", quote_id=both.quote.id if both.quote else None)
    return approval_fields.foreseen(visit, _settling(visit, taking))


routes = [
    Route(SENT, staff_page(sent, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{SENT}/commands/{{command}}", staff_page(look, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{SENT}/commands/{{command}}", staff_page(settle, to=Action.RECEIVE), methods=["POST"]),
    Route(f"{SENT}/commands/{{command}}/photo", staff_page(photo, to=Action.RECEIVE), methods=["GET"]),
]
