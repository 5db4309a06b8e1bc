"""A shop's GraphQL Admin API over HTTP: the only place that talks to Shopify."""

import random
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Protocol

import httpx
from msgspec import Struct

from adapters.errors import ChannelError, ChannelSlow, Unreadable
from adapters.shopify import faults
from adapters.shopify.auth import VERSION
from adapters.shopify.bucket import Bucket, read_cost
from adapters.shopify.documents import Document, documents
from adapters.shopify.fields import Body, part, parts, text

PATH = f"/admin/api/{VERSION}/graphql.json"
READ_SECONDS = 6.0
"""A person may be waiting."""
WRITE_SECONDS = 30.0
PATIENCE_SECONDS = 5.0
"""So long a call waits for points before it says that the shop is busy."""
MOST_AT_ONCE = 4
MOST_PAGES = 50
FIRST_GUESS = 100.0
JITTER_SECONDS = 0.1
AGENT = "Backhaul/0.1"


class Tokens(Protocol):
    """A shop's access token; raises NotConnected where there is none and none can be had."""

    def current(self) -> str:
        """The token to send."""

    def renewed(self, refused: str) -> str:
        """The token to send after Shopify refused one; raises TokenRefused when there is no other."""


class Reach(Struct, frozen=True):
    """How requests are made; `sleep` waits for points."""

    tls: ssl.SSLContext | None = None
    read_seconds: float = READ_SECONDS
    write_seconds: float = WRITE_SECONDS
    patience_seconds: float = PATIENCE_SECONDS
    sleep: Callable[[float], None] = time.sleep


class ShopClient:
    """Requests to one shop; every call may raise ChannelSlow, NotConnected, ChannelRefused or Unreadable.

    A refused token is renewed once. What Shopify throttled did nothing and is sent again, a mutation too; a mutation
    that got no answer is never sent again here: faults.Unanswered.
    """

    def __init__(self, address: str, tokens: Tokens, bucket: Bucket, *, reach: Reach | None = None) -> None:
        self._tokens = tokens
        self._bucket = bucket
        self._reach = reach or Reach()
        self._costs: dict[str, float] = {}
        self._http = httpx.Client(
            base_url=address,
            headers={"User-Agent": AGENT, "Accept": "application/json"},
            transport=httpx.HTTPTransport(
                verify=self._reach.tls or True, limits=httpx.Limits(max_connections=MOST_AT_ONCE)
            ),
        )

    def __enter__(self) -> "ShopClient":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, name: str, variables: Body | None = None) -> Body:
        """What Shopify answers to the document of that name: its `data`."""
        return self._answered(documents()[name], variables or {})

    def change(self, name: str, variables: Body) -> Body:
        """What a mutation made: its one payload. Raises faults.ShopRefused for its user errors."""
        data = self._answered(documents()[name], variables)
        payload = next((value for value in data.values() if isinstance(value, dict)), None)
        if payload is None:
            raise Unreadable("Shopify's answer holds no payload.")
        faults.check_user_errors(payload)
        return payload

    def pages(self, name: str, variables: Body, *, of: tuple[str, ...]) -> Iterator[Body]:
        """The nodes of a connection, page by page; `of` names the way to it. Nothing where it leads nowhere."""
        after: str | None = None
        for _ in range(MOST_PAGES):
            found = self.ask(name, {**variables, "after": after})
            for step in of:
                found = part(found, step)
            yield from parts(found, "nodes")
            page = part(found, "pageInfo")
            after = text(page, "endCursor")
            if page.get("hasNextPage") is not True:
                return
        raise Unreadable("Shopify's list does not end.")

    def _answered(self, document: Document, variables: Body) -> Body:
        """Send, and again after waiting while Shopify asks for patience; raises ChannelSlow when it goes on asking."""
        ends = time.monotonic() + self._reach.patience_seconds
        while True:
            taken = self._take(document, ends=ends)
            try:
                return self._sent(document, variables, taken=taken)
            except faults.Throttled:
                pause = JITTER_SECONDS + random.random() * JITTER_SECONDS  # noqa: S311  nothing to guess
                if time.monotonic() + pause > ends:
                    raise
                self._reach.sleep(pause)

    def _take(self, document: Document, *, ends: float) -> float:
        points = self._costs.get(document.name, FIRST_GUESS)
        while wait := self._bucket.take(points):
            pause = wait + random.random() * JITTER_SECONDS  # noqa: S311  nothing to guess
            if time.monotonic() + pause > ends:
                raise faults.Throttled("The shop has used up what Shopify lets it ask for the moment.")
            self._reach.sleep(pause)
        return points

    def _sent(self, document: Document, variables: Body, *, taken: float) -> Body:
        token = self._tokens.current()
        answer = self._posted(document, variables, token=token)
        if answer.status_code == 401:
            answer = self._posted(document, variables, token=self._tokens.renewed(token))
        if not answer.is_success:
            raise faults.of_status(answer, is_mutation=document.is_mutation)
        return self._data(_object(answer, document), document, taken=taken)

    def _data(self, body: Body, document: Document, *, taken: float) -> Body:
        cost = read_cost(body)
        if cost is not None:
            self._costs[document.name] = cost.requested
            self._bucket.tell(cost, taken=taken)
        errors = parts(body, "errors")
        if errors:
            raise faults.of_errors(errors, is_mutation=document.is_mutation)
        return part(body, "data")

    def _posted(self, document: Document, variables: Body, *, token: str) -> httpx.Response:
        seconds = self._reach.write_seconds if document.is_mutation else self._reach.read_seconds
        timeout = httpx.Timeout(seconds, connect=self._reach.read_seconds, pool=self._reach.read_seconds)
        said = {"query": document.text, "operationName": document.operation, "variables": variables}
        try:
            return self._http.post(PATH, json=said, headers={"X-Shopify-Access-Token": token}, timeout=timeout)
        except httpx.HTTPError as error:
            raise faults.of_failure(error, is_mutation=document.is_mutation) from error


