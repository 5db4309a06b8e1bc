"""The counter: find a return, say what arrived, see what is paid, confirm."""

from collections.abc import Callable, Mapping

from starlette.responses import Response
from starlette.routing import Route

from connector.services import browse_shop, explain_quote, follow_return, receive_return, settle_conflict
from connector.services.errors import QuoteMoved
from connector.services.follow_return import ReturnView
from connector.services.roles import Action
from connector.web import inspection_form
from connector.web.doors import Visit, see, staff_page
from connector.web.inspection_form import UnitForm
from connector.web.rendering import render

UNPROCESSABLE = 422
CONFLICT = 409


def find(visit: Visit) -> Response:
    """The search field and what is expected; a return that is found is opened."""
    text = visit.query("find")
    found = receive_return.find(visit.app, visit.shop, text=text) if text else None
    if found is not None:
        return see(_address(visit, found.id))
    expected = follow_return.expected(visit.app, visit.shop)
    waits = len(settle_conflict.waiting(visit.app, visit.shop))
    context = {"shop": visit.shop, "staff": visit.staff, "text": text, "expected": expected, "device_waits": waits}
    return render(visit.request, "counter.html", context)


def look(visit: Visit) -> Response:
    """A return: the form for what is still to come, and how the payments stand."""
    view = _view(visit)
    return _form_page(visit, view, inspection_form.blank(view.found))


def take_in(visit: Visit) -> Response:
    """A step of the form: check what was said, change it, or confirm it."""
    return STEPS.get(visit.field("step"), _check)(visit)


def _check(visit: Visit) -> Response:
    """Show what would be paid for what was said, or what is still missing in the form."""
    view = _view(visit)
    units = inspection_form.filled(view.found, visit.form)
    if any(unit.problem for unit in units):
        return _form_page(visit, view, units, status=UNPROCESSABLE)
    return _confirm_page(visit, view, units)


def _change(visit: Visit) -> Response:
    view = _view(visit)
    return _form_page(visit, view, inspection_form.filled(view.found, visit.form))


def _confirm(visit: Visit) -> Response:
    """Take the goods in and begin to pay what was shown."""
    view, once = _view(visit), visit.once
    units = inspection_form.filled(view.found, visit.form)
    if any(unit.problem for unit in units):
        return _form_page(visit, view, units, status=UNPROCESSABLE)
    try:
        receive_return.receive(
            visit.app,
            visit.shop,
            return_id=view.found.id,
            inspections=inspection_form.inspections(units),
            quote_id=visit.field("quote") or None,
            actor=visit.actor,
            key=once,
        )
    except QuoteMoved as moved:
        return _confirm_page(visit, view, units, problem=moved.message)
    return see(_address(visit, view.found.id))


def _form_page(visit: Visit, view: ReturnView, units: tuple[UnitForm, ...], *, status: int = 200) -> Response:
    context = {**_shown(visit, view), "units": units}
    return render(visit.request, "counter_return.html", context, status=status)


def _confirm_page(visit: Visit, view: ReturnView, units: tuple[UnitForm, ...], *, problem: str = "") -> Response:
    said = inspection_form.inspections(units)
    quote = receive_return.preview(visit.app, visit.shop, return_id=view.found.id, inspections=said)
    context = {
        **_shown(visit, view),
        "units": units,
        "fields": inspection_form.fields(units),
        "quote": quote,
        "explained": explain_quote.explain(visit.app, visit.shop, quote_id=quote.id) if quote else None,
        "problem": problem,
        "once": visit.app.token(),
    }
    return render(visit.request, "counter_confirm.html", context, status=CONFLICT if problem else 200)


def _shown(visit: Visit, view: ReturnView) -> Mapping[str, object]:
    images = browse_shop.images_of_lines(visit.app, visit.shop, view.order)
    return {"shop": visit.shop, "staff": visit.staff, "view": view, "images": images, "token": visit.app.token}


def _view(visit: Visit) -> ReturnView:
    return follow_return.view(visit.app, visit.shop, return_id=visit.path("rma").upper())


def _address(visit: Visit, return_id: str) -> str:
    return f"/shops/{visit.shop.slug}/counter/{return_id}"


STEPS: Mapping[str, Callable[[Visit], Response]] = {"check": _check, "change": _change, "confirm": _confirm}
"""What each button of the form does."""

routes = [
    Route("/shops/{shop}/counter", staff_page(find, to=Action.RECEIVE), methods=["GET"]),
    Route("/shops/{shop}/counter/{rma}", staff_page(look, to=Action.RECEIVE), methods=["GET"]),
    Route("/shops/{shop}/counter/{rma}", staff_page(take_in, to=Action.RECEIVE), methods=["POST"]),
]
