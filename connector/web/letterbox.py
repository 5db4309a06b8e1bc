"""Where platforms deliver to: authentic bytes are committed, then answered with 200, and read afterwards.

It stands before everything else that the server does with a request, because a sale day comes in here.
"""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.application import Application
from connector.services import take_deliveries
from connector.services.take_deliveries import Arrival
from connector.storage import address_store, shop_store
from connector.storage.shop_store import Shop
from connector.web import figures
from connector.web.errors import WORDS, problem
from webhooks.delivery import Platform
from webhooks.errors import NotAuthentic
from webhooks.shopify import said

T = TypeVar("T")

APP_SLUG = "@"
"""No shop's short name begins so."""

PLACE = re.compile(r"/shops/([a-z0-9-]{1,40})/webhooks/([a-z0-9_-]{1,40})")
APP_PLACE = "/webhooks/shopify"
"""Shopify delivers for all shops of an app to one address; the shop's domain stands in a header."""
APP_CHANNEL = "shopify"
ROUTE = "/shops/{shop}/webhooks/{channel}"
LARGEST = 2 * 1024 * 1024
"""In bytes; an order of a thousand lines has about half of it."""
BODY_SECONDS = 30.0
LARGEST_GROUP = 128
REMEMBERED_SECONDS = 5.0
MOST_REMEMBERED = 10_000
OK = 200
REFUSAL_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
TAKEN: tuple[Message, Message] = (
    {"type": "http.response.start", "status": OK, "headers": [(b"content-length", b"0")]},
    {"type": "http.response.body", "body": b""},
)


@dataclass(frozen=True, slots=True)
class Source:
    """A connection that may deliver: how it is read, and which secrets sign; `shop` is None where nobody knows it."""

    shop: Shop | None
    channel: str
    platform: Platform
    secrets: tuple[str, ...] = field(repr=False)


class Letterbox:
    """Answers platforms; every other request goes on to the application."""

    def __init__(self, app: ASGIApp, *, application: Application) -> None:
        self._app = app
        self._application = application
        self._known: dict[tuple[str, str], tuple[float, Source | None]] = {}
        self._groups: Groups[Arrival] = Groups(partial(take_deliveries.keep, application))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        place = _place_of(scope) if scope["type"] == "http" else None
        if place is None:
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = await self._taken(scope, receive, place=place)
        if status == OK:
            for message in TAKEN:
                await send(message)
        else:
            await _refuse(scope, receive, send, status=status)
        figures.count(ROUTE, scope["method"], status=status, seconds=time.perf_counter() - began)

    async def _taken(self, scope: Scope, receive: Receive, *, place: tuple[str, str]) -> int:
        """The status of the answer; 200 only after the commit."""
        if scope["method"] != "POST":
            return 405
        try:
            source = await self._source(place)
            if source is None:
                return 404
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(scope, receive)
            return await self._kept(scope, source=source, body=body)
        except TimeoutError:
            return 408
        except SQLAlchemyError:
            return 503

    async def _kept(self, scope: Scope, *, source: Source, body: bytes | int) -> int:
        if isinstance(body, int):
            return body
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            delivery = source.platform.verify(headers, body, secrets=source.secrets)
        except NotAuthentic:
            return 401
        if delivery is not None and source.shop is not None:
            await self._groups.put(Arrival(shop=source.shop, channel=source.channel, delivery=delivery))
        return OK

    async def _source(self, place: tuple[str, str]) -> Source | None:
        """The connection of an address, remembered for a few seconds."""
        known = self._known.get(place)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        found = await asyncio.to_thread(self._found, *place)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[place] = (time.monotonic() + REMEMBERED_SECONDS, found)
        return found

    def _found(self, slug: str, channel: str) -> Source | None:
        platform = self._application.platforms(channel)
        with self._application.database.ask_install() as connection:
            if slug.startswith(APP_SLUG):
                shop = address_store.shop_at(connection, channel, slug.removeprefix(APP_SLUG))
                app = self._application.settings.shopify
                return None if app is None or platform is None else Source(shop, channel, platform, app.secrets)
            shop = shop_store.find(connection, slug)
        if shop is None or platform is None:
            return None
        secrets = take_deliveries.secrets_of(self._application, shop, channel=channel)
        return Source(shop=shop, channel=channel, platform=platform, secrets=secrets)


def _place_of(scope: Scope) -> tuple[str, str] | None:
    """The shop and the channel that a request delivers to; a shop's address where the app is delivered to."""
    found = PLACE.fullmatch(scope["path"])
    if found is not None:
        return found[1], found[2]
    if scope["path"] != APP_PLACE:
        return None
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return f"{APP_SLUG}https://{said(headers, 'shop-domain')}", APP_CHANNEL


class Groups(Generic[T]):
    """Commits in groups: while one is being committed the next one gathers."""

    def __init__(self, commit: Callable[[Sequence[T]], Future[None]]) -> None:
        self._commit = commit
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._at_work: asyncio.Task[None] | None = None

    async def put(self, one: T) -> None:
        """Return once it is committed; raises what the commit of its group raised."""
        committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, committed))
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._work())
        await committed

    async def _work(self) -> None:
        try:
            while group := self._waiting[:LARGEST_GROUP]:
                del self._waiting[: len(group)]
                done = asyncio.wrap_future(self._commit([one for one, _ in group]))
                await asyncio.wait([done])
                _tell([committed for _, committed in group], done.exception())
        finally:
            self._at_work = None


def _tell(waiting: Sequence["asyncio.Future[None]"], error: BaseException | None) -> None:
    for committed in waiting:
        if committed.done():
            continue
        if error is None:
            committed.set_result(None)
        else:
            committed.set_exception(error)


async def _body(scope: Scope, receive: Receive) -> bytes | int:
    """The whole body, or the status of the refusal of one that is too large or cut short."""
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if declared.isdigit() and int(declared) > LARGEST:
        return 413
    body, is_more = b"", True
    while is_more:
        message = await receive()
        if message["type"] != "http.request":
            return 400
        body += message.get("body", b"")
        is_more = message.get("more_body", False)
        if len(body) > LARGEST:
            return 413
    return body


CODES = {401: "not_authentic", 408: "too_slow", 413: "too_large", 405: "method_not_allowed"}


async def _refuse(scope: Scope, receive: Receive, send: Send, *, status: int) -> None:
    headers = REFUSAL_HEADERS | ({"Allow": "POST"} if status == 405 else {})
    detail = "No secret of this connection signed that." if status == 401 else WORDS[status]
    answer = problem(status, code=CODES.get(status, ""), detail=detail, extra={}, headers=headers)
    await answer(scope, receive, send)
