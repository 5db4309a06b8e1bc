"""A shopper's turn over HTTP: one shopper, and sixteen at once, one process, the store channel on SQLite.

Sixteen who answer the moment they are answered ask for all that the process can do; people take a while to read.
"""

import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

from benchmarks.measuring import Figure
from benchmarks.serving import Visitor, cpu_seconds, demo_server
from connector.demo.order_book import orders

TALKS = 30
SHOPPERS = 16
AT_ONCE = 600
"""Talks of sixteen who never pause: some seconds, so that a process that has just begun tells as much as it should."""
READING_SECONDS = 1.0
PLACE = "/shops/demo/chat"
ORDERS = cycle(orders(datetime.now(UTC)))


def figures() -> list[Figure]:
    """Milliseconds from the question to the whole answer, and what of them the server works."""
    with demo_server() as server:
        _talk(server.address)
        before = cpu_seconds(server.pid)
        single = sorted(one for _ in range(TALKS) for one in _talk(server.address))
        used = (cpu_seconds(server.pid) - before) / len(single)
        with ThreadPoolExecutor(SHOPPERS) as shoppers:
            many = sorted(one for talk in shoppers.map(_talk, [server.address] * AT_ONCE) for one in talk)
            reading = sorted(one for talk in shoppers.map(_unhurried, [server.address] * SHOPPERS * 4) for one in talk)
    return [
        Figure("a turn, one shopper, p50", f"{statistics.median(single) * 1000:.1f} ms", aim="at most 3 ms"),
        Figure("a turn, one shopper, p95", f"{_at(single, 0.95) * 1000:.1f} ms"),
        Figure("a turn, one shopper, processor of the server", f"{used * 1000:.1f} ms"),
        Figure("a turn, sixteen shoppers, p50", f"{statistics.median(many) * 1000:.1f} ms"),
        Figure("a turn, sixteen shoppers, p95", f"{_at(many, 0.95) * 1000:.1f} ms", aim="at most 25 ms"),
        Figure("a turn, sixteen shoppers who read for a second, p50", f"{statistics.median(reading) * 1000:.1f} ms"),
        Figure("a turn, sixteen shoppers who read for a second, p95", f"{_at(reading, 0.95) * 1000:.1f} ms"),
    ]


def _unhurried(address: str) -> list[float]:
    """The seconds of each turn of somebody who reads what is answered, and begins at a moment of their own."""
    time.sleep(random.random() * READING_SECONDS)
    return _talk(address, reading_seconds=READING_SECONDS)


def _talk(address: str, *, reading_seconds: float = 0.0) -> list[float]:
    """The seconds of each turn of a conversation."""
    order = next(ORDERS)
    with Visitor(address) as shopper:
        begun = shopper.post(PLACE, {}, token="")
        seconds = []
        for text in _texts(order):
            time.sleep(reading_seconds)
            start = time.perf_counter()
            shopper.post(f"{PLACE}/{begun['conversation']}", {"text": text}, token=begun["token"])
            seconds.append(time.perf_counter() - start)
    return seconds


def _texts(order: dict[str, Any]) -> tuple[str, ...]:
    """What is said, without the look-up itself: its answer is padded on purpose."""
    return (
        "I want to return something",
        order["number"],
        "what are the rules?",
        "my jacket is too small",
        "talk to a person",
    )


def _at(values: list[float], share: float) -> float:
    return values[int(share * (len(values) - 1))]
