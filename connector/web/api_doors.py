"""The doors of programs: a token with its scope, a limit, and for everything that is posted an idempotency key."""

import functools
import hashlib
import re
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from connector.application import Application
from connector.services import api_tokens
from connector.services.errors import InvalidInput, NotFound, ServiceError
from connector.storage import api_store
from connector.storage.api_store import ApiToken, KeptAnswer
from connector.storage.attempt_store import Window
from connector.storage.database import Unit
from connector.storage.errors import Duplicate, StorageError
from connector.storage.shop_store import Shop
from connector.web.doors import NO_SHOP, Endpoint, application_of, read_body, run, validated
from connector.web.errors import STATUSES, BadRequest, refused
from connector.web.json_answer import JSONResponse
from connector.web.meter import Meter, Reading
from domain.errors import DomainError
from domain.events import Actor

M = TypeVar("M", bound=BaseModel)
Body = bytes | BadRequest | HTTPException
"""What was sent, or why it could not be read."""

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


class Call(Struct, frozen=True):
    """A request of a program: `key` is its own for everything that it does, empty where it only reads.

    `answered` is what was answered under that key before.
    """

    app: Application
    shop: Shop
    request: Request
    token: ApiToken
    key: str = ""
    answered: KeptAnswer | None = None

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


class Question(Struct, frozen=True):
    """What a program asks under a key of its own, which `call` carries as ours; `fingerprint` is that of the asking."""

    call: Call
    key: str
    body: bytes
    fingerprint: str


def reading(act: Callable[[Call], BaseModel], *, scope: str) -> Endpoint:
    """An endpoint that reads."""
    return _limited(lambda call, _: _said(act(call), status=200), act=act, scope=scope)


def writing(act: Callable[[Call, M], BaseModel], *, model: type[M], scope: str, status: int = 200) -> Endpoint:
    """An endpoint that does something once for each idempotency key."""

    def answer(call: Call, body: Body) -> Response:
        question = _question(call, body)
        asked = validated(question.body, model)
        return _once(question, lambda: _kept(question, _said(act(question.call, asked), status=status)))

    return _limited(answer, act=act, scope=scope)


def writing_whole(
    act: Callable[[Call, Unit, M], BaseModel], *, model: type[M], scope: str, status: int = 200
) -> Endpoint:
    """An endpoint that does something once for each key, in one unit of work with the answer that it gives."""

    def answer(call: Call, body: Body) -> Response:
        question = _question(call, body)
        asked = validated(question.body, model)

        def work(unit: Unit) -> KeptAnswer:
            return _keep(unit, question, _said(act(question.call, unit, asked), status=status))

        return _once(question, lambda: call.app.database.write(call.shop, work))

    return _limited(answer, act=act, scope=scope)


def _limited(answer: Callable[[Call, Body], Response], *, act: Callable[..., object], scope: str) -> Endpoint:
    """The answer, a refusal too, with what is left of the token's limit; the endpoint is called like its act."""

    def answered(request: Request, body: Body) -> Response:
        call, reading = _metered(request)
        try:
            if reading.is_over:
                raise TooFast(reading.resets_in)
            if scope not in call.token.scopes:
                raise ScopeMissing(scope)
            said = answer(call, body)
        except REFUSALS as refusal:
            said = refused(request, refusal)
        said.headers.update(reading.headers)
        return said

    @functools.wraps(act)
    async def endpoint(request: Request) -> Response:
        body = await _sent(request)
        return await run(request, lambda: answered(request, body))

    return endpoint


async def _sent(request: Request) -> Body:
    """The body, or why there is none: who may not ask at all is told that first."""
    if request.method != "POST":
        return b""
    try:
        return await read_body(request)
    except (BadRequest, HTTPException) as refusal:
        return refusal


def _admitted(request: Request) -> Call:
    app = application_of(request)
    given = BEARER.fullmatch(request.headers.get("authorization", ""))
    slug = str(request.path_params["shop"])
    key = request.headers.get(KEY_HEADER, "")
    found = api_tokens.admitted(app, slug, token=given[1] if given else "", key=key if KEY.fullmatch(key) else "")
    if found.shop is None:
        raise NotFound(NO_SHOP)
    if found.token is None:
        raise TokenRefused
    return Call(app=app, shop=found.shop, request=request, token=found.token, answered=found.answer)


def _metered(request: Request) -> tuple[Call, Reading]:
    call = _admitted(request)
    meter: Meter = request.app.state.meter

    def take(several: int) -> Window:
        return api_tokens.take_questions(call.app, call.shop, n=call.token.n, several=several)

    return call, meter.count((call.shop.id, call.token.n), now=call.app.clock(), take=take)


def _question(call: Call, body: Body) -> Question:
    """What is asked under the key that was sent; raises InvalidInput without one, and why there is no body."""
    key = _key(call.request)
    if isinstance(body, Exception):
        raise body
    asked = f"{call.request.url.path}\n".encode() + body
    own = replace(call, key=f"api:{call.token.n}:{key}")
    return Question(own, key=key, body=body, fingerprint=hashlib.sha256(asked).hexdigest())


def _key(request: Request) -> str:
    key = request.headers.get(KEY_HEADER, "")
    if not KEY.fullmatch(key):
        raise InvalidInput(f"Send an {KEY_HEADER} of 1 to 100 printable signs with everything you post.", at=KEY_HEADER)
    return key


def _once(question: Question, answer: Callable[[], KeptAnswer]) -> Response:
    """The answer that was kept under the key, be it a refusal; a fault of ours is told and not kept."""
    try:
        kept = question.call.answered or answer()
    except REFUSALS as refusal:
        said = refused(question.call.request, refusal)
        if said.status_code >= SERVERS_FAULT:
            return said
        kept = _kept(question, said)
    if kept.fingerprint != question.fingerprint:
        raise InvalidInput("Under this key something else was asked before.", at=KEY_HEADER)
    kind = "application/json" if kept.status < BAD_REQUEST else "application/problem+json"
    return Response(kept.body, kept.status, media_type=kind)


def _known(question: Question) -> KeptAnswer | None:
    """What somebody was answered under the key meanwhile."""
    with question.call.app.database.ask(question.call.shop) as unit:
        return api_store.answer_of(unit, question.key, token_n=question.call.token.n)


def _kept(question: Question, said: Response) -> KeptAnswer:
    """The answer as it was kept, or the one that was kept first where two asked at once."""
    call = question.call
    try:
        return call.app.database.write(call.shop, lambda unit: _keep(unit, question, said))
    except Duplicate:
        return _known(question) or _answer(question, said)


def _keep(unit: Unit, question: Question, said: Response) -> KeptAnswer:
    call, answer = question.call, _answer(question, said)
    api_store.keep_answer(unit, question.key, token_n=call.token.n, answer=answer, at=call.app.clock())
    return answer


def _answer(question: Question, said: Response) -> KeptAnswer:
    return KeptAnswer(question.fingerprint, said.status_code, bytes(said.body).decode())


def _said(document: BaseModel, *, status: int) -> Response:
    return JSONResponse(document.model_dump(mode="json", by_alias=True), status)
