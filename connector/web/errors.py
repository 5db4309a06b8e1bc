"""What a refusal looks like over HTTP: the one table of statuses, as problem+json (RFC 9457) or as a page."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adapters.errors import ChannelError, ChannelSlow
from connector.services import errors as services
from connector.storage import errors as storage
from connector.web.observability import request_id
from connector.web.rendering import render
from domain.errors import DomainError, IllegalStep, Malformed, NotSupported

log = logging.getLogger(__name__)


class NotSignedIn(Exception):
    """A page for staff was asked for by nobody that we know."""


class BadRequest(Exception):
    """A request that cannot be read as what it says it is."""


STATUSES: Mapping[type[Exception], int] = {
    services.NotFound: 404,
    services.InvalidInput: 422,
    services.Refused: 409,
    services.QuoteMoved: 409,
    services.Conflict: 409,
    services.TooManyAttempts: 429,
    storage.Conflict: 409,
    storage.Duplicate: 409,
    storage.NotFound: 404,
    IllegalStep: 409,
    Malformed: 422,
    NotSupported: 422,
    ChannelSlow: 503,
    ChannelError: 502,
    NotSignedIn: 401,
    BadRequest: 400,
}
"""The status of each refusal; a subclass has its own or its base's."""

WORDS: Mapping[int, str] = {
    400: "That could not be read.",
    401: "Please sign in with the link that you were given.",
    403: "That came from somewhere else, so nothing was done.",
    404: "There is nothing here.",
    405: "That is not how this address is used.",
    409: "That is not possible any more.",
    413: "That is too large.",
    415: "That kind of content is not taken here.",
    422: "Something in there is not right.",
    429: "That was tried too often. Please wait a little.",
    500: "Something went wrong on our side. Nothing was lost.",
    502: "The shop's system said no.",
    503: "The shop's system is slow right now. Please try again in a moment.",
}
"""What a page says of a status when the refusal has no words of its own."""

UNREADABLE_FOR_PEOPLE = (storage.StorageError,)


def refused(request: Request, error: Exception) -> Response:
    """The answer to a refusal of any kind."""
    return _answer(request, error, status=_status(error))


def refused_by_server(request: Request, error: Exception) -> Response:
    """The answer to an exception that nobody foresaw: logged with its trace, and nothing of it told."""
    log.error("unforeseen", exc_info=error)
    return _answer(request, error, status=500)


def exception_handlers() -> Mapping[type[Exception], object]:
    """What Starlette calls for each kind of exception."""
    return {
        **dict.fromkeys(STATUSES, refused),
        DomainError: refused,
        services.ServiceError: refused,
        storage.StorageError: refused,
        HTTPException: refused,
        Exception: refused_by_server,
    }


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 409)


def _answer(request: Request, error: Exception, *, status: int) -> Response:
    message = _message(error, status)
    headers = _headers(error)
    if _wants_json(request):
        document = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": message,
            "code": _code(error, status),
            "request_id": request_id(),
            **_extra(error),
        }
        return JSONResponse(document, status, headers, media_type="application/problem+json")
    context = {"status": status, "message": message, "request_id": request_id(), "shop": None}
    return render(request, "error.html", context, status=status, headers=headers)


def _message(error: Exception, status: int) -> str:
    words = getattr(error, "message", "") or (str(error) if isinstance(error, BadRequest) else "")
    if status >= 500 or isinstance(error, UNREADABLE_FOR_PEOPLE) or not words:
        return WORDS.get(status, WORDS[500])
    return str(words)


def _code(error: Exception, status: int) -> str:
    if status == 500:
        return "internal_error"
    return str(getattr(error, "code", HTTPStatus(status).phrase.lower().replace(" ", "_")))


def _extra(error: Exception) -> dict[str, object]:
    found = {name: getattr(error, name) for name in ("at", "allowed", "reasons") if getattr(error, name, None)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _headers(error: Exception) -> dict[str, str]:
    given = dict(getattr(error, "headers", None) or {})
    if isinstance(error, services.TooManyAttempts):
        given["Retry-After"] = str(error.retry_after)
    return given


def _wants_json(request: Request) -> bool:
    path, accept = request.url.path, request.headers.get("accept", "")
    return path.startswith("/api/") or "/chat" in path or ("text/html" not in accept and "application/json" in accept)
