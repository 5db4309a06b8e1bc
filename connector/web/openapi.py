"""The API describes itself: OpenAPI 3.1, made of routes, their docstrings and the models of what they take and give."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from msgspec import Struct, field
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from connector.web import api_answers, api_models, api_records, api_returns, chat, health, photo_upload, quotes
from connector.web.api_answers import Problem
from connector.web.api_doors import KEY_HEADER
from connector.web.json_answer import JSONResponse

Model = type[BaseModel]
Document = dict[str, Any]

REFERENCE = "#/components/schemas/{model}"
JSON = "application/json"
PROBLEM = "application/problem+json"
TOKEN = "conversation"  # noqa: S105  the name of a kind of token
PROGRAM = "token"
AUTO = frozenset({"HEAD"})
"""What Starlette adds to every route that reads."""
OF_A_BODY = (400, 408, 413, 422)
OF_A_SHOP = (404, 503)
OF_A_PROGRAM = (401, 403, 404, 422, 429, 503)
OF_A_POST = (*OF_A_PROGRAM, 400, 408, 409, 413, 502)
KEY: Mapping[str, Document] = {KEY_HEADER: {"type": "string", "pattern": "^[!-~]{1,100}$"}}
PAGE: Mapping[str, Document] = {
    "cursor": {"type": "string", "pattern": "^[A-Za-z0-9_-]{0,400}$"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
}
LIMITS = {
    "RateLimit-Limit": "Questions that the token may ask in a minute.",
    "RateLimit-Remaining": "Questions that are left in this minute.",
    "RateLimit-Reset": "Seconds until the minute is over.",
}
"""Headers of every answer to a program."""
SCHEMES = {
    TOKEN: {"type": "http", "scheme": "bearer", "description": "The token of a conversation's first turn."},
    PROGRAM: {"type": "http", "scheme": "bearer", "description": "A token of the shop, made on its dashboard."},
}


class Operation(Struct, frozen=True):
    """What a route of the API takes and gives, besides what its address says; `query` and `headers` hold schemas."""

    answers: Mapping[int, Model]
    refusals: tuple[int, ...] = ()
    body: Model | None = None
    needs_body: bool = True
    body_kind: str = JSON
    query: Mapping[str, Document] = field(default_factory=dict)
    headers: Mapping[str, Document] = field(default_factory=dict)
    token: str | None = None


def _read(model: Model, *, query: Mapping[str, Document] | None = None) -> Operation:
    """What a program reads."""
    return Operation({200: model}, refusals=OF_A_PROGRAM, query=query or {}, token=PROGRAM)


def _done(body: Model, model: Model, *, status: int = 200) -> Operation:
    """What a program does."""
    return Operation({status: model}, refusals=OF_A_POST, body=body, headers=KEY, token=PROGRAM)


OPERATIONS: Mapping[Callable[..., object], Operation] = {
    health.alive: Operation({200: api_answers.Alive}),
    health.ready: Operation({200: api_answers.Ready, 503: api_answers.NotReady}),
    quotes.quote: Operation(
        {200: api_answers.Quote, 422: api_answers.MalformedCase}, refusals=(400, 408, 413, 503), body=api_answers.Case
    ),
    chat.look: Operation({200: api_answers.Look}, refusals=OF_A_SHOP, query={"language": {"type": "string"}}),
    chat.begin: Operation(
        {201: api_answers.FirstTurn}, refusals=(*OF_A_BODY, *OF_A_SHOP, 409), body=chat.Start, needs_body=False
    ),
    chat.talk: Operation(
        {200: api_answers.Turn}, refusals=(*OF_A_BODY, *OF_A_SHOP, 409), body=chat.Message, token=TOKEN
    ),
    chat.read: Operation(
        {200: api_answers.Transcript},
        refusals=(422, *OF_A_SHOP),
        query={"after": {"type": "string", "pattern": "^[0-9]{1,9}$"}},
        token=TOKEN,
    ),
    chat.photos: Operation(
        {200: api_answers.Turn},
        refusals=(*OF_A_BODY, *OF_A_SHOP, 409, 415),
        body=photo_upload.Photos,
        body_kind=photo_upload.MULTIPART,
        token=TOKEN,
    ),
    api_records.list_orders_endpoint: _read(api_models.OrderPage, query=PAGE),
    api_records.get_order_endpoint: _read(api_models.Order),
    api_records.make_quote_endpoint: _done(api_models.NewQuote, api_models.KeptQuote, status=201),
    api_records.get_quote_endpoint: _read(api_models.KeptQuote),
    api_records.list_events_endpoint: _read(api_models.EventPage, query=PAGE),
    api_records.get_policy_endpoint: _read(api_models.Policy),
    api_returns.list_returns_endpoint: _read(api_models.ReturnPage, query=PAGE),
    api_returns.get_return_endpoint: _read(api_models.Return),
    api_returns.open_one_endpoint: _done(api_models.NewReturn, api_models.Return, status=201),
    api_returns.ACTS["approve"]: _done(api_models.Reason, api_models.Return),
    api_returns.ACTS["decline"]: _done(api_models.NeededReason, api_models.Return),
    api_returns.ACTS["cancel"]: _done(api_models.Reason, api_models.Return),
    api_returns.ACTS["grade"]: _done(api_models.Inspected, api_models.Graded),
    api_returns.ACTS["receive"]: _done(api_models.Arrived, api_models.Return),
    api_returns.ACTS["label"]: _done(api_models.GivenLabel, api_models.Return),
    api_returns.ACTS["settle"]: _done(api_models.Settled, api_models.Return),
}
"""Every route of the API, by what answers it."""


def described(routes: Iterable[BaseRoute]) -> Document:
    """The OpenAPI document of those routes that have an operation."""
    named = [route for route in routes if isinstance(route, Route) and route.endpoint in OPERATIONS]
    paths: dict[str, Document] = {}
    for route in named:
        for method in sorted((route.methods or frozenset()) - AUTO):
            paths.setdefault(route.path, {})[method.lower()] = _operation(route, OPERATIONS[route.endpoint])
    models = {model for operation in OPERATIONS.values() for model in _models(operation)}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, schemas = models_json_schema([(model, "validation") for model in ordered], ref_template=REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Backhaul", "version": version("backhaul")},
        "paths": paths,
        "components": {"schemas": schemas["$defs"], "securitySchemes": SCHEMES},
    }


async def description(_: Request) -> Response:
    """200 with the description of the API."""
    return JSONResponse(document())


@cache
def document() -> Document:
    """The whole description."""
    return described((*health.routes, *quotes.routes, *api_records.routes, *api_returns.routes, *chat.routes))


def _operation(route: Route, operation: Operation) -> Document:
    """An operation object; its words are the endpoint's own docstring."""
    found: Document = {"operationId": route.name, "summary": (route.endpoint.__doc__ or "").partition("\n")[0]}
    parameters = [_parameter("path", name, {"type": "string"}) for name in route.param_convertors]
    parameters += [_parameter("query", name, schema) for name, schema in operation.query.items()]
    parameters += [_parameter("header", name, schema) for name, schema in operation.headers.items()]
    if parameters:
        found["parameters"] = parameters
    if operation.body is not None:
        found["requestBody"] = {
            "required": operation.needs_body,
            "content": _content(operation.body, operation.body_kind),
        }
    if operation.token is not None:
        found["security"] = [{operation.token: []}]
    answers: dict[int, Model] = {**dict.fromkeys(operation.refusals, Problem), **operation.answers}
    headers = {"headers": _limits()} if operation.token == PROGRAM else {}
    found["responses"] = {
        str(status): {"description": HTTPStatus(status).phrase, "content": _content(model), **headers}
        for status, model in sorted(answers.items())
    }
    return found


def _parameter(where: str, name: str, schema: Document) -> Document:
    return {"in": where, "name": name, "required": where != "query", "schema": schema}


def _limits() -> Document:
    return {name: {"description": says, "schema": {"type": "string"}} for name, says in LIMITS.items()}


def _content(model: Model, kind: str = JSON) -> Document:
    return {
        PROBLEM if issubclass(model, Problem) else kind: {"schema": {"$ref": REFERENCE.format(model=model.__name__)}}
    }


def _models(operation: Operation) -> tuple[Model, ...]:
    asked = (operation.body,) if operation.body else ()
    return (*asked, *operation.answers.values(), Problem)


routes = [Route("/api/openapi.json", description)]
