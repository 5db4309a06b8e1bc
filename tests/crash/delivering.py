"""A platform on a busy day: several connections, each delivers again and again as soon as it is answered."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import cast

import uvloop

from tests.parcel_platform import signed

BODY = b'{"orders": [], "note": "' + b"x" * 10_000 + b'"}'
SIGNED = "".join(f"{name}: {value}\r\n" for name, value in signed(BODY, identity=None).items())


@dataclass
class Day:
    """What was delivered: the names of what was answered with 200, and how long each answer took, in seconds."""

    accepted: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


class Connection(asyncio.Protocol):
    """One connection: the next delivery goes out when the last one is answered."""

    def __init__(self, day: Day, *, path: str, name: str, over: asyncio.Event) -> None:
        self._day, self._name, self._over = day, name, over
        self._n, self._began, self._answer = 0, 0.0, b""
        lines = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(BODY)}\r\n{SIGNED}X-Id: "
        self._head = lines.encode("latin-1")
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._deliver()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if b"\r\n\r\n" not in self._answer:
            return
        if self._answer.startswith(b"HTTP/1.1 200"):
            self._day.accepted.append(f"{self._name}-{self._n}")
            self._day.seconds.append(time.perf_counter() - self._began)
        self._n, self._answer = self._n + 1, b""
        if self._over.is_set():
            self._transport.close()
        else:
            self._deliver()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.closed.done():
            self.closed.set_result(None)

    def _deliver(self) -> None:
        self._began = time.perf_counter()
        self._transport.writelines((self._head, f"{self._name}-{self._n}\r\n\r\n".encode(), BODY))


def deliver(port: int, path: str, *, connections: int, seconds: float, label: str = "d") -> Day:
    """Deliver for some seconds, or until the server is gone."""
    return uvloop.run(_deliver(port, path, connections=connections, seconds=seconds, label=label))


async def _deliver(port: int, path: str, *, connections: int, seconds: float, label: str) -> Day:
    loop, day, over = asyncio.get_running_loop(), Day(), asyncio.Event()
    made = [
        await loop.create_connection(
            lambda n=n: Connection(day, path=path, name=f"{label}-{n}", over=over), "127.0.0.1", port
        )
        for n in range(connections)
    ]
    closed = [protocol.closed for _, protocol in made]
    _, still_open = await asyncio.wait(closed, timeout=seconds)
    over.set()
    if still_open:
        await asyncio.wait(still_open, timeout=5)
    return day
