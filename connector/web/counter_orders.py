"""The counter without an RMA: goods of an order, or of a gift receipt, are taken back in one go."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from starlette.responses import Response
from starlette.routing import Route

from adapters.channel import OthersReturn
from adapters.errors import ChannelError
from connector.application import Application
from connector.services import browse_shop, counter_order, explain_quote, give_receipt, offer_instead, take_back
from connector.services.counter_order import CounterOrder
from connector.services.errors import Refused, ServiceError
from connector.services.quote_return import Document
from connector.services.roles import Action
from connector.services.take_back import Brought, Hands
from connector.web import approval_fields, brought_form
from connector.web.brought_form import LineForm
from connector.web.counter import COUNTER, MENDABLE, UNPROCESSABLE, home
from connector.web.doors import Visit, see, staff_page
from connector.web.errors import STATUSES
from connector.web.photo_fields import read_inspection, with_photos
from connector.web.rendering import render
from connector.web.wording import REASONS
from domain.disposition import PLACES
from domain.returns import Return

REASONS_TO_GIVE = tuple(reason for reason in REASONS if reason != "unstated")


class Desk(Struct, frozen=True):
    """What lies on the counter: an order or a gift receipt's goods, what its page is called, and what was said."""

    title: str
    order_id: str
    shown: CounterOrder
    lines: tuple[LineForm, ...]
    gift_receipt: str | None = None
    email: str = ""

    def brought(self, visit: Visit) -> Brought:
        """What is brought, with what is taken instead as its stock and price are now."""
        return Brought(
            order_id=self.order_id,
            items=brought_form.items_of(self.lines, self._swaps(visit)),
            inspections=brought_form.inspections_of(self.lines),
            gift_receipt=self.gift_receipt,
            credit_to=self.email if self.gift_receipt else None,
        )

    def _swaps(self, visit: Visit) -> Mapping[str, Document | None]:
        wanted = {line.choice.line_id: line.variant for line in self.lines if line.brought and line.variant}
        return {
            line_id: offer_instead.exchange_for(
                visit.app, visit.shop, order=self.shown.order, line_id=line_id, variant_id=variant_id
            )
            for line_id, variant_id in wanted.items()
        }


def of_order(visit: Visit) -> Desk:
    """An order of the shop."""
    order_id = visit.path("order")
    shown = counter_order.shown(visit.app, visit.shop, order_id=order_id, swap=visit.query("swap"))
    title = f"Order {shown.order.get('number') or order_id}"
    return Desk(title, order_id, shown, brought_form.lines_of(shown, visit.form))


def of_gift(visit: Visit) -> Desk:
    """A gift receipt: its goods and nothing of who gave them."""
    gift = give_receipt.shown(visit.app, visit.shop, number=visit.path("number").upper())
    shown = counter_order.of_gift(visit.app, visit.shop, gift=gift)
    return Desk(
        "Gift receipt",
        gift.receipt.order_id,
        shown,
        brought_form.lines_of(shown, visit.form),
        gift_receipt=gift.receipt.number,
        email=visit.field("email"),
    )


def look(opened: Callable[[Visit], Desk]) -> Callable[[Visit], Response]:
    """The page of what is brought."""
    return lambda visit: _form_page(visit, opened(visit))


def step(opened: Callable[[Visit], Desk]) -> Callable[[Visit], Response]:
    """A step of its form: check what was said, change it, or confirm it."""

    def taken(visit: Visit) -> Response:
        kept = with_photos(visit)
        return STEPS.get(visit.field("step"), _check)(kept, opened(kept))

    return taken


def _check(visit: Visit, desk: Desk) -> Response:
    problem = brought_form.problem_of(desk.lines)
    if problem:
        return _form_page(visit, desk, problem=problem)
    return _confirm_page(visit, desk)


def _change(visit: Visit, desk: Desk) -> Response:
    return _form_page(visit, desk)


def _confirm(visit: Visit, desk: Desk) -> Response:
    """Take the goods back and begin to pay what was shown."""
    once, problem = visit.once, brought_form.problem_of(desk.lines)
    if problem:
        return _form_page(visit, desk, problem=problem)
    try:
        brought = desk.brought(visit)
        found = approval_fields.done(visit, _taking(visit, brought, quote_id=visit.field("quote"), key=once))
    except (*MENDABLE, Refused) as refusal:
        return _confirm_page(visit, desk, refusal=refusal)
    return see(f"{home(visit)}/{found.id}")


