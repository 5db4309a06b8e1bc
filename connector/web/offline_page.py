"""The counter as an app that is installed: its page for the time without a network, and the worker that keeps it."""

import hashlib
import json
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from connector.web.doors import Visit, page
from connector.web.rendering import TEMPLATES, render
from domain.disposition import GRADES

STATIC = Path(__file__).parent / "static"
COUNTER = "/shops/{shop}/counter"
SHELL = (
    "css/tokens.css", "css/base.css", "css/components.css", "css/staff.css", "css/offline.css", "mark.svg", "tick.svg",
    "widget/elements.js", "counter/camera.js", "counter/offline_form.js", "counter/offline_idle.js",
    "counter/offline_keeping.js", "counter/offline_page.js", "counter/offline_ready.js", "counter/offline_scanning.js",
    "counter/offline_sending.js", "counter/scan.js", "counter/wedge.js",
)  # fmt: skip
"""What the page without a network is made of, under /static/."""


def alone(visit: Visit) -> Response:
    """The page that a device shows without a network: no name, number or person is on it."""
    return render(visit.request, "offline.html", {"shop": visit.shop, "grades": GRADES})


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
    program = f"const SHELL = {told};\n{(STATIC / 'counter' / 'offline_worker.js').read_text(encoding='utf-8')}"
    headers = {"Service-Worker-Allowed": home, "Cache-Control": "no-cache"}
    return Response(program, media_type="text/javascript", headers=headers)


@cache
def _version() -> str:
    """A short name of all files of the page: another one makes browsers fetch them anew."""
    written = [STATIC / "counter" / "offline_worker.js", TEMPLATES / "layout.html", TEMPLATES / "offline.html"]
    files = [*(STATIC / name for name in SHELL), *written]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def _home(visit: Visit) -> str:
    return COUNTER.format(shop=visit.shop.slug)


routes = [
    Route(f"{COUNTER}/alone", page(alone), methods=["GET"]),
    Route(f"{COUNTER}/manifest.json", page(manifest), methods=["GET"]),
    Route(f"{COUNTER}/worker.js", page(worker), methods=["GET"]),
]
