"""What a refusal looks like over HTTP: the one table of statuses, as problem+json (RFC 9457) or as a page."""

import logging
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.errors import ChannelError, ChannelSlow
from connector.services import errors as services
from connector.storage import errors as storage
from connector.web.json_answer import JSONResponse
from connector.web.observability import request_id
from connector.web.pool import Busy
from connector.web.rendering import render
from connector.web.wording import word
from domain.errors import DomainError, IllegalStep, Malformed, NotSupported

log = logging.getLogger(__name__)


class NotSignedIn(Exception):
    """A page for staff was asked for by nobody that we know."""


class ShiftOver(Exception):
    """A page for staff was asked for on a shared device that is locked, at a shop."""

    code = "locked"
    message = "This counter is locked. Type your PIN to go on."

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class BadRequest(Exception):
    """A request that cannot be read as what it says it is."""


STATUSES: Mapping[type[Exception], int] = {
    services.NotFound: 404,
    services.InvalidInput: 422,
    services.Refused: 409,
    services.QuoteMoved: 409,
    services.Conflict: 409,
    services.NotAllowed: 403,
    services.NeedsApproval: 403,
    services.TooManyAttempts: 429,
    storage.Conflict: 409,
    storage.Duplicate: 409,
    storage.NotFound: 404,
    IllegalStep: 409,
    Malformed: 422,
    NotSupported: 422,
    ChannelSlow: 503,
    ChannelError: 502,
    Busy: 503,
    NotSignedIn: 401,
    ShiftOver: 401,
    BadRequest: 400,
}
"""The status of each refusal; a subclass has its own or its base's."""

WORDS: Mapping[int, str] = {
    400: "That could not be read.",
    401: "Please sign in with the link that you were given.",
    403: "That came from somewhere else, so nothing was done.",
    404: "There is nothing here.",
    405: "That is not how this address is used.",
    408: "That took too long to arrive.",
    409: "That is not possible any more.",
    413: "That is too large.",
    415: "That kind of content is not taken here.",
    422: "Something in there is not right.",
    429: "That was tried too often. Please wait a little.",
    500: "Something went wrong on our side. Nothing was lost.",
    502: "The shop's system said no.",
    503: "The shop is slow right now. Please try again in a moment.",
}
"""What a page says of a status when the refusal has no words of its own."""

CODES: Mapping[int, str] = {
    400: "bad_request",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid_input",
    429: "too_many_attempts",
    500: "internal_error",
    502: "channel_refused",
    503: "unavailable",
}
"""What a program is told of a status when the refusal has no code of its own; its words are the title of a problem."""

UNREADABLE_FOR_PEOPLE = (storage.StorageError,)
SPOKEN_TO_BY_PROGRAMS = re.compile(r"/api/.*|/shops/[^/]+/chat(/.*)?")
SPOKEN_TO_BY_EXTENSIONS = re.compile(r"/shopify/(proxy|customer|till)/.*")
"""What runs in a platform's own pages is ours, and not described as an API."""
SERVERS_FAULT = 500
UNAVAILABLE = 503


def refused(request: Request, error: Exception) -> Response:
    """The answer to a refusal of any kind; what is not the asker's fault is logged."""
    status = _status(error)
    if status >= SERVERS_FAULT:
        log.warning("refused", exc_info=error)
    return _answer(request, error, status=status)


def locked(request: Request, error: Exception) -> Response:
    """A locked device asks people for a PIN and then goes on where they were; programs are told."""
    if _wants_json(request) or not isinstance(error, ShiftOver):
        return refused(request, error)
    home = f"/shops/{error.slug}"
    path = request.url.path if request.method == "GET" else f"{home}/counter"
    return RedirectResponse(f"{home}/shift?{urlencode({'next': path})}", status_code=303)


def out_of_reach(request: Request, error: Exception) -> Response:
    """The answer when the database does not answer."""
    log.error("the database does not answer", exc_info=error)
    return _answer(request, HTTPException(UNAVAILABLE), status=UNAVAILABLE)


class Foreseen:
    """Answers an exception that nobody foresaw: it is logged with its trace, and nothing of it is told.

    It stands within all other middleware, so that this answer has its headers and its line in the log like any other.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        has_begun = False

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:
            if has_begun or scope["type"] != "http":
                raise
            log.exception("unforeseen")
            answer = _answer(Request(scope), HTTPException(SERVERS_FAULT), status=SERVERS_FAULT)
            await answer(scope, receive, send)


def problem(
    status: int,
    *,
    code: str,
    detail: str,
    extra: Mapping[str, object],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer to a program (RFC 9457): `code` is stable, `detail` is an English sentence."""
    document = {
        "type": "about:blank",
        "title": CODES.get(status, CODES[SERVERS_FAULT]).replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id(),
        **extra,
    }
    return JSONResponse(document, status, headers, media_type="application/problem+json")


def exception_handlers() -> Mapping[type[Exception], object]:
    """What Starlette calls for each kind of exception."""
    return {
        **dict.fromkeys(STATUSES, refused),
        ShiftOver: locked,
        DomainError: refused,
        services.ServiceError: refused,
        storage.StorageError: refused,
        HTTPException: refused,
        OperationalError: out_of_reach,
        NoConnection: out_of_reach,
    }


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 409)


def _answer(request: Request, error: Exception, *, status: int) -> Response:
    message = _message(error, status)
    headers = _headers(error)
    if _wants_json(request):
        return problem(status, code=_code(error, status), detail=message, extra=_extra(error), headers=headers)
    context = {"status": status, "message": message, "request_id": request_id(), "shop": None}
    return render(request, "error.html", context, status=status, headers=headers)


def _message(error: Exception, status: int) -> str:
    if isinstance(error, IllegalStep):
        return _not_now(error)
    words = getattr(error, "message", "") or (str(error) if isinstance(error, BadRequest) else "")
    if status >= SERVERS_FAULT or isinstance(error, UNREADABLE_FOR_PEOPLE) or not words:
        return WORDS.get(status, WORDS[500])
    return str(words)


def _not_now(error: IllegalStep) -> str:
    """A wrong act in words: how it stands, and what can be done instead."""
    state = word(error.state, "status").lower()
    allowed = [word(act, "life_act").lower() for act in error.allowed]
    instead = f"You can {' or '.join(allowed)}." if allowed else "Nothing has to be done now."
    return f"That is not possible: it stands at “{state}”. {instead}"


def _code(error: Exception, status: int) -> str:
    return str(getattr(error, "code", CODES.get(status, CODES[SERVERS_FAULT])))


def _extra(error: Exception) -> dict[str, object]:
    found = {name: getattr(error, name) for name in ("at", "allowed", "reasons") if getattr(error, name, None)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _headers(error: Exception) -> dict[str, str]:
    given = dict(getattr(error, "headers", None) or {})
    if isinstance(error, services.TooManyAttempts | Busy):
        given["Retry-After"] = str(error.retry_after)
    return given


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    is_api = any(kind.fullmatch(request.url.path) for kind in (SPOKEN_TO_BY_PROGRAMS, SPOKEN_TO_BY_EXTENSIONS))
    return is_api or ("text/html" not in accept and "json" in accept)
