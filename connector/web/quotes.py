"""The quote over HTTP, without a shop: the same case and answer as on the command line."""

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.web.doors import application_of, read_body, run
from connector.web.errors import BadRequest
from domain.case import read_case
from domain.errors import DomainError, Malformed
from domain.outside import Outside
from domain.quote import assess

LARGEST_CASE = 16 * 1024 * 1024
"""Enough for 10,000 lines."""


async def quote(request: Request) -> Response:
    """200 with the quote, 422 with the place of the first fault, 400 for what is not JSON."""
    body = await read_body(request, limit=LARGEST_CASE)
    outside = application_of(request).outside
    return await run(lambda: _answer(body, outside))


def _answer(body: bytes, outside: Outside) -> Response:
    try:
        case = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not JSON.") from error
    try:
        return JSONResponse(assess(read_case(case), outside).document())
    except DomainError as error:
        at = error.at if isinstance(error, Malformed) else None
        problem = {"code": error.code, "message": error.message, "at": at}
        document = {"type": "about:blank", "title": "Unprocessable Content", "status": 422, "error": problem}
        return JSONResponse(document, 422, media_type="application/problem+json")


routes = [Route("/api/v1/quote", quote, methods=["POST"])]
