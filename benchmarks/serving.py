"""A real server on a free port, for benchmarks that ask over HTTP."""

import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

PATIENCE_SECONDS = 240
QUIET = 0.12
"""Of a processor: what a server takes that nobody asks, with room for a slow machine."""


@dataclass(frozen=True, slots=True)
class Server:
    """A demo that is served: its address, its process, and how long it took until it answered."""

    address: str
    pid: int
    seconds_to_answer: float


@contextmanager
def demo_server() -> Iterator[Server]:
    """The demo shop, filled, then started anew."""
    with tempfile.TemporaryDirectory() as folder:
        with _started(Path(folder)):
            pass
        with _started(Path(folder)) as server:
            until_it_is_quiet(server.pid)
            yield server


@contextmanager
def _started(folder: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "connector", "demo", "--port", str(port)]
    environment = {"BACKHAUL_FOLDER": str(folder), "PATH": "/usr/bin:/bin", "BACKHAUL_LOG_LEVEL": "error"}
    start = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            until_it_answers(address)
            yield Server(address, process.pid, seconds_to_answer=time.perf_counter() - start)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def until_it_answers(address: str) -> None:
    """Wait until a server is ready; raises TimeoutError."""
    end = time.perf_counter() + PATIENCE_SECONDS
    with httpx.Client(base_url=address) as client:
        while time.perf_counter() < end:
            try:
                if client.get("/readyz").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
    raise TimeoutError("the server does not answer")


def until_it_is_quiet(pid: int) -> None:
    """Wait until a server has carried out what was left for it to do; raises TimeoutError."""
    end = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < end:
        before = cpu_seconds(pid)
        time.sleep(1)
        if cpu_seconds(pid) - before < QUIET:
            return
    raise TimeoutError("the server does not come to rest")


HEAD_ENDS = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
LARGEST_PIECE = 65536


class Visitor:
    """A plain client that sends all in one piece, as Chromium sends what is short, and does little with the answer.

    The server is measured and not its visitors: sixteen of them in one process wait for each other's Python too.
    """

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self._socket = socket.create_connection((place.hostname, place.port), timeout=PATIENCE_SECONDS)

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def post(self, path: str, document: Mapping[str, object], *, token: str, **headers: str) -> dict[str, Any]:
        """What is answered; raises RuntimeError for a refusal."""
        body = json.dumps(document).encode()
        lines = {
            "Host": "127.0.0.1",
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "Content-Length": str(len(body)),
            **headers,
        }
        head = [f"POST {path} HTTP/1.1", *(f"{name.replace('_', '-')}: {value}" for name, value in lines.items())]
        self._socket.sendall("\r\n".join([*head, "", ""]).encode() + body)
        status, said = self._answer()
        if status not in (200, 201):
            raise RuntimeError(f"{status}: {said!r}")
        return dict(json.loads(said))

    def _answer(self) -> tuple[int, bytes]:
        """The status and the body of an answer that says its length, as all do that are asked for here."""
        received = b""
        while (end := received.find(HEAD_ENDS)) < 0:
            received += self._more()
        length = LENGTH.search(received, 0, end)
        if length is None:
            raise RuntimeError(f"an answer of no length: {received[:end]!r}")
        whole = end + len(HEAD_ENDS) + int(length[1])
        while len(received) < whole:
            received += self._more()
        return int(received.split(b" ", 2)[1]), received[end + len(HEAD_ENDS) :]

    def _more(self) -> bytes:
        more = self._socket.recv(LARGEST_PIECE)
        if not more:
            raise RuntimeError("the server has closed the connection")
        return more


def resident_megabytes(pid: int) -> float:
    """How much memory a process holds now."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else float("nan")


def cpu_seconds(pid: int) -> float:
    """How much processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
