"""The platform on a real socket.

GET /orders/ID      the order in the normal form
GET /given?key=KEY  what stands under a key: pending, done or declined
POST /given         gives something

Whatever changes an order is reported to the address that was named, as often and as early as `reports` says.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.simulators.payments.books import PENDING, Books, Declined, Given, Trouble

SLOW_SECONDS = 3.0
"""Longer than the channel waits for an answer."""
REPORTS: Mapping[str, tuple[int, int]] = {"before": (1, 0), "after": (0, 1), "twice": (1, 1), "never": (0, 0)}
"""How often a change is reported before and after it is answered; before it is done nothing new can be read."""


@dataclass
class SimulatedPayments:
    """A running platform: where it is, its books, and how it reports what changed."""

    books: Books
    reports: str = "never"
    report: Callable[[str], None] = lambda _: None
    address: str = field(default="")

    def told(self, order_id: str, *, when: int) -> None:
        """Report an order as often as it is to be at this moment: 0 before, 1 after."""
        for _ in range(REPORTS[self.reports][when]):
            self.report(order_id)


@contextmanager
def simulated_payments(*, has_keys: bool = True) -> Iterator[SimulatedPayments]:
    """The platform, for as long as the context lasts."""
    platform = SimulatedPayments(Books(has_keys=has_keys))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Door, platform))
    server.daemon_threads = True
    platform.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, platform: SimulatedPayments, *args: Any) -> None:
        self._platform = platform
        with suppress(ConnectionError):
            super().__init__(*args)

    def log_message(self, *args: object) -> None:
        """A platform says nothing."""

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/given":
            key = parse_qs(asked.query).get("key", [""])[0]
            found = [_told(one) for one in self._platform.books.given if key and one.key == key]
            return self._send(200, {"given": found})
        order = self._platform.books.order(asked.path.removeprefix("/orders/"))
        return self._send(404, {}) if order is None else self._send(200, order)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        trouble = self._platform.books.trouble()
        if trouble.answer in ("429", "503"):
            return self._send(int(trouble.answer), {})
        if trouble.answer == "lost request":
            self.close_connection = True
            return None
        return self._given(asked, trouble)

    def _given(self, asked: Mapping[str, Any], trouble: Trouble) -> None:
        self._platform.told(asked["order_id"], when=0)
        try:
            one = self._platform.books.give(asked, trouble=trouble)
        except Declined as refusal:
            return self._send(422, {"message": str(refusal)})
        self._platform.told(asked["order_id"], when=1)
        if trouble.answer == "lost answer":
            self.close_connection = True
            return None
        if trouble.answer == "slow":
            time.sleep(SLOW_SECONDS)
        return self._send(202 if one.state == PENDING else 200, _told(one))

    def _send(self, status: int, body: Mapping[str, Any]) -> None:
        content = json.dumps(body).encode()
        with suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)


def _told(one: Given) -> dict[str, Any]:
    return {"number": one.number, "kind": one.kind, "amount": one.amount, "at": one.at.isoformat(), "state": one.state}
