"""The merchant's dashboard: what waits for a person, the figures, and every return with its history."""

from collections.abc import Callable
from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from connector.services import (
    answer_leg,
    answer_shopper,
    browse_shop,
    decide_return,
    explain_quote,
    follow_return,
    keep_photos,
)
from connector.services.errors import InvalidInput
from connector.services.follow_return import NEXT_STEPS
from connector.services.roles import Action
from connector.web import charts, return_acts
from connector.web.doors import Visit, back_to, staff_page
from connector.web.rendering import render
from domain.errors import Malformed
from domain.reading import read_moment
from domain.returns import Return


def overview(visit: Visit) -> Response:
    """Figures, tasks, the latest returns."""
    seen = follow_return.overview(visit.app, visit.shop)
    figures = seen.figures
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "seen": seen,
        "asking": answer_shopper.waiting(visit.app, visit.shop),
        "open": sum(figures.open_returns.values()),
        "days": charts.day_charts(figures.given_back, today=visit.app.clock().date(), currency=visit.shop.currency),
        "reasons": charts.shares(figures.reasons),
        "products": charts.shares(figures.products),
        "token": visit.app.token,
    }
    return render(visit.request, "dashboard.html", context)


def returns(visit: Visit) -> Response:
    """All returns, newest first, searched and filtered."""
    text, status = visit.query("find"), visit.query("status")
    before = time_of(visit.query("before"))
    shown = follow_return.search(visit.app, visit.shop, text=text, status=status, before=before)
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "shown": shown,
        "text": text,
        "status": status,
        "statuses": tuple(NEXT_STEPS),
        "is_first": not visit.query("before"),
    }
    return render(visit.request, "returns.html", context)


def one_return(visit: Visit) -> Response:
    """A return: items, decision, quote, payments, history."""
    view = follow_return.view(visit.app, visit.shop, return_id=visit.path("rma").upper())
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "view": view,
        "images": browse_shop.images_of_lines(visit.app, visit.shop, view.order),
        "shown": keep_photos.of_return(visit.app, visit.shop, return_id=view.found.id),
        "explained": explain_quote.of_return(visit.app, visit.shop, view.found),
        "link": follow_return.status_link(visit.app, visit.shop, return_id=view.found.id),
        "token": visit.app.token,
    }
    return render(visit.request, "return.html", context)


def approve(visit: Visit) -> Response:
    """A person says yes."""
    return _decided(visit, decide_return.approve)


def decline(visit: Visit) -> Response:
    """A person says no, and why."""
    if not visit.field("why"):
        raise InvalidInput("Say why the return is declined. The reason stands in its history.", at="why")
    return _decided(visit, decide_return.decline)


def paid(visit: Visit) -> Response:
    """A person says that they gave back by hand."""
    found = answer_leg.paid_by_hand(
        visit.app,
        visit.shop,
        leg_key=visit.path("key"),
        actor=visit.actor,
        note=visit.field("note"),
        key=visit.once,
        refund_id=visit.field("refund") if "refund" in visit.form else None,
    )
    return back_to(visit, found)


def again(visit: Visit) -> Response:
    """A person sends what failed once more."""
    found = answer_leg.try_again(
        visit.app,
        visit.shop,
        leg_key=visit.path("key"),
        actor=visit.actor,
        key=visit.once,
        why=visit.field("why"),
    )
    return back_to(visit, found)


def _decided(visit: Visit, decide: Callable[..., Return]) -> Response:
    found = decide(
        visit.app,
        visit.shop,
        return_id=visit.path("rma").upper(),
        actor=visit.actor,
        why=visit.field("why"),
        key=visit.once,
    )
    return back_to(visit, found)


def time_of(text: str) -> datetime | None:
    """The time that a page goes on from; what is no RFC 3339 time is left out."""
    try:
        return read_moment(text, 0)
    except Malformed:
        return None


HOME = "/shops/{shop}/dashboard"

routes = [
    Route(HOME, staff_page(overview, to=Action.SEE_FIGURES), methods=["GET"]),
    Route(f"{HOME}/returns", staff_page(returns, to=Action.SEE_RETURNS), methods=["GET"]),
    Route(f"{HOME}/returns/{{rma}}", staff_page(one_return, to=Action.SEE_RETURNS), methods=["GET"]),
    Route(f"{HOME}/returns/{{rma}}/approve", staff_page(approve, to=Action.DECIDE), methods=["POST"]),
    Route(f"{HOME}/returns/{{rma}}/decline", staff_page(decline, to=Action.DECIDE), methods=["POST"]),
    Route(f"{HOME}/legs/{{key}}/paid", staff_page(paid, to=Action.PAY_BY_HAND), methods=["POST"]),
    Route(f"{HOME}/legs/{{key}}/again", staff_page(again, to=Action.PAY_BY_HAND), methods=["POST"]),
    *return_acts.routes,
]