def _taking(visit: Visit, brought: Brought, *, quote_id: str, key: str) -> Callable[[Application], Return]:
    """The act of taking back what is brought."""
    hands = Hands(visit.actor, visit_id=visit.field("visit"))
    return lambda app: take_back.take_back(app, visit.shop, brought=brought, quote_id=quote_id, hands=hands, key=key)


def _form_page(visit: Visit, desk: Desk, *, problem: str = "") -> Response:
    context = {
        **_shown(visit, desk),
        "desk": desk,
        "elsewhere": () if desk.gift_receipt else _elsewhere(visit, desk),
        "problem": problem,
        "reasons": REASONS_TO_GIVE,
        "visit": visit.query("visit") or visit.field("visit"),
        "once": visit.app.token(),
    }
    return render(visit.request, "counter_order.html", context, status=UNPROCESSABLE if problem else 200)


def _elsewhere(visit: Visit, desk: Desk) -> Sequence[OthersReturn] | None:
    return counter_order.opened_elsewhere(visit.app, visit.shop, desk.shown.order)


def _confirm_page(visit: Visit, desk: Desk, *, refusal: ServiceError | None = None) -> Response:
    try:
        brought = desk.brought(visit)
        quote = take_back.preview(visit.app, visit.shop, brought=brought)
    except ChannelError as error:
        return _form_page(visit, desk, problem=error.message)
    items: Sequence[Mapping[str, object]] = quote.document["items"]  # type: ignore[assignment]
    if any(item["verdict"] == "refused" for item in items):
        return _form_page(visit, desk, problem=_why_not(items))
    once = visit.app.token()
    context = {
        **_shown(visit, desk),
        "number": desk.title,
        "order": desk.shown.order,
        "units": brought_form.units_of(desk.lines),
        "fields": {**brought_form.fields(desk.lines), "visit": visit.field("visit"), "email": desk.email},
        "quote": quote.document,
        "quote_id": quote.id,
        "explained": explain_quote.explain(visit.app, visit.shop, quote_id=quote.id),
        "problem": refusal.message if refusal else "",
        "asked": approval_fields.foreseen(visit, _taking(visit, brought, quote_id=quote.id, key=once)),
        "once": once,
    }
    return render(visit.request, "counter_confirm.html", context, status=STATUSES[type(refusal)] if refusal else 200)


def _why_not(items: Sequence[Mapping[str, object]]) -> str:
    reasons = [reason for item in items for reason in item["reasons"]]  # type: ignore[attr-defined]
    return " ".join(dict.fromkeys(str(reason["text"]) for reason in reasons))


def _shown(visit: Visit, desk: Desk) -> Mapping[str, object]:
    images = browse_shop.images_of_lines(visit.app, visit.shop, desk.shown.order)
    return {
        "shop": visit.shop,
        "staff": visit.staff,
        "images": images,
        "destinations": PLACES,
        "token": visit.app.token,
    }


def issue(visit: Visit) -> Response:
    """Make a gift receipt for what was chosen of an order."""
    receipt = give_receipt.issue(
        visit.app, visit.shop, order_id=visit.path("order"), line_ids=visit.form.get("line", ()), key=visit.once
    )
    return see(f"{home(visit)}/gifts/{receipt.number}/receipt")


STEPS: Mapping[str, Callable[[Visit, Desk], Response]] = {"check": _check, "change": _change, "confirm": _confirm}
"""What each button of the form does."""

ORDER, GIFT = f"{COUNTER}/orders/{{order}}", f"{COUNTER}/gifts/{{number}}"
routes = [
    Route(ORDER, staff_page(look(of_order), to=Action.RECEIVE), methods=["GET"]),
    Route(ORDER, staff_page(step(of_order), to=Action.RECEIVE, reads=read_inspection), methods=["POST"]),
    Route(f"{ORDER}/gift-receipt", staff_page(issue, to=Action.RECEIVE), methods=["POST"]),
    Route(GIFT, staff_page(look(of_gift), to=Action.RECEIVE), methods=["GET"]),
    Route(GIFT, staff_page(step(of_gift), to=Action.RECEIVE, reads=read_inspection), methods=["POST"]),
]
