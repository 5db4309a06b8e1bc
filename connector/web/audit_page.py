"""The audit log as a page and as a file."""

import json

from starlette.responses import Response
from starlette.routing import Route

from connector.services import audit
from connector.services.roles import Action
from connector.web.doors import Visit, staff_page
from connector.web.rendering import render
from connector.web.spreadsheet import csv_file

HOME = "/shops/{shop}/dashboard/audit"
COLUMNS = ("n", "at", "who", "act", "about", "details")


def show(visit: Visit) -> Response:
    """A page of the log, newest first."""
    before = visit.query("before")
    lines = audit.read(visit.app, visit.shop, before=int(before) if before.isdecimal() and len(before) < 10 else None)
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "lines": lines,
        "older": lines[-1].n if len(lines) == audit.PAGE else None,
        "once": visit.app.token(),
    }
    return render(visit.request, "audit.html", context)


def export(visit: Visit) -> Response:
    """The whole log as comma-separated values; taking it away stands in it, too."""
    lines = audit.export(visit.app, visit.shop, actor=visit.actor)
    rows = (
        (
            line.n,
            line.at.isoformat(),
            line.actor_name,
            line.act,
            line.about,
            json.dumps(line.details, ensure_ascii=False),
        )
        for line in lines
    )
    return csv_file(f"audit-{visit.shop.slug}", COLUMNS, rows=rows)


routes = [
    Route(HOME, staff_page(show, to=Action.READ_AUDIT), methods=["GET"]),
    Route(f"{HOME}.csv", staff_page(export, to=Action.EXPORT), methods=["POST"]),
]
