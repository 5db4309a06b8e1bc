"""Pages out of templates."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from connector.web import presentation
from connector.web.frame import frame_of

TEMPLATES = Path(__file__).parent / "templates"

ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=select_autoescape(default=True, disabled_extensions=("txt",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters.update(presentation.FILTERS)
ENVIRONMENT.globals.update(presentation.GLOBALS)


def written(template: str, context: Mapping[str, Any]) -> str:
    """A text or page that is sent rather than shown; values in HTML are escaped."""
    return ENVIRONMENT.get_template(template).render(**context)


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A whole page; every value in it is escaped. In the frame of a platform's admin it says who may show it."""
    frame, present = frame_of(request), getattr(request.state, "present", None)
    html = ENVIRONMENT.get_template(template).render(path=request.url.path, frame=frame, present=present, **context)
    said = {} if frame is None else {"Content-Security-Policy": frame.policy}
    return HTMLResponse(html, status_code=status, headers={**said, **(headers or {})})