class TokenClient:
    """Where tokens come from: an install's app at one shop."""

    def __init__(self, address: str, *, reach: Reach | None = None) -> None:
        self._address = address
        self._reach = reach or Reach()

    def post(self, said: Mapping[str, object]) -> Body:
        """Shopify's answer to a request for a token.

        Raises faults.TokenRefused for what it will never accept, ChannelSlow for what may work later.
        """
        try:
            with httpx.Client(verify=self._reach.tls or True, timeout=self._reach.read_seconds) as http:
                answer = http.post(f"{self._address}/admin/oauth/access_token", json=dict(said), headers=_AS_JSON)
        except httpx.HTTPError as error:
            raise ChannelSlow("Shopify did not answer the request for a token.") from error
        if answer.status_code in (400, 401, 403):
            raise faults.TokenRefused(f"Shopify gives no token ({_oauth_error(answer)}). {faults.REOPEN}")
        if not answer.is_success:
            raise ChannelSlow(f"Shopify gives no token now (HTTP {answer.status_code}).")
        return _object(answer, None)


_AS_JSON = {"Accept": "application/json", "User-Agent": AGENT}


def _object(answer: httpx.Response, document: Document | None) -> Body:
    """The object of a success; one that cannot be read leaves open what a mutation did."""
    try:
        found = answer.json()
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    problem: ChannelError = Unreadable("Shopify's answer is no JSON.")
    raise faults.Unanswered("Shopify's answer could not be read.") if document and document.is_mutation else problem


def _oauth_error(answer: httpx.Response) -> str:
    try:
        found = answer.json()
    except ValueError:
        found = {}
    said = found.get("error") if isinstance(found, dict) else None
    return said if isinstance(said, str) and len(said) < 60 else f"HTTP {answer.status_code}"
