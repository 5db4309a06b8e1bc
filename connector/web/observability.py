"""What the server tells its operator: one log line a request with its id and no personal data, and figures."""

import contextvars
import logging
import secrets
import sys
import time
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REGISTRY = CollectorRegistry()
REQUESTS = Counter("backhaul_requests", "Requests answered", ("route", "method", "status"), registry=REGISTRY)
SECONDS = Histogram("backhaul_request_seconds", "Time to answer a request", ("route",), registry=REGISTRY)

ELSEWHERE = "(no such page)"
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")


def request_id() -> str:
    """The id of the request that is being answered, empty outside of one."""
    return _request_id.get()


def configure_logs(*, level: str, form: str | None) -> None:
    """Write every log line as JSON, or as text on a terminal; `form` decides when it is given."""
    plain = form == "text" or (form is None and sys.stderr.isatty())
    renderer: Any = structlog.dev.ConsoleRenderer() if plain else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
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
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


class Observed:
    """Gives each request an id, counts it, and logs one line: method, route, status, milliseconds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = structlog.get_logger("backhaul.web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        _request_id.set(secrets.token_hex(8))
        began, answer = time.perf_counter(), {"status": 500}

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer["status"] = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id()
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._note(scope, status=answer["status"], seconds=time.perf_counter() - began)

    def _note(self, scope: Scope, *, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", ELSEWHERE)
        REQUESTS.labels(route, scope["method"], str(status)).inc()
        SECONDS.labels(route).observe(seconds)
        if route in QUIET:
            return
        shop = (scope.get("path_params") or {}).get("shop")
        self._log.info(
            "request",
            id=request_id(),
            method=scope["method"],
            route=route,
            shop=shop,
            status=status,
            ms=round(seconds * 1000, 1),
        )
