"""What a shopper writes, understood: a message, the longest message, and the lexicons of all languages at the start."""

import json
import statistics
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from benchmarks.measuring import Figure
from bot.understand import understand

SENTENCES = Path(__file__).parents[1] / "tests" / "bot" / "sentences.toml"
ROUNDS = 10
LONGEST = 2000
LOAD = """
import json, time, tracemalloc
from bot.understand import understand
before, start = tracemalloc.get_traced_memory()[0], time.perf_counter()
understand("hello")
print(json.dumps([1000 * (time.perf_counter() - start), (tracemalloc.get_traced_memory()[0] - before) / 2**20]))
"""


def figures() -> list[Figure]:
    """The sentences of the tests, read with and without their language being told."""
    labelled = tomllib.loads(SENTENCES.read_text(encoding="utf-8"))
    texts = [(text, lang) for lang, table in labelled.items() for several in table.values() for text in several]
    told = _milliseconds(texts * ROUNDS)
    found = _milliseconds([(text, None) for text, _ in texts] * ROUNDS)
    longest = _milliseconds([(_long(texts, lang), lang) for lang in labelled] * ROUNDS)
    load, memory = _load()
    return [
        Figure("a message, language told (p50 / p95)", _spread(told), aim="p95 at most 3 ms"),
        Figure("a message, language found (p50 / p95)", _spread(found), aim="p95 at most 3 ms"),
        Figure(f"a message of {LONGEST:,} characters (p50 / p95)", _spread(longest), aim="at most 20 ms"),
        Figure("lexicons of all languages, loaded", f"{load:.0f} ms"),
        Figure("lexicons of all languages, memory", f"{memory:.0f} MB"),
    ]


def _milliseconds(texts: list[tuple[str, str | None]]) -> list[float]:
    """How much processor time each takes, everything loaded: on a free core as long as one waits."""
    for text, language in texts[:: len(texts) // 50 or 1]:
        understand(text, language)
    taken = []
    for text, language in texts:
        start = time.thread_time()
        understand(text, language)
        taken.append(1000 * (time.thread_time() - start))
    return taken


def _spread(taken: list[float]) -> str:
    return f"{statistics.median(taken):.2f} / {statistics.quantiles(taken, n=20)[-1]:.2f} ms"


def _long(texts: list[tuple[str, str | None]], language: str) -> str:
    joined = " ".join(text for text, lang in texts if lang == language)
    return (joined * (1 + LONGEST // len(joined)))[:LONGEST]


def _load() -> tuple[float, float]:
    """Milliseconds and megabytes until the first text is read, each in a process of its own."""
    return _loaded()[0], _loaded("-X", "tracemalloc")[1]


def _loaded(*options: str) -> tuple[float, float]:
    ended = subprocess.run([sys.executable, *options, "-c", LOAD], capture_output=True, check=True)
    milliseconds, megabytes = json.loads(ended.stdout)
    return milliseconds, megabytes
