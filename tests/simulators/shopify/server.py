"""The shop on a real socket, with everything that goes wrong between us and it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.simulators.shopify import admin, telling, tokens
from tests.simulators.shopify.books import Books, Document

GRAPHQL = "/admin/api/2026-10/graphql.json"
OAUTH = "/admin/oauth/access_token"
NO_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"
SLOW_SECONDS = 1.0


@dataclass(frozen=True)
class SimulatedShop:
    """A running shop: where it is, and its books."""

    address: str
    books: Books

    def goes_wrong(self, what: str, *, at: str = "", times: int = 1) -> None:
        """The next requests whose operation or path holds `at` meet it.

        "lost answer" (done, and nobody hears), "lost request", "slow" (done late), "throttled", or an HTTP status.
        """
        with self.books.change() as state:
            state["faults"].append({"what": what, "at": at, "times": times})

    def asked(self, operation: str) -> list[Document]:
        """The variables of the requests of an operation, in their order."""
        return [variables for name, variables in self.books.read()["requests"] if name == operation]

    def deliveries(self) -> list[telling.Told]:
        """What the shop has told since it was asked last, each signed and posted once."""
        with self.books.change() as state:
            return telling.posted(state)

    def token(self) -> str:
        """An access token that is good."""
        with self.books.change() as state:
            return str(tokens._pair(state, expires=True)["access_token"])


@contextmanager
def simulated_shop(folder: Path, *, port: int = 0) -> Iterator[SimulatedShop]:
    """A shop that keeps its books in the folder; it opens its door once it knows its schema."""
    books = Books(folder / "shop.json")
    admin.admin()
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Door, books))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield SimulatedShop(f"http://127.0.0.1:{server.server_address[1]}", books)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, books: Books, *args: Any) -> None:
        self._books = books
        with suppress(ConnectionError):
            super().__init__(*args)

    def log_message(self, *args: object) -> None:
        """A shop says nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            asked = json.loads(body)
        except ValueError:
            return self._send(400, {"errors": "Bad Request"})
        name = str(asked.get("operationName") or asked.get("grant_type") or "")
        fault = self._fault(name, asked)
        if fault == "lost request":
            return self._hang_up()
        if fault.isdigit():
            return self._send(int(fault), {"errors": "no"})
        if fault == "slow":
            time.sleep(SLOW_SECONDS)
        status, found = self._throttled() if fault == "throttled" else self._answer(asked)
        return self._hang_up() if fault == "lost answer" else self._send(status, found)

    def _fault(self, name: str, asked: Document) -> str:
        with self._books.change() as state:
            state["requests"].append([name, asked.get("variables") or {}])
            for fault in state["faults"]:
                if fault["times"] and fault["at"] in f"{name} {self.path}":
                    fault["times"] -= 1
                    return str(fault["what"])
        return ""

    def _throttled(self) -> tuple[int, Document]:
        error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
        return 200, {"errors": [error], "extensions": admin.limits.told(self._books.read(), 20, actual=None)}

    def _answer(self, asked: Document) -> tuple[int, Document]:
        if self.path == OAUTH:
            return self._grant(asked)
        if self.path != GRAPHQL:
            return 404, {"errors": "Not Found"}
        if not tokens.is_good(self._books.read(), self.headers.get("X-Shopify-Access-Token", "")):
            return 401, {"errors": NO_TOKEN}
        return 200, admin.answer(self._books, asked)

    def _grant(self, asked: Document) -> tuple[int, Document]:
        try:
            with self._books.change() as state:
                return 200, tokens.granted(state, asked)
        except tokens.NoToken as refused:
            return refused.status, refused.body

    def _send(self, status: int, found: Document) -> None:
        content = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(content)

    def _hang_up(self) -> None:
        self.close_connection = True
