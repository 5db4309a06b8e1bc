"""The API describes itself: OpenAPI 3.1, made of routes, their docstrings and the models of what they take and give."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from connector.web import api_answers, chat, health, quotes
from connector.web.api_answers import Problem

Model = type[BaseModel]
Document = dict[str, Any]

REFERENCE = "#/components/schemas/{model}"
JSON = "application/json"
PROBLEM = "application/problem+json"
TOKEN = "conversation"  # noqa: S105  the name of a kind of token
AUTO = frozenset({"HEAD"})
"""What Starlette adds to every route that reads."""
OF_A_BODY = (400, 408, 413, 422)
OF_A_SHOP = (404, 503)


@dataclass(frozen=True, slots=True)
class Operation:
    """What a route of the API takes and gives, besides what its address says; `query` is the schema of each part."""

    answers: Mapping[int, Model]
    refusals: tuple[int, ...] = ()
    body: Model | None = None
    needs_body: bool = True
    query: Mapping[str, Document] = field(default_factory=dict)
    token: str | None = None


OPERATIONS: Mapping[Callable[..., object], Operation] = {
    health.alive: Operation({200: api_answers.Alive}),
    health.ready: Operation({200: api_answers.Ready, 503: api_answers.NotReady}),
    quotes.quote: Operation(
        {200: api_answers.Quote, 422: api_answers.MalformedCase}, refusals=(400, 408, 413, 503), body=api_answers.Case
    ),
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
    chat.photos: Operation({}, refusals=(422, *OF_A_SHOP), token=TOKEN),
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
    schemes = {TOKEN: {"type": "http", "scheme": "bearer", "description": "The token of a conversation's first turn."}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Backhaul", "version": version("backhaul")},
        "paths": paths,
        "components": {"schemas": schemas["$defs"], "securitySchemes": schemes},
    }


async def description(_: Request) -> Response:
    """200 with the description of the API."""
    return JSONResponse(_document())


@cache
def _document() -> Document:
    return described((*health.routes, *quotes.routes, *chat.routes))


def _operation(route: Route, operation: Operation) -> Document:
    """An operation object; its words are the endpoint's own docstring."""
    found: Document = {"operationId": route.name, "summary": (route.endpoint.__doc__ or "").partition("\n")[0]}
    parameters = [_parameter("path", name, {"type": "string"}) for name in route.param_convertors]
    parameters += [_parameter("query", name, schema) for name, schema in operation.query.items()]
    if parameters:
        found["parameters"] = parameters
    if operation.body is not None:
        found["requestBody"] = {"required": operation.needs_body, "content": _content(operation.body)}
    if operation.token is not None:
        found["security"] = [{operation.token: []}]
    answers: dict[int, Model] = {**dict.fromkeys(operation.refusals, Problem), **operation.answers}
    found["responses"] = {
        str(status): {"description": HTTPStatus(status).phrase, "content": _content(model)}
        for status, model in sorted(answers.items())
    }
    return found


def _parameter(where: str, name: str, schema: Document) -> Document:
    return {"in": where, "name": name, "required": where == "path", "schema": schema}


def _content(model: Model) -> Document:
    kind = PROBLEM if issubclass(model, Problem) else JSON
    return {kind: {"schema": {"$ref": REFERENCE.format(model=model.__name__)}}}


def _models(operation: Operation) -> tuple[Model, ...]:
    asked = (operation.body,) if operation.body else ()
    return (*asked, *operation.answers.values(), Problem)


routes = [Route("/api/openapi.json", description)]
