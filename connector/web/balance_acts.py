"""What staff do about a balance that a shopper still has to pay: take it, or give it up."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import Route

from connector.services import collect_balance
from connector.services.roles import Action
from connector.web.doors import Visit, see, staff_page
from domain.returns import Return

BACK: Mapping[str, str] = {"counter": "counter", "dashboard": "dashboard/returns"}
"""Where a form leads back to."""
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
    return _back(visit, found)


def given_up(visit: Visit) -> Response:
    """The balance is not paid, and what was chosen beforehand is given instead."""
    found = collect_balance.give_up(
        visit.app,
        visit.shop,
        leg_key=visit.path("key"),
        actor=visit.actor,
        why=visit.field("why"),
        key=visit.once,
    )
    return _back(visit, found)


def _back(visit: Visit, found: Return) -> Response:
    place = BACK.get(visit.field("back"), BACK["dashboard"])
    return see(f"/shops/{visit.shop.slug}/{place}/{found.id}")


routes = [
    Route(f"{LEG}/collected", staff_page(collected, to=Action.RECEIVE), methods=["POST"]),
    Route(f"{LEG}/given-up", staff_page(given_up, to=Action.RECEIVE), methods=["POST"]),
]
