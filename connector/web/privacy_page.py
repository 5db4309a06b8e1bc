"""What customers asked of what is kept of them, with the files to hand over."""

import json

from starlette.responses import Response
from starlette.routing import Route

from connector.services import export_person
from connector.services.roles import Action
from connector.web.doors import Visit, staff_page
from connector.web.rendering import render

HOME = "/shops/{shop}/dashboard/privacy"


def show(visit: Visit) -> Response:
    """What people asked, newest first."""
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "requests": export_person.requests(visit.app, visit.shop),
        "once": visit.app.token(),
    }
    return render(visit.request, "privacy.html", context)


def take(visit: Visit) -> Response:
    """The file of a request; taking it away stands in the audit log."""
    request_id = visit.path("request")
    file = export_person.take_file(visit.app, visit.shop, request_id=request_id, actor=visit.actor)
    headers = {"Content-Disposition": f'attachment; filename="customer-{visit.shop.slug}-{request_id[:8]}.json"'}
    body = json.dumps(file, ensure_ascii=False, indent=2)
    return Response(body, media_type="application/json", headers=headers)


routes = [
    Route(HOME, staff_page(show, to=Action.EXPORT), methods=["GET"]),
    Route(f"{HOME}/{{request}}", staff_page(take, to=Action.EXPORT), methods=["POST"]),
]
