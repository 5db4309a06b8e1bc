"""What a counter prints: the receipt of a return or of a whole visit, and gift receipts."""

import io
from collections.abc import Mapping, Sequence

from starlette.responses import Response
from starlette.routing import Route

from connector.application import Letter
from connector.services import explain_quote, follow_return, give_receipt, mail_receipt, visits
from connector.services.errors import InvalidInput, NotFound
from connector.services.follow_return import ReturnView
from connector.services.roles import Action
from connector.web.counter import COUNTER, UNPROCESSABLE
from connector.web.doors import Visit, see, staff_page
from connector.web.rendering import render, written

QR_SCALE = 4


def of_return(visit: Visit) -> Response:
    """The receipt of one return."""
    view = follow_return.view(visit.app, visit.shop, return_id=visit.path("rma").upper())
    return _receipt(visit, [view])


def of_visit(visit: Visit) -> Response:
    """The receipt of everything that one person brought."""
    numbers = visits.returns_of(visit.app, visit.shop, visit_id=visit.path("visit"))
    return _receipt(visit, [follow_return.view(visit.app, visit.shop, return_id=number) for number in numbers])


def mail_of_return(visit: Visit) -> Response:
    """Mail the receipt of one return."""
    return _mailed(visit, [follow_return.view(visit.app, visit.shop, return_id=visit.path("rma").upper())])


def mail_of_visit(visit: Visit) -> Response:
    """Mail the receipt of everything that one person brought."""
    numbers = visits.returns_of(visit.app, visit.shop, visit_id=visit.path("visit"))
    return _mailed(visit, [follow_return.view(visit.app, visit.shop, return_id=number) for number in numbers])


def of_gift(visit: Visit) -> Response:
    """A gift receipt to hand over: goods without prices, and the code by which they come back."""
    gift = give_receipt.shown(visit.app, visit.shop, number=visit.path("number").upper())
    context = {"shop": visit.shop, "staff": visit.staff, "gift": gift}
    return render(visit.request, "gift_receipt.html", context)


def gift_code(visit: Visit) -> Response:
    """The QR code of a gift receipt; it says the number and nothing else."""
    gift = give_receipt.shown(visit.app, visit.shop, number=visit.path("number").upper())
    return _code(gift.receipt.number)


def return_code(visit: Visit) -> Response:
    """The QR code of a return's number."""
    view = follow_return.view(visit.app, visit.shop, return_id=visit.path("rma").upper())
    return _code(view.found.id)


def _mailed(visit: Visit, views: Sequence[ReturnView]) -> Response:
    if not views:
        raise NotFound("Nothing was brought yet.")
    first, to = views[0].found.id, visit.field("to")
    try:
        letter = _letter(visit, views, to=to)
        mail_receipt.mail_receipt(
            visit.app, visit.shop, return_id=first, letter=letter, actor=visit.actor, key=visit.once
        )
    except InvalidInput as problem:
        return _receipt(visit, views, problem=problem.message)
    return see(f"{visit.request.url.path.removesuffix('/mail')}?mailed=yes")


def _letter(visit: Visit, views: Sequence[ReturnView], *, to: str) -> Letter:
    """The receipt as a letter, with a link to the page of each return."""
    base = visit.app.settings.public_url
    links = {
        view.found.id: base + follow_return.status_path(visit.app, visit.shop, return_id=view.found.id)
        for view in views
    }
    context = {"shop": visit.shop, "views": views, "links": links, "now": visit.app.clock()}
    return Letter(
        key=visit.app.token(),
        to=to,
        name=visit.shop.name,
        subject=f"Your return {views[0].found.id} at {visit.shop.name}",
        text=written("mail/receipt.txt", context),
        html=written("mail/receipt.html", context),
    )


def _receipt(visit: Visit, views: Sequence[ReturnView], *, problem: str = "") -> Response:
    with_proof = visit.query("proof") == "yes"
    explained = {
        view.found.id: explain_quote.explain(visit.app, visit.shop, quote_id=view.found.quote_id)
        for view in views
        if with_proof
    }
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "views": views,
        "explained": explained,
        "now": visit.app.clock(),
        "can_mail": mail_receipt.can_mail(visit.app) and bool(views),
        "mail_to": visit.field("to") or _buyers_address(views),
        "mail_at": visit.request.url.path.removesuffix("/mail") + "/mail",
        "mailed": visit.query("mailed") == "yes",
        "problem": problem,
        "once": visit.app.token(),
    }
    return render(visit.request, "receipt.html", context, status=UNPROCESSABLE if problem else 200)


def _buyers_address(views: Sequence[ReturnView]) -> str:
    customers = (view.order.get("customer") for view in views)
    return next((str(one["email"]) for one in customers if isinstance(one, Mapping) and one.get("email")), "")


def _code(text: str) -> Response:
    import segno  # loaded late as in `label_drawings`

    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", scale=QR_SCALE, border=2, xmldecl=False)
    return Response(drawn.getvalue(), media_type="image/svg+xml")


routes = [
    Route(f"{COUNTER}/visits/{{visit}}/mail", staff_page(mail_of_visit, to=Action.RECEIVE), methods=["POST"]),
    Route(f"{COUNTER}/{{rma}}/receipt/mail", staff_page(mail_of_return, to=Action.RECEIVE), methods=["POST"]),
    Route(f"{COUNTER}/visits/{{visit}}", staff_page(of_visit, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/gifts/{{number}}/receipt", staff_page(of_gift, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/gifts/{{number}}/code.svg", staff_page(gift_code, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/{{rma}}/receipt", staff_page(of_return, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/{{rma}}/code.svg", staff_page(return_code, to=Action.RECEIVE), methods=["GET"]),
]
