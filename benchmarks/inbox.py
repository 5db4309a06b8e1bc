"""Deliveries a second, committed before they are answered, beside a bare Starlette route that keeps nothing.

The server on one core, 32 connections from a visitor on another: signed bodies of 10 KB, connections kept alive.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.measuring import Figure
from benchmarks.serving import cpu_seconds, resident_megabytes
from tests.crash.delivering import deliver
from tests.crash.letterbox_process import PLACE
from tests.crash.test_letterbox import until_it_answers
from tests.postgres import DURABLE, administer, running_server, url_of

CONNECTIONS = 32
SECONDS = 4.0
WARM_UP_SECONDS = 1.0
AIM = "a third of bare, at least a fifth"


@dataclass(frozen=True, slots=True)
class Rate:
    """What a server did: deliveries a second, the 99th percentile in milliseconds, processor time of one, memory."""

    a_second: float
    p99_ms: float
    cpu_us: float
    megabytes: float


def figures() -> list[Figure]:
    """The bare route, then the inbox on SQLite (`synchronous=FULL`) and on PostgreSQL (`fsync=on`)."""
    bare = _measured("benchmarks.bare_server", path="/")
    rows = [Figure("bare route, deliveries a second", f"{bare.a_second:,.0f}", aim=_aside(bare))]
    with tempfile.TemporaryDirectory() as folder:
        rows += _beside(bare, "SQLite", folder=folder, url=f"sqlite:///{folder}/backhaul.db")
    with running_server(DURABLE) as server, tempfile.TemporaryDirectory() as folder:
        if server is None:
            return [*rows, Figure("PostgreSQL", "not installed")]
        administer(server, "CREATE DATABASE inbox")
        rows += _beside(bare, "PostgreSQL", folder=folder, url=url_of(server, "inbox"))
        administer(server, "DROP DATABASE inbox WITH (FORCE)")
    return rows


def _beside(bare: Rate, name: str, *, folder: str, url: str) -> list[Figure]:
    found = _measured("tests.crash.letterbox_process", folder, url, path=PLACE)
    return [
        Figure(f"inbox on {name}, deliveries a second", f"{found.a_second:,.0f}", aim=_aside(found)),
        Figure(f"inbox on {name}, of the bare route", f"{found.a_second / bare.a_second:.0%}", aim=AIM),
    ]


def _aside(rate: Rate) -> str:
    return f"p99 {rate.p99_ms:.0f} ms, {rate.cpu_us:.0f} µs of processor each, {rate.megabytes:.0f} MB"


def _measured(module: str, *arguments: str, path: str) -> Rate:
    with _on_one_core(module, *arguments) as (pid, port):
        deliver(port, path, connections=CONNECTIONS, seconds=WARM_UP_SECONDS, label="warm")
        before = cpu_seconds(pid)
        day = deliver(port, path, connections=CONNECTIONS, seconds=SECONDS, label="day")
        used, count = cpu_seconds(pid) - before, len(day.accepted)
        return Rate(
            a_second=count / SECONDS,
            p99_ms=statistics.quantiles(day.seconds, n=100)[98] * 1000,
            cpu_us=used / count * 1_000_000,
            megabytes=resident_megabytes(pid),
        )


@contextmanager
def _on_one_core(module: str, *arguments: str) -> Iterator[tuple[int, int]]:
    """A server that has the first core to itself, as far as the machine lets it; we keep to the others."""
    cores = sorted(os.sched_getaffinity(0))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", module, *arguments, str(port)]
    os.sched_setaffinity(0, cores[:1])
    with subprocess.Popen(command) as process:
        os.sched_setaffinity(0, cores[1:] or cores)
        try:
            until_it_answers(port)
            yield process.pid, port
        finally:
            os.sched_setaffinity(0, cores)
            process.terminate()
