"""The assistant over HTTP, as the contract says: begin, say, read the transcript. Bearer tokens, no cookies."""

import re
import secrets
from typing import Annotated, Any

from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.one_by_one import Pending
from connector.services import converse, widget_look
from connector.services.converse import Heard, Talk
from connector.services.errors import InvalidInput, NotFound
from connector.services.quote_return import Document
from connector.web.doors import application_of, came_by, client_address, read_json, run, run_saved, run_short, shop_of
from connector.web.json_answer import JSONResponse
from connector.web.photo_upload import read_upload
from connector.web.talk_cards import shown

CREATED = 201
LONGEST_TEXT = 4000
BEARER = "bearer "
KEPT_BRIEFLY = "public, max-age=300"

Word = Annotated[str, Field(min_length=1, max_length=200)]
ID = re.compile(r"[ -~]{1,200}")
Id = Annotated[str, Field(pattern=rf"^{ID.pattern}$")]
"""Printable ASCII, so that every database keeps it."""


class Start(BaseModel):
    """The body that begins a conversation; all of it may be left out."""

    model_config = ConfigDict(strict=True)

    language: Word | None = None
    customer: Annotated[str, Field(max_length=4000)] | None = None
    id: Id | None = None


class Message(BaseModel):
    """What a shopper sends: exactly one of words, a choice, or choices."""

    model_config = ConfigDict(strict=True)

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)] | None = None
    choice: Word | None = None
    choices: Annotated[list[Word], Field(max_length=200)] | None = None
    id: Id | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> "Message":
        if sum(one is not None for one in (self.text, self.choice, self.choices)) != 1:
            raise ValueError("say exactly one of text, choice and choices")
        return self

    def heard(self) -> Heard:
        """The message as the use case takes it."""
        picked = (self.choice,) if self.choice is not None else tuple(self.choices or ())
        return Heard(text=self.text, choices=picked, id=self.id)


async def look(request: Request) -> Response:
    """200 with how the widget looks, and its signs in a language; nothing is begun."""
    language = request.query_params.get("language")
    found = await run(
        request, lambda: widget_look.dressed(application_of(request), shop_of(request), language=language)
    )
    return JSONResponse(found, headers={"Cache-Control": KEPT_BRIEFLY})


async def begin(request: Request) -> Response:
    """201 with the first turn, the conversation's name and its token."""
    body = await read_json(request, Start)
    app = application_of(request)
    address = client_address(request, app.settings)
    turn = await run_short(request, lambda: _begun(request, body, address=address))
    return JSONResponse(turn, CREATED)


async def talk(request: Request) -> Response:
    """200 with the turn that answers a message."""
    body = await read_json(request, Message)
    return JSONResponse(await run_short(request, lambda: _turn(request, body.heard())))


async def read(request: Request) -> Response:
    """200 with the turns after the n-th."""
    return JSONResponse(await run(request, lambda: _transcript(request)))


async def photos(request: Request) -> Response:
    """200 with the turn that answers photos of what comes back; kept only where they were asked for."""
    await run(request, lambda: _authorised(request))
    upload = await read_upload(request)
    id_ = upload.fields.get("id")
    if not upload.photos or (id_ is not None and not ID.fullmatch(id_)):
        raise InvalidInput("Send one to four photos, and an id of printable ASCII if any.", at="photo")
    heard = Heard(photos=upload.photos, id=id_)
    return JSONResponse(await run_saved(request, lambda: _turn(request, heard)))


def _begun(request: Request, body: Start, *, address: str) -> Pending[Document]:
    return converse.start_soon(
        application_of(request),
        shop_of(request),
        language=body.language,
        address=address,
        id_=body.id,
        customer=body.customer,
        signed_in=_signed_in(request),
    )


def _turn(request: Request, heard: Heard) -> Pending[Document]:
    """The token is checked where the conversation is read anyway."""
    app, shop, talk = application_of(request), shop_of(request), _talk_of(request)
    turn = converse.say_soon(app, shop, talk=talk, heard=heard)
    return replace(turn, answer=shown(app, shop, turn.answer))


def _talk_of(request: Request) -> Talk:
    address = client_address(request, application_of(request).settings)
    return Talk(_name_of(request), address, token=_token(request), signed_in=_signed_in(request))


def _transcript(request: Request) -> Document:
    conversation_id, after = _authorised(request), request.query_params.get("after", "0")
    if not after.isdecimal() or len(after) > 9:
        raise InvalidInput("after is the number of a turn", at="after")
    app, shop = application_of(request), shop_of(request)
    told = converse.transcript(app, shop, conversation_id=conversation_id, after=int(after))
    turns: Any = told["turns"]
    return {**told, "turns": [shown(app, shop, turn) for turn in turns]}


def _authorised(request: Request) -> str:
    """The conversation of the address, for who holds its token; anything else is the same NotFound."""
    app, shop, conversation_id = application_of(request), shop_of(request), _name_of(request)
    if not converse.is_authorised(app, shop, conversation_id=conversation_id, token=_token(request)):
        raise NotFound("There is no such conversation.")
    return conversation_id


def _signed_in(request: Request) -> str | None:
    """Who is signed in to the shop, where its platform says so."""
    came = came_by(request)
    return None if came is None else came.customer_id


def _token(request: Request) -> str:
    """The token that was given; where none was, one that opens nothing."""
    given = request.headers.get("authorization", "")
    return given[len(BEARER) :].strip() if given.lower().startswith(BEARER) else secrets.token_hex(8)


def _name_of(request: Request) -> str:
    """The conversation of the address; raises NotFound for what cannot be the name of one."""
    conversation_id = str(request.path_params["conversation"])
    if not conversation_id.isascii() or not conversation_id.isprintable():
        raise NotFound("There is no such conversation.")
    return conversation_id


routes = [
    Route("/shops/{shop}/chat", look, methods=["GET"]),
    Route("/shops/{shop}/chat", begin, methods=["POST"]),
    Route("/shops/{shop}/chat/{conversation}", talk, methods=["POST"]),
    Route("/shops/{shop}/chat/{conversation}", read, methods=["GET"]),
    Route("/shops/{shop}/chat/{conversation}/photos", photos, methods=["POST"]),
]
