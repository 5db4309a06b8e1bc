"""What a benchmark gives, and how it is shown."""

import hashlib
import hmac
import json
import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

LEAST_ROUND = 0.05
ROUNDS = 5
KEY = b"k" * 32
ONE, OTHER = "the quick brown fox", "the quack brown fix"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: what was measured, the value with its unit, and the aim that it is held against."""

    what: str
    value: str
    aim: str = ""


def machine() -> str:
    """The machine that measures, in a line."""
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def pace() -> list[Figure]:
    """How fast the machine is just now, by what none of our code takes part in; other figures are read beside it."""
    lines = [{"id": n, "title": f"Item {n}", "price": "19.99", "taxes": [0.19]} for n in range(160)]
    order = json.dumps(lines).encode()
    return [
        Figure(f"JSON of {len(order) / 1000:.1f} KB read", f"{_rate(lambda: json.loads(order)):,.0f} a second"),
        Figure("HMAC-SHA256 of it", f"{_rate(lambda: hmac.digest(KEY, order, hashlib.sha256)):,.0f} a second"),
        Figure("rapidfuzz's ratio of two short texts", f"{_rate(lambda: fuzz.ratio(ONE, OTHER)):,.0f} a second"),
        Figure("a loop of a thousand rounds", f"{1e6 / _rate(_loop):,.0f} µs"),
    ]


def _rate(act: Callable[[], object]) -> float:
    """How often a second of processor time, in the best of some rounds."""
    return max(_round(act) for _ in range(ROUNDS))


def _round(act: Callable[[], object]) -> float:
    times, start = 0, time.process_time()
    while time.process_time() - start < LEAST_ROUND:
        for _ in range(100):
            act()
        times += 100
    return times / (time.process_time() - start)


def _loop() -> int:
    return sum(n * n % 7 for n in range(1000))


def shown(theme: str, figures: Iterable[Figure]) -> str:
    """The figures of a theme as a table."""
    rows = list(figures)
    width = max(len(row.what) for row in rows)
    lines = [f"  {row.what:<{width}}  {row.value:>16}  {row.aim}".rstrip() for row in rows]
    return "\n".join([theme, *lines])
