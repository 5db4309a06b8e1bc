"""What a counter prints: the receipt of a return or of a whole visit, and gift receipts."""

import io
from collections.abc import Sequence

import segno
from starlette.responses import Response
from starlette.routing import Route

from connector.services import explain_quote, follow_return, give_receipt, visits
from connector.services.follow_return import ReturnView
from connector.services.roles import Action
from connector.web.counter import COUNTER
from connector.web.doors import Visit, staff_page
from connector.web.rendering import render

QR_SCALE = 4


def of_return(visit: Visit) -> Response:
    """The receipt of one return."""
    view = follow_return.view(visit.app, visit.shop, return_id=visit.path("rma").upper())
    return _receipt(visit, [view])


def of_visit(visit: Visit) -> Response:
    """The receipt of everything that one person brought."""
    numbers = visits.returns_of(visit.app, visit.shop, visit_id=visit.path("visit"))
    return _receipt(visit, [follow_return.view(visit.app, visit.shop, return_id=number) for number in numbers])


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


def _receipt(visit: Visit, views: Sequence[ReturnView]) -> Response:
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
    }
    return render(visit.request, "receipt.html", context)


def _code(text: str) -> Response:
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", scale=QR_SCALE, border=2, xmldecl=False)
    return Response(drawn.getvalue(), media_type="image/svg+xml")


routes = [
    Route(f"{COUNTER}/visits/{{visit}}", staff_page(of_visit, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/gifts/{{number}}/receipt", staff_page(of_gift, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/gifts/{{number}}/code.svg", staff_page(gift_code, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/{{rma}}/receipt", staff_page(of_return, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/{{rma}}/code.svg", staff_page(return_code, to=Action.RECEIVE), methods=["GET"]),
]
