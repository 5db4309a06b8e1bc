"""The store on a real socket, http or https, with everything that goes wrong between us and it."""

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.recordings import path_of
from tests.simulators.certificate import Certificate
from tests.simulators.woocommerce import plugin, routes
from tests.simulators.woocommerce.answer import Answer, Refused, no_route
from tests.simulators.woocommerce.books import Books, Document
from tests.simulators.woocommerce.keys import Asked, check

OUTAGES = {
    "maintenance": "outage-503-maintenance",
    "database down": "outage-500-database-down",
    "php down": "outage-502-php-down",
    "inactive": "outage-404-woocommerce-inactive",
}


@dataclass(frozen=True)
class SimulatedStore:
    """A running store: where it is, and its books."""

    address: str
    books: Books
    certificate: Certificate | None = None

    @property
    def has_plugin(self) -> bool:
        """Whether our plugin is in it."""
        return bool(self.books.read()["plugin"])

    def goes_wrong(self, what: str, *, at: str = "", times: int = 1) -> None:
        """The next requests whose "METHOD /path" holds `at` meet an outage, "lost answer", "lost request" or "slow"."""
        with self.books.change() as state:
            state["faults"].append({"what": what, "at": at, "times": times})

    def requests(self, method: str) -> list[str]:
        """The addresses that were asked by a method, in their order."""
        return [path for asked, path in self.books.read()["requests"] if asked == method]


@contextmanager
def simulated_store(
    folder: Path, *, https: bool = False, port: int = 0, has_plugin: bool = False
) -> Iterator[SimulatedStore]:
    """A store that keeps its books in the folder, with our plugin in it or without."""
    books = Books(folder / "store.json")
    with books.change() as state:
        state["plugin"] = has_plugin or state["plugin"]
    certificate = Certificate.made(folder) if https else None
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Door, books, is_https=https))
    server.daemon_threads = True
    if certificate is not None:
        server.socket = certificate.server_context().wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    scheme = "https" if https else "http"
    try:
        yield SimulatedStore(f"{scheme}://127.0.0.1:{server.server_address[1]}", books, certificate)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, books: Books, *args: Any, is_https: bool) -> None:
        self._books = books
        self._is_https = is_https
        with suppress(ssl.SSLError, ConnectionError):
            super().__init__(*args)

    def log_message(self, *args: object) -> None:
        """A store says nothing."""

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815  the standard library's names

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        scheme = "https" if self._is_https else "http"
        asked = Asked(
            method=self.headers.get("X-HTTP-Method-Override") or self.command,
            wire=self.command,
            address=f"{scheme}://{self.headers['Host']}{self.path}",
            authorization=self.headers.get("Authorization", ""),
            is_https=self._is_https,
        )
        if self.command in self._books.read()["blocked"]:
            return self._send(Answer("<html>Method not allowed", status=405, headers={"Content-Type": "text/html"}))
        fault = self._fault(f"{asked.method} {urlsplit(asked.address).path}")
        if fault == "lost request":
            return self._hang_up()
        if fault == "slow":
            time.sleep(1)
        found = _outage(fault) or self._answer(asked, body)
        return self._hang_up() if fault == "lost answer" else self._send(found)

    def _fault(self, what: str) -> str:
        with self._books.change() as state:
            method, _, path = what.partition(" ")
            state["requests"].append([method, path])
            for fault in state["faults"]:
                if fault["times"] and fault["at"] in what:
                    fault["times"] -= 1
                    return str(fault["what"])
        return ""

    def _answer(self, asked: Asked, body: bytes) -> Answer:
        try:
            path = urlsplit(asked.address).path
            if not path.startswith((routes.ROOT, plugin.ROOT)):
                raise no_route()
            check(self._books.read(), asked)
            if path.startswith(plugin.ROOT):
                return plugin.answer(self._books, method=asked.method, path=path, body=_json(body))
            return routes.answer(self._books, asked, _json(body))
        except Refused as refused:
            return refused.answer

    def _send(self, found: Answer) -> None:
        content = found.body.encode() if isinstance(found.body, str) else json.dumps(found.body).encode()
        self.send_response(found.status)
        self.send_header("Content-Length", str(len(content)))
        for name, value in ({"Content-Type": "application/json; charset=UTF-8"} | found.headers).items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(content)

    def _hang_up(self) -> None:
        self.close_connection = True


def _outage(fault: str) -> Answer | None:
    """A recorded outage as it came."""
    if fault == "too many":
        return Answer(
            "<html><title>Too many requests</title></html>", status=429, headers={"Content-Type": "text/html"}
        )
    if fault not in OUTAGES:
        return None
    response = json.loads(path_of("woocommerce", OUTAGES[fault]).read_bytes())["response"]
    kept = {name: value for name, value in response["headers"] if name in ("Content-Type", "Retry-After")}
    return Answer(response["body_text"], status=response["status"], headers=kept)


def _json(body: bytes) -> Document:
    if not body:
        return {}
    try:
        found: Document = json.loads(body)
    except ValueError:
        raise Refused(400, "rest_invalid_json", "Invalid JSON body passed.") from None
    return found
