"""What the server tells its operator of each request: an id, one log line without personal data, and figures."""

import logging
import random
import re
import sys
import time
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars, get_contextvars, merge_contextvars

from connector.web import figures

ELSEWHERE = "(no such page)"
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
SLUG = re.compile(r"[a-z0-9-]{1,40}")
TALKATIVE = ("alembic", "uvicorn")
"""Libraries of whom only warnings are worth a line."""


def request_id() -> str:
    """The id of the request that is being answered, empty outside of one."""
    return str(get_contextvars().get("request", ""))


def _new_id() -> str:
    """An id that names a request and keeps nothing secret: to ask the system for one lets go of the interpreter."""
    return f"{random.getrandbits(64):016x}"


def configure_logs(*, level: str, form: str | None) -> None:
    """Write every log line as JSON, or as text on a terminal; `form` decides when it is given.

    Traces name places and never the values that stood there.
    """
    is_terminal = sys.stderr.isatty()
    plain = form == "text" or (form is None and is_terminal)
    text = structlog.dev.ConsoleRenderer(colors=is_terminal, exception_formatter=structlog.dev.plain_traceback)
    renderer: Any = text if plain else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class Observed:
    """Gives each request an id, counts it, and logs one line: method, route, shop, status, milliseconds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = structlog.get_logger("backhaul.web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; ids that others claim for it are not taken."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with bound_contextvars(request=_new_id()):
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id()
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._note(scope, status=status, seconds=time.perf_counter() - began)

    def _note(self, scope: Scope, *, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", ELSEWHERE)
        figures.count(route, scope["method"], status=status, seconds=seconds)
        if route in QUIET:
            return
        shop = str(scope.get("path_params", {}).get("shop", ""))
        self._log.info(
            "request",
            method=scope["method"],
            route=route,
            shop=shop if SLUG.fullmatch(shop) else None,
            status=status,
            ms=round(seconds * 1000, 1),
        )
