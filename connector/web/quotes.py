"""The quote over HTTP, without a shop: the same case and answer as on the command line."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.services.answer_case import answer_case
from connector.web.doors import application_of, read_body, run
from connector.web.errors import problem
from domain.outside import Outside

LARGEST_CASE = 16 * 1024 * 1024
"""In bytes: more than a case of 10,000 lines has."""
UNPROCESSABLE = 422


async def quote(request: Request) -> Response:
    """200 with the quote, 422 with what is malformed and where."""
    body = await read_body(request, limit=LARGEST_CASE)
    outside = application_of(request).outside
    return await run(request, lambda: _answer(body, outside))


def _answer(body: bytes, outside: Outside) -> Response:
    said = answer_case(body, outside)
    error = said.get("error")
    if isinstance(error, dict):
        return problem(UNPROCESSABLE, code=error["code"], detail=error["message"], extra={"error": error})
    return JSONResponse(said)


routes = [Route("/api/v1/quote", quote, methods=["POST"])]
