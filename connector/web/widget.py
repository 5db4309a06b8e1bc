"""The widget as one file: our modules and their style sheet joined and pressed once, kept by browsers."""

import gzip
import hashlib
import json
import re
from functools import cache
from pathlib import Path

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SOURCES = Path(__file__).parent / "static" / "widget"
MODULES = ("elements", "memory", "client", "photos", "cards", "view", "talk", "panel", "start")
"""Each after those that it imports."""
JAVASCRIPT = "text/javascript; charset=utf-8"
NOT_MODIFIED = 304
KEEP = "public, max-age=3600, stale-while-revalidate=86400"
FROM_ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": KEEP,
    "Vary": "Accept-Encoding",
}
LEFT_OUT = re.compile(r"^(import .*|\s*//.*|\s+)$|^export |^\s+", re.MULTILINE)
"""What one file does not need: imports and exports between modules, comments on lines of their own, indentation."""
STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
STYLE_SPACE = re.compile(r"\s+")
AROUND_SIGNS = re.compile(r" ?([{};,]) ?|(?<=:) ")


class Script(Struct, frozen=True):
    """The file as it travels, plain and pressed, with a name that changes when it does."""

    plain: bytes
    pressed: bytes
    etag: str


@cache
def script() -> Script:
    """The widget as it is now."""
    plain = joined().encode()
    return Script(plain, gzip.compress(plain, 9, mtime=0), etag=f'"{hashlib.sha256(plain).hexdigest()[:20]}"')


def joined() -> str:
    """All modules in one strict scope, the style sheet as a string before them."""
    style = AROUND_SIGNS.sub(r"\1", STYLE_SPACE.sub(" ", _style())).strip()
    parts = (LEFT_OUT.sub("", (SOURCES / f"{name}.js").read_text(encoding="utf-8")) for name in MODULES)
    code = re.sub(r"\n{2,}", "\n", "\n".join(parts)).strip()
    return f'(() => {{\n"use strict";\nconst STYLE = {json.dumps(style)};\n{code}\n}})();\n'


async def serve(request: Request) -> Response:
    """The widget, for a page of any site."""
    found, headers = script(), dict(FROM_ANYWHERE)
    headers["ETag"] = found.etag
    if found.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=NOT_MODIFIED, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.pressed, media_type=JAVASCRIPT, headers={**headers, "Content-Encoding": "gzip"})
    return Response(found.plain, media_type=JAVASCRIPT, headers=headers)


def _style() -> str:
    return STYLE_COMMENT.sub("", (SOURCES / "widget.css").read_text(encoding="utf-8"))


routes = [Route("/widget.js", serve)]
