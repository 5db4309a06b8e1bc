"""The counter: scan anything, say what arrived, see what is paid, confirm."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from starlette.responses import Response
from starlette.routing import Route

from adapters.errors import ChannelError
from connector.application import Application
from connector.services import (
    answer_leg,
    back_room,
    browse_shop,
    explain_quote,
    follow_return,
    keep_photos,
    place_goods,
    receive_return,
    settle_conflict,
    take_without_receipt,
    visits,
)
from connector.services.errors import (
    InvalidInput,
    NeedsApproval,
    NotAllowed,
    NotFound,
    QuoteMoved,
    Refused,
    ServiceError,
    TooManyAttempts,
)
from connector.services.follow_return import ReturnView
from connector.services.keep_order import OURS
from connector.services.roles import Action
from connector.services.scan import Match, Scanned, scan
from connector.web import approval_fields, inspection_form, wish_form
from connector.web.doors import Visit, see, staff_page
from connector.web.errors import STATUSES
from connector.web.inspection_form import UnitForm
from connector.web.photo_fields import read_inspection, with_photos
from connector.web.rendering import render
from domain.disposition import PLACES
from domain.inspection import Sold
from domain.orders import read_order
from domain.returns import Inspection
from domain.wishes import NewWish

UNPROCESSABLE = 422
MENDABLE = (QuoteMoved, NeedsApproval, InvalidInput, NotAllowed, NotFound, TooManyAttempts)
"""What a confirmation is shown again for, with what was wrong."""

PAGES: Mapping[str, str] = {
    "return": "",
    "order": "orders/",
    "gift_receipt": "gifts/",
    "variant": "without-receipt?variant=",
}
"""Where each thing that can be scanned has its page, under the counter's."""


def find(visit: Visit) -> Response:
    """The field that takes everything and what is expected; the one thing that is found is opened."""
    text = visit.query("find")
    seen = scan(visit.app, visit.shop, text=text) if text else Scanned(())
    found = seen.matches
    if len(found) == 1 and not seen.unasked:
        return see(address_of(visit, found[0]))
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "text": text,
        "found": [(match, address_of(visit, match)) for match in found],
        "unasked": seen.unasked,
        "is_online": visit.shop.channel not in OURS,
        "expected": () if found else follow_return.expected(visit.app, visit.shop),
        "visit": visit.query("visit"),
        "device_waits": len(settle_conflict.waiting(visit.app, visit.shop)),
        "without_receipt": take_without_receipt.offered(visit.app, visit.shop) is not None,
    }
    return render(visit.request, "counter.html", context)


def address_of(visit: Visit, match: Match) -> str:
    """The page of something that was found, within the visit that goes on."""
    address = f"{home(visit)}/{PAGES[match.kind]}{match.id}"
    joined = visit.query("visit")
    return f"{address}{'&' if '?' in address else '?'}visit={joined}" if joined else address


def home(visit: Visit) -> str:
    """The counter's own address."""
    return f"/shops/{visit.shop.slug}/counter"


def look(visit: Visit) -> Response:
    """A return: the form for what is still to come, and how the payments stand."""
    view = _view(visit)
    back_room.note_look(visit.app, visit.shop, view.found, post=visit.post)
    return _form_page(visit, view, inspection_form.blank(view.found, _sold(visit, view)))


def take_in(visit: Visit) -> Response:
    """A step of the form: check what was said, change it, or confirm it."""
    return STEPS.get(visit.field("step"), _check)(with_photos(visit))


def join(visit: Visit) -> Response:
    """Go on with another return of the same person, for one receipt."""
    visit_id = visits.begin(visit.app, visit.shop, return_id=visit.path("rma").upper(), actor=visit.actor)
    return see(f"{home(visit)}?visit={visit_id}")


def give_cash(visit: Visit) -> Response:
    """What was paid in cash was given back from the till."""
    found = answer_leg.given_in_cash(
        visit.app, visit.shop, leg_key=visit.path("key"), actor=visit.actor, key=visit.once
    )
    return see(f"{home(visit)}/{found.id}")


def _check(visit: Visit) -> Response:
    """Show what would be paid for what was said, or what is still missing in the form."""
    view = _view(visit)
    units = _filled(visit, view)
    if any(unit.problem for unit in units):
        return _form_page(visit, view, units, status=UNPROCESSABLE)
    try:
        return _confirm_page(visit, view, units)
    except (Refused, ChannelError) as problem:
        return _form_page(visit, view, units, status=UNPROCESSABLE, problem=problem.message)


def _change(visit: Visit) -> Response:
    view = _view(visit)
    return _form_page(visit, view, _filled(visit, view))


