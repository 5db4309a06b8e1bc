"""The quote over HTTP, without a shop: the same case and answer as on the command line."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.services.answer_case import answer_case, explain_case
from connector.web.doors import application_of, read_body, run
from connector.web.errors import problem
from connector.web.json_answer import JSONResponse

LARGEST_CASE = 16 * 1024 * 1024
"""In bytes: more than a case of 10,000 lines has."""
UNPROCESSABLE = 422


async def quote(request: Request) -> Response:
    """200 with the quote, with its proof where that is asked for; 422 with what is malformed and where."""
    body = await read_body(request, limit=LARGEST_CASE)
    outside = application_of(request).outside
    answer = explain_case if request.query_params.get("explain") == "1" else answer_case
    return await run(request, lambda: _said(answer(body, outside)))


def _said(said: Mapping[str, object]) -> Response:
    error = said.get("error")
    if isinstance(error, dict):
        return problem(UNPROCESSABLE, code=error["code"], detail=error["message"], extra={"error": error})
    return JSONResponse(said)


routes = [Route("/api/v1/quote", quote, methods=["POST"])]
