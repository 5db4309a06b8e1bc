"""What devices sent: what was taken, what waits with both sides in view; and the page without a network."""

import hashlib
import json
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from connector.services import settle_conflict
from connector.services.errors import Conflict, InvalidInput, QuoteMoved
from connector.services.roles import Action
from connector.services.settle_conflict import Settlement
from connector.services.take_from_device import WORDS
from connector.web.doors import Visit, page, see, staff_page
from connector.web.errors import STATUSES
from connector.web.rendering import TEMPLATES, render
from domain.disposition import GRADES
from domain.errors import IllegalStep, Malformed

STATIC = Path(__file__).parent / "static"
COUNTER = "/shops/{shop}/counter"
MENDABLE = (Conflict, InvalidInput, QuoteMoved, IllegalStep, Malformed)
SHELL = (
    "css/tokens.css", "css/base.css", "css/components.css", "css/staff.css", "css/device.css", "mark.svg", "tick.svg",
    "widget/elements.js", "counter/alone.js", "counter/camera.js", "counter/device.js", "counter/entries.js",
    "counter/keeping.js", "counter/scan.js", "counter/sending.js", "counter/wedge.js",
)  # fmt: skip
"""What the page without a network is made of, under /static/."""


def sent(visit: Visit) -> Response:
    """What waits for a person, and what was taken or settled last."""
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "waiting": settle_conflict.waiting(visit.app, visit.shop),
        "latest": settle_conflict.latest(visit.app, visit.shop),
        "reasons": WORDS,
    }
    return render(visit.request, "device.html", context)


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
        settle_conflict.settle(
            visit.app, visit.shop, command_id=visit.path("command"), settlement=settlement, actor=visit.actor
        )
    except MENDABLE as problem:
        return _conflict(visit, problem=problem)
    return see(f"{_home(visit)}/sent")


def photo(visit: Visit) -> Response:
    """The picture that a device took."""
    picture = settle_conflict.photo(visit.app, visit.shop, command_id=visit.path("command"))
    return Response(picture, media_type="image/jpeg", headers={"Content-Disposition": "inline"})


def alone(visit: Visit) -> Response:
    """The page that a device shows without a network: no name, number or person is on it."""
    return render(visit.request, "counter_alone.html", {"shop": visit.shop, "grades": GRADES})


def manifest(visit: Visit) -> Response:
    """What a browser needs to install the counter."""
    home = _home(visit)
    icons = [
        {"src": f"/static/counter/icon-{side}.png", "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
        for side, purpose in ((192, "any"), (512, "any"), (512, "maskable"))
    ]
    document = {
        "id": home,
        "name": f"Counter, {visit.shop.name}",
        "short_name": "Counter",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": "#f7f5f0",
        "theme_color": "#1d5c4a",
        "icons": [*icons, {"src": "/static/mark.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    return Response(json.dumps(document), media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


def worker(visit: Visit) -> Response:
    """The worker that keeps the page for the time without a network; it may do so for the counter and nothing else."""
    home = _home(visit)
    shell = {"home": home, "alone": f"{home}/alone", "files": [f"/static/{name}" for name in SHELL]}
    told = json.dumps({**shell, "version": _version()})
    program = f"const SHELL = {told};\n{(STATIC / 'counter' / 'worker.js').read_text(encoding='utf-8')}"
    headers = {"Service-Worker-Allowed": home, "Cache-Control": "no-cache"}
    return Response(program, media_type="text/javascript", headers=headers)


def _conflict(visit: Visit, *, problem: Exception | None = None) -> Response:
    both = settle_conflict.sides(
        visit.app, visit.shop, command_id=visit.path("command"), return_id=visit.field("rma") or visit.query("rma")
    )
    context = {
        "shop": visit.shop,
        "staff": visit.staff,
        "both": both,
        "named": visit.query("rma"),
        "reasons": WORDS,
        "problem": getattr(problem, "message", None),
        "once": visit.app.token(),
    }
    status = STATUSES[type(problem)] if problem else 200
    return render(visit.request, "device_command.html", context, status=status)


@cache
def _version() -> str:
    """A short name of all files of the page: another one makes browsers fetch them anew."""
    written = [STATIC / "counter" / "worker.js", TEMPLATES / "layout.html", TEMPLATES / "counter_alone.html"]
    files = [*(STATIC / name for name in SHELL), *written]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def _home(visit: Visit) -> str:
    return COUNTER.format(shop=visit.shop.slug)


routes = [
    Route(f"{COUNTER}/alone", page(alone), methods=["GET"]),
    Route(f"{COUNTER}/manifest.json", page(manifest), methods=["GET"]),
    Route(f"{COUNTER}/worker.js", page(worker), methods=["GET"]),
    Route(f"{COUNTER}/sent", staff_page(sent, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/sent/commands/{{command}}", staff_page(look, to=Action.RECEIVE), methods=["GET"]),
    Route(f"{COUNTER}/sent/commands/{{command}}", staff_page(settle, to=Action.RECEIVE), methods=["POST"]),
    Route(f"{COUNTER}/sent/commands/{{command}}/photo", staff_page(photo, to=Action.RECEIVE), methods=["GET"]),
]