def _confirm(visit: Visit) -> Response:
    """Take the goods in and begin to pay what was shown."""
    view, once = _view(visit), visit.once
    units = _filled(visit, view)
    if any(unit.problem for unit in units):
        return _form_page(visit, view, units, status=UNPROCESSABLE)
    try:
        wanted = wish_form.wishes(visit, view, wish_form.of_return(visit, view))
        shown = Shown(view.found.id, inspection_form.inspections(units), wanted, visit.field("quote"))
        approval_fields.done(visit, _receiving(visit, shown, key=once))
    except MENDABLE as problem:
        return _confirm_page(visit, view, units, problem=problem)
    except (Refused, ChannelError) as problem:
        return _form_page(visit, view, units, status=UNPROCESSABLE, problem=problem.message)
    return see(f"{home(visit)}/{view.found.id}")


class Shown(Struct, frozen=True):
    """What was said of a return, what is wanted instead, and the quote that was shown for it."""

    return_id: str
    inspections: tuple[Inspection, ...]
    wishes: Mapping[str, NewWish]
    quote_id: str


def _receiving(visit: Visit, shown: Shown, *, key: str) -> Callable[[Application], object]:
    """The act of taking in what was said."""
    return lambda app: receive_return.receive(
        app,
        visit.shop,
        return_id=shown.return_id,
        inspections=shown.inspections,
        quote_id=shown.quote_id or None,
        actor=visit.actor,
        key=key,
        visit_id=visit.field("visit"),
        wishes=shown.wishes,
    )


def _form_page(
    visit: Visit, view: ReturnView, units: tuple[UnitForm, ...], *, status: int = 200, problem: str = ""
) -> Response:
    joined = visit.query("visit") or visit.field("visit")
    wishes = wish_form.of_return(visit, view) if units else {}
    context = {**_shown(visit, view), "units": units, "visit": joined, "wishes": wishes, "problem": problem}
    return render(visit.request, "counter_return.html", context, status=status)


def _confirm_page(
    visit: Visit,
    view: ReturnView,
    units: tuple[UnitForm, ...],
    *,
    problem: ServiceError | None = None,
) -> Response:
    said, forms = inspection_form.inspections(units), wish_form.of_return(visit, view)
    wanted = wish_form.wishes(visit, view, forms)
    quote = receive_return.preview(visit.app, visit.shop, return_id=view.found.id, inspections=said, wishes=wanted)
    once, quote_id = visit.app.token(), quote.id if quote else ""
    shown = Shown(view.found.id, said, wanted, quote_id)
    context = {
        **_shown(visit, view),
        "number": view.found.id,
        "order": view.order,
        "units": units,
        "wishes": forms,
        "fields": {**inspection_form.fields(units), **wish_form.fields(forms), "visit": visit.field("visit")},
        "quote": quote.document if quote else None,
        "quote_id": quote_id,
        "explained": explain_quote.explain(visit.app, visit.shop, quote_id=quote.id) if quote else None,
        "asked": approval_fields.foreseen(visit, _receiving(visit, shown, key=once)),
        "problem": problem.message if problem else "",
        "once": once,
    }
    return render(visit.request, "counter_confirm.html", context, status=STATUSES[type(problem)] if problem else 200)


def _filled(visit: Visit, view: ReturnView) -> tuple[UnitForm, ...]:
    return inspection_form.filled(view.found, visit.form, _sold(visit, view))


def _sold(visit: Visit, view: ReturnView) -> Mapping[str, Sold]:
    guides = place_goods.guides(visit.app, visit.shop, order=view.order)
    return {line.id: Sold(line, guides[line.id]) for line in read_order(view.order).lines}


def _shown(visit: Visit, view: ReturnView) -> Mapping[str, object]:
    images = browse_shop.images_of_lines(visit.app, visit.shop, view.order)
    return {
        "shop": visit.shop,
        "staff": visit.staff,
        "view": view,
        "images": images,
        "shown": keep_photos.of_return(visit.app, visit.shop, return_id=view.found.id),
        "destinations": PLACES,
        "token": visit.app.token,
    }


def _view(visit: Visit) -> ReturnView:
    return follow_return.view(visit.app, visit.shop, return_id=visit.path("rma").upper())


STEPS: Mapping[str, Callable[[Visit], Response]] = {"check": _check, "change": _change, "confirm": _confirm}
"""What each button of the form does."""

COUNTER = "/shops/{shop}/counter"
routes = [
    Route(COUNTER, staff_page(find, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/{{rma}}", staff_page(look, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/{{rma}}", staff_page(take_in, to=Action.RECEIVE, reads=read_inspection), methods=["POST"]),
    Route(f"{COUNTER}/legs/{{key}}/cash", staff_page(give_cash, to=Action.RECEIVE), methods=["POST"]),
    Route(f"{COUNTER}/{{rma}}/visit", staff_page(join, to=Action.RECEIVE), methods=["POST"]),
]
