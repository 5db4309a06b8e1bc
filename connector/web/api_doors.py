"""The doors of programs: a token with its scope, a limit, and for everything that is posted an idempotency key."""

import functools
import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connector.application import Application
from connector.services import api_tokens
from connector.services.errors import InvalidInput, ServiceError
from connector.storage import api_store
from connector.storage.api_store import ApiToken, KeptAnswer
from connector.storage.attempt_store import Window
from connector.storage.database import Unit
from connector.storage.errors import Duplicate, StorageError
from connector.storage.shop_store import Shop
from connector.web.doors import Endpoint, application_of, read_body, run, shop_of, validated
from connector.web.errors import STATUSES, refused
from connector.web.meter import Meter, Reading
from domain.errors import DomainError
from domain.events import Actor

M = TypeVar("M", bound=BaseModel)

BEARER = re.compile(r"Bearer +(\S{1,200})", re.IGNORECASE)
KEY = re.compile(r"[!-~]{1,100}")
KEY_HEADER = "Idempotency-Key"
BAD_REQUEST = 400
SERVERS_FAULT = 500
REFUSALS: tuple[type[Exception], ...] = (*STATUSES, DomainError, ServiceError, StorageError, HTTPException)


class TokenRefused(HTTPException):
    """No token of the shop came with the request."""

    code = "token_refused"
    message = "Send a token of this shop: Authorization: Bearer bh_…"

    def __init__(self) -> None:
        super().__init__(401, headers={"WWW-Authenticate": "Bearer"})


class ScopeMissing(HTTPException):
    """The token is for other things."""

    code = "scope_missing"

    def __init__(self, scope: str) -> None:
        super().__init__(403)
        self.message = f"This token is not for that. It needs the scope '{scope}'."


class TooFast(HTTPException):
    """The token asked more often than it may."""

    code = "rate_limited"
    message = "That was asked too often. Please wait until the limit is reset."

    def __init__(self, seconds: int) -> None:
        super().__init__(429, headers={"Retry-After": str(seconds)})


@dataclass(frozen=True, slots=True)
class Call:
    """A request of a program: `key` is its own for everything that it does, empty where it only reads."""

    app: Application
    shop: Shop
    request: Request
    token: ApiToken
    key: str = ""

    @property
    def actor(self) -> Actor:
        """Who acts, for the history."""
        return Actor(kind="program", name=self.token.name)

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def query(self, name: str) -> str:
        """A part of the query, empty when it is left out."""
        return self.request.query_params.get(name, "")


def reading(act: Callable[[Call], BaseModel], *, scope: str) -> Endpoint:
    """An endpoint that reads."""

    async def answer(request: Request, call: Call) -> Response:
        return await run(request, lambda: _said(act(call), status=200))

    return _limited(answer, act=act, scope=scope)


def writing(act: Callable[[Call, M], BaseModel], *, model: type[M], scope: str, status: int = 200) -> Endpoint:
    """An endpoint that does something once for each idempotency key."""

    async def answer(request: Request, call: Call) -> Response:
        key = _key(request)
        body = await read_body(request)
        asked = validated(body, model)
        question = f"{request.url.path}\n".encode() + body

        def work(once: Call) -> Response:
            return _said(act(once, asked), status=status)

        return await run(request, lambda: _once(call, key, fingerprint=hashlib.sha256(question).hexdigest(), work=work))

    return _limited(answer, act=act, scope=scope)


def _limited(
    answer: Callable[[Request, Call], Awaitable[Response]], *, act: Callable[..., object], scope: str
) -> Endpoint:
    """The answer, a refusal too, with what is left of the token's limit; the endpoint is called like its act."""

    @functools.wraps(act)
    async def endpoint(request: Request) -> Response:
        call, reading = await run(request, lambda: _metered(request))
        try:
            if reading.is_over:
                raise TooFast(reading.resets_in)
            if scope not in call.token.scopes:
                raise ScopeMissing(scope)
            said = await answer(request, call)
        except REFUSALS as refusal:
            said = refused(request, refusal)
        said.headers.update(reading.headers)
        return said

    return endpoint


def _admitted(request: Request) -> Call:
    app, shop = application_of(request), shop_of(request)
    given = BEARER.fullmatch(request.headers.get("authorization", ""))
    token = api_tokens.whose(app, shop, token=given[1]) if given else None
    if token is None:
        raise TokenRefused
    return Call(app=app, shop=shop, request=request, token=token)


def _metered(request: Request) -> tuple[Call, Reading]:
    call = _admitted(request)
    meter: Meter = request.app.state.meter

    def take(several: int) -> Window:
        return api_tokens.take_questions(call.app, call.shop, n=call.token.n, several=several)

    return call, meter.count((call.shop.id, call.token.n), now=call.app.clock(), take=take)


def _key(request: Request) -> str:
    key = request.headers.get(KEY_HEADER, "")
    if not KEY.fullmatch(key):
        raise InvalidInput(f"Send an {KEY_HEADER} of 1 to 100 printable signs with everything you post.", at=KEY_HEADER)
    return key


def _once(call: Call, key: str, *, fingerprint: str, work: Callable[[Call], Response]) -> Response:
    """The answer that was given under the key before, or the answer now, kept unless the fault is ours."""
    known = _known(call, key)
    if known is None:
        made = _worked(replace(call, key=f"api:{call.token.n}:{key}"), work)
        if made.status_code >= SERVERS_FAULT:
            return made
        known = _kept(call, key, answer=KeptAnswer(fingerprint, made.status_code, bytes(made.body).decode()))
    if known.fingerprint != fingerprint:
        raise InvalidInput("Under this key something else was asked before.", at=KEY_HEADER)
    kind = "application/json" if known.status < BAD_REQUEST else "application/problem+json"
    return Response(known.body, known.status, media_type=kind)


def _worked(call: Call, work: Callable[[Call], Response]) -> Response:
    try:
        return work(call)
    except REFUSALS as refusal:
        return refused(call.request, refusal)


def _known(call: Call, key: str) -> KeptAnswer | None:
    with call.app.database.read(call.shop) as unit:
        return api_store.answer_of(unit, key, token_n=call.token.n)


def _kept(call: Call, key: str, *, answer: KeptAnswer) -> KeptAnswer:
    """The answer, or the one that was kept first where two asked at once."""

    def work(unit: Unit) -> None:
        api_store.keep_answer(unit, key, token_n=call.token.n, answer=answer, at=call.app.clock())

    try:
        call.app.database.write(call.shop, work)
    except Duplicate:
        return _known(call, key) or answer
    return answer


def _said(document: BaseModel, *, status: int) -> Response:
    return JSONResponse(document.model_dump(mode="json", by_alias=True), status)
