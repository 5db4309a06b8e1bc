"""The API for people who write programs: a page made of the description that programs read."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.web.openapi import document
from connector.web.rendering import render

Document = Mapping[str, Any]

GROUPS = (
    ("Orders, quotes, events, policy", ("/orders", "/quotes", "/events", "/policy")),
    ("Returns", ("/returns",)),
)
HOME = "/api/v1/shops/{shop}"
ELSEWHERE = "Without a token of the shop"


class Field(Struct, frozen=True):
    """A field of a model or a part of a request, as people read it."""

    name: str
    kind: str
    is_needed: bool


class Shown(Struct, frozen=True):
    """An operation as people read it; `fields` are those of its body, `answers` are its statuses and models."""

    id: str
    method: str
    path: str
    summary: str
    query: tuple[Field, ...]
    body: str
    answer: str
    statuses: tuple[str, ...]


class Model(Struct, frozen=True):
    """A model with its fields."""

    name: str
    says: str
    fields: tuple[Field, ...]


async def page(request: Request) -> Response:
    """200 with all operations and models on one page."""
    found = document()
    context = {"groups": _groups(found), "models": tuple(_models(found)), "shop": None}
    return render(request, "api.html", context)


def _groups(found: Document) -> list[tuple[str, list[Shown]]]:
    operations = [_shown(path, method, one) for path, ways in found["paths"].items() for method, one in ways.items()]
    groups = [(title, [one for one in operations if _is_under(one, parts)]) for title, parts in GROUPS]
    rest = [one for one in operations if not one.path.startswith(HOME)]
    return [*groups, (ELSEWHERE, rest)]


def _is_under(one: Shown, parts: tuple[str, ...]) -> bool:
    return any(one.path.startswith(HOME + part) for part in parts)


def _shown(path: str, method: str, operation: Document) -> Shown:
    answers = operation["responses"]
    good = next((answer for status, answer in answers.items() if status < "300"), None)
    return Shown(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        query=tuple(
            Field(one["name"], kind=_kind(one["schema"]), is_needed=one["required"])
            for one in operation.get("parameters", ())
            if one["in"] != "path"
        ),
        body=_model_of(operation.get("requestBody")),
        answer=_model_of(good),
        statuses=tuple(answers),
    )


def _model_of(part: Document | None) -> str:
    if part is None:
        return ""
    schema = next(iter(part["content"].values()))["schema"]
    return str(schema["$ref"]).rpartition("/")[2]


def _models(found: Document) -> Iterator[Model]:
    for name, schema in sorted(found["components"]["schemas"].items()):
        needed = set(schema.get("required", ()))
        fields = tuple(
            Field(field, kind=_kind(one), is_needed=field in needed)
            for field, one in schema.get("properties", {}).items()
        )
        yield Model(name=name, says=schema.get("description", ""), fields=fields)


def _kind(schema: Document) -> str:
    """What a value is, in words; several possibilities are told one after the other."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema.get("format") or schema.get("type", "any"))


routes = [Route("/api", page, methods=["GET"])]
