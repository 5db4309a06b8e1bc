"""Pages out of templates."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from connector.web import presentation

TEMPLATES = Path(__file__).parent / "templates"

ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters.update(presentation.FILTERS)
ENVIRONMENT.globals.update(presentation.GLOBALS)


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A whole page; every value in it is escaped."""
    html = ENVIRONMENT.get_template(template).render(
        path=request.url.path, present=getattr(request.state, "present", None), **context
    )
    return HTMLResponse(html, status_code=status, headers=dict(headers or {}))
