"""A store's REST API over HTTP: the only place that talks to it."""

import json
import ssl
from collections.abc import Iterator, Mapping
from types import TracebackType

import httpx
from msgspec import Struct

from adapters.errors import ChannelSlow, Unreadable
from adapters.woocommerce import faults
from adapters.woocommerce.addresses import CheckedTransport
from adapters.woocommerce.auth import Credentials
from adapters.woocommerce.fields import Body

ROOT = "/wp-json/"
API = "/wp-json/wc/v3"
"""Where paths begin that do not name another root of the REST API."""
READ_SECONDS = 6.0
"""A person may be waiting."""
WRITE_SECONDS = 60.0
"""Fact 3: a gateway takes its time; a job waits for it."""
MOST_AT_ONCE = 4
"""A store of the usual size has four workers (10 answers a second in all)."""
A_PAGE = 100
"""Fact 14: more is an error."""
MOST_PAGES = 100
"""Of a list that is wanted whole."""
AGENT = "Backhaul/0.1"

WIRE: Mapping[str, str] = {"GET": "GET", "POST": "POST", "PUT": "POST", "DELETE": "POST"}
"""Fact 35: some hosts let no PUT and no DELETE through, and WordPress takes both as a POST that says what it means."""
POSTED = {"Content-Type": "application/json"}
HEADERS: Mapping[str, Mapping[str, str]] = {
    "GET": {},
    "POST": POSTED,
    "PUT": {**POSTED, "X-HTTP-Method-Override": "PUT"},
    "DELETE": {**POSTED, "X-HTTP-Method-Override": "DELETE"},
}

Query = Mapping[str, str | int]


class Reach(Struct, frozen=True):
    """How far requests may go: `allows_private` lets a store be in the operator's own network."""

    allows_private: bool = False
    tls: ssl.SSLContext | None = None
    read_seconds: float = READ_SECONDS
    write_seconds: float = WRITE_SECONDS


class Page(Struct, frozen=True):
    """A part of a list, and whether it is the last one.

    Fact 14: beyond the last page the totals are 0, so the header that names the next page decides.
    """

    things: list[Body]
    is_last: bool


class StoreClient:
    """Requests to one store; every call may raise ChannelSlow, NotConnected, ChannelRefused or Unreadable."""

    def __init__(self, credentials: Credentials, *, reach: Reach | None = None) -> None:
        self._reach = reach or Reach()
        limits = httpx.Limits(max_connections=MOST_AT_ONCE)
        inner = httpx.HTTPTransport(verify=self._reach.tls or True, limits=limits)
        self._http = httpx.Client(
            base_url=credentials.address,
            auth=credentials.auth(),
            headers={"User-Agent": AGENT, "Accept": "application/json"},
            transport=CheckedTransport(inner, allows_private=self._reach.allows_private),
        )

    def __enter__(self) -> "StoreClient":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def one(self, path: str, query: Query | None = None) -> Body:
        """One thing; raises NoSuchThing."""
        return _object(self._asked("GET", path, query=query).json())

    def listed(self, path: str, query: Query | None = None, *, most_pages: int | None = None) -> Iterator[Body]:
        """The things of a list, page by page: all of them, or those of the first pages where so many are wanted.

        Raises Unreadable where all are wanted and there are too many, since a part would pass for all.
        """
        for number in range(1, (most_pages or MOST_PAGES) + 1):
            page = self.page(path, query, number=number)
            yield from page.things
            if page.is_last:
                return
        if most_pages is None:
            raise Unreadable("The store lists more than can be looked through.")

    def page(self, path: str, query: Query | None = None, *, number: int) -> Page:
        """A page of a list, counted from 1."""
        answer = self._asked("GET", path, query={"per_page": A_PAGE, **(query or {}), "page": number})
        return Page(_objects(answer.json()), is_last="next" not in answer.links)

    def send(self, method: str, path: str, body: Body, *, query: Query | None = None) -> Body:
        """What the store made of a change."""
        return _object(self._asked(method, path, query=query, body=body).json())

    def _asked(self, method: str, path: str, *, query: Query | None = None, body: Body | None = None) -> httpx.Response:
        seconds = self._reach.read_seconds if method == "GET" else self._reach.write_seconds
        timeout = httpx.Timeout(seconds, connect=self._reach.read_seconds, pool=self._reach.read_seconds)
        content = None if body is None else json.dumps(body)
        try:
            answer = self._http.request(
                WIRE[method], _rooted(path), params=query, timeout=timeout, content=content, headers=HEADERS[method]
            )
        except httpx.HTTPError as error:
            raise faults.of_failure(error) from error
        if not answer.is_success:
            raise faults.of_answer(answer)
        if not _is_json(answer):
            raise faults.no_json(answer) if method == "GET" else ChannelSlow("The store's answer could not be read.")
        return answer


def _rooted(path: str) -> str:
    return path if path.startswith(ROOT) else f"{API}{path}"


def _is_json(answer: httpx.Response) -> bool:
    try:
        answer.json()
    except ValueError:
        return False
    return True


def _object(found: object) -> Body:
    if not isinstance(found, dict):
        raise Unreadable("The store answered with something else than an object.")
    return found


def _objects(found: object) -> list[Body]:
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise Unreadable("The store answered with something else than a list.")
    return found
