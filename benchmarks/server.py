"""A server by itself: how soon it answers, and what it holds while nobody asks."""

import time

from benchmarks.measuring import Figure
from benchmarks.serving import cpu_seconds, demo_server, resident_megabytes

QUIET_SECONDS = 10.0


def figures() -> list[Figure]:
    """Start, idle memory and idle processor of web and worker in one process, on SQLite."""
    with demo_server() as server:
        time.sleep(2)
        before = cpu_seconds(server.pid)
        time.sleep(QUIET_SECONDS)
        idle = (cpu_seconds(server.pid) - before) / QUIET_SECONDS
        return [
            Figure("start to first answer", f"{server.seconds_to_answer:.2f} s", aim="under 1.5 s"),
            Figure("idle memory", f"{resident_megabytes(server.pid):.0f} MB", aim="under 120 MB"),
            Figure("idle processor", f"{idle:.1%}"),
        ]
