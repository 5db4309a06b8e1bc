"""The counter of a busy shop: from a scan to the page with the grade and the money, one process, both databases."""

import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks import busy_shop
from benchmarks.measuring import Figure
from benchmarks.serving import cpu_seconds, resident_megabytes, until_it_answers
from connector.cli.shop import staff_link
from connector.jobs.engine import migrate_engine
from tests.postgres import DURABLE, administer, running_server, url_of
from tests.shops import a_shop

HOME = "/shops/demo/counter"
TIMES = 60
WARM_UP = 5
AIM = "at most 300 ms"
PATIENCE_SECONDS = 60
GRADED = {"step": "check", "outcome-1-1": "received", "grade-1-1": "A", "note-1-1": "", "visit": ""}
BROUGHT = {"step": "check", "grade-1-1": "A", "wish-1": "refund", "reason-1": "", "visit": ""}


def figures() -> list[Figure]:
    """On SQLite, then on PostgreSQL (`fsync=on`)."""
    with tempfile.TemporaryDirectory() as folder:
        rows = _measured("SQLite", Path(folder), f"sqlite:///{folder}/backhaul.db")
    with running_server(DURABLE) as server, tempfile.TemporaryDirectory() as folder:
        if server is None:
            return [*rows, Figure("PostgreSQL", "not installed")]
        administer(server, "CREATE DATABASE counter")
        rows += _measured("PostgreSQL", Path(folder), url_of(server, "counter"))
        administer(server, "DROP DATABASE counter WITH (FORCE)")
    return rows


def _measured(name: str, folder: Path, url: str) -> list[Figure]:
    begun = time.perf_counter()
    with a_shop(folder, url=url) as till:
        migrate_engine(url)
        busy_shop.fill(till)
        till.clock.now = datetime.now(UTC)
        link = staff_link(till.app, till.shop)
    filled = time.perf_counter() - begun
    with _served(folder, url) as (pid, port):
        staff = _Staff(port, link)
        rows = [_figure(f"{name}, {what}, p95", walk, pid=pid) for what, walk in _walks(staff)]
        memory = Figure(f"{name}, memory of the process", f"{resident_megabytes(pid):.0f} MB")
        return [*rows, memory, Figure(f"{name}, filling the shop", f"{filled:.0f} s")]


def _figure(what: str, walk: Callable[[], None], *, pid: int) -> Figure:
    for _ in range(WARM_UP):
        walk()
    taken, before = [], cpu_seconds(pid)
    for _ in range(TIMES):
        start = time.perf_counter()
        walk()
        taken.append((time.perf_counter() - start) * 1000)
    used = (cpu_seconds(pid) - before) / TIMES * 1000
    aside = f"p50 {statistics.median(taken):.0f} ms, {used:.0f} ms of processor"
    return Figure(what, f"{statistics.quantiles(taken, n=20)[18]:.0f} ms", aim=f"{AIM}; {aside}")


def _walks(staff: "_Staff") -> Iterator[tuple[str, Callable[[], None]]]:
    """What is scanned, and what staff do until they see the grade and the money."""
    chosen, expected = random.Random(3), busy_shop.open_returns()
    orders = range(busy_shop.RETURNS + 10, busy_shop.ORDERS)
    yield "a return's number to the graded page", lambda: staff.graded(busy_shop.rma(chosen.choice(expected)), GRADED)
    yield "an order's number to the graded page", lambda: staff.graded(str(10_000 + chosen.choice(orders)), BROUGHT)
    yield "an e-mail address to the list", lambda: staff.listed(f"buyer{chosen.randrange(20_000)}@example.com")
    yield "a product code to the list", lambda: staff.listed(f"SKU-{chosen.randrange(busy_shop.PRODUCTS)}-1")
    yield "the counter's first page", lambda: staff.listed("")


class _Staff:
    """Somebody at the counter; a plain client, so that the server is measured and not its visitor."""

    def __init__(self, port: int, link: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port)
        self._cookie = ""
        _, headers, _ = self._asked("GET", link[link.index("/shops/") :])
        self._cookie = str(headers["set-cookie"]).partition(";")[0]

    def graded(self, text: str, form: dict[str, str]) -> None:
        """Scan, look at the page that it leads to, and say in what condition it is."""
        status, headers, _ = self._asked("GET", f"{HOME}?find={quote(text)}")
        page = headers.get("location") or ""
        _expect(303, status, at=text)
        status, _, _ = self._asked("GET", page)
        _expect(200, status, at=page)
        status, _, body = self._asked("POST", page, urlencode(form))
        _expect(200, status, at=page)
        if b"Confirm and pay" not in body:
            raise RuntimeError(f"{page}: no money was shown")

    def listed(self, text: str) -> None:
        """Scan, and look at what is found."""
        status, headers, _ = self._asked("GET", f"{HOME}?find={quote(text)}" if text else HOME)
        if status == 303:
            status, _, _ = self._asked("GET", headers["location"])
        _expect(200, status, at=text)

    def _asked(self, method: str, path: str, body: str | None = None) -> tuple[int, dict[str, str], bytes]:
        headers = {"Cookie": self._cookie, "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body=body, headers=headers)
        answer = self._connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def _expect(wanted: int, status: int, *, at: str) -> None:
    if status != wanted:
        raise RuntimeError(f"{at}: {status}")


@contextmanager
def _served(folder: Path, url: str) -> Iterator[tuple[int, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {
        "BACKHAUL_FOLDER": str(folder),
        "DATABASE_URL": url,
        "PATH": os.environ["PATH"],
        "BACKHAUL_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "connector", "serve", "--web-only", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT) as process:
        try:
            until_it_answers(f"http://127.0.0.1:{port}")
            yield process.pid, port
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)
