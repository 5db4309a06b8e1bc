"""Quotes a second through the command line, one process, three lines an order, and where the time goes."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.measuring import Figure
from connector.json_text import parsed, written
from connector.real_outside import real_outside
from connector.services.answer_case import answer_case
from domain.case import read_case
from domain.quote import quote_of, work_out

QUOTES = 8000
EXPLAINED = 2000
RUNS = 3
ROUNDS = 1000
MANY_LINES = 10_000
PARCEL = {"quantity": 2, "at": "2026-10-01T08:00:00Z", "delivered_at": "2026-10-05T12:00:00Z"}


def figures() -> list[Figure]:
    """The median of three runs, without the start of the process; then what one quote takes, step by step."""
    return [
        _median("quotes a second (`quote --lines`)", _case(), quotes=QUOTES, aim="at least 2,000"),
        _median("with the proof (`--lines --explain`)", _case(), "--explain", quotes=EXPLAINED),
        *_steps(),
        Figure("an order of 10,000 lines, all returned", f"{_large():.2f} s", aim="at most 5 s"),
    ]


def _median(what: str, case: dict[str, object], *options: str, quotes: int, aim: str = "") -> Figure:
    rates = [_rate(case, options, quotes=quotes) for _ in range(RUNS)]
    return Figure(what, f"{statistics.median(rates):,.0f}", aim=aim)


def _rate(case: dict[str, object], options: tuple[str, ...], *, quotes: int) -> float:
    """From the first answer to the last one."""
    line = json.dumps(case).encode() + b"\n"
    command = [sys.executable, "-m", "connector", "quote", "--lines", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdin.write(line)
        process.stdin.flush()
        process.stdout.readline()
        start = time.perf_counter()
        answers, _ = process.communicate(line * quotes)
        seconds = time.perf_counter() - start
    if answers.count(b"\n") != quotes or b'"error"' in answers:
        raise RuntimeError("not every case was quoted")
    return quotes / seconds


def _steps() -> list[Figure]:
    """What each step of one quote takes, in processor time."""
    outside = real_outside()
    text = json.dumps(_case()).encode()
    document = parsed(text)
    case = read_case(document)
    workings = work_out(case, outside)
    quoted = quote_of(workings).document()
    return [
        Figure("  a case out of JSON", _microseconds(lambda: parsed(text))),
        Figure("  checked and read, field by field", _microseconds(lambda: read_case(document))),
        Figure("  worked out", _microseconds(lambda: work_out(case, outside))),
        Figure("  put together as the contract writes it", _microseconds(lambda: quote_of(workings).document())),
        Figure("  written as JSON", _microseconds(lambda: written(quoted))),
    ]


def _microseconds(step: Callable[[], object]) -> str:
    best = min(_seconds(step) for _ in range(RUNS))
    return f"{best / ROUNDS * 1e6:,.0f} µs"


def _seconds(step: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(ROUNDS):
        step()
    return time.process_time() - start


def _large() -> float:
    """Seconds for one order of many lines."""
    case = _case([_line(f"l{n}", "19.99") for n in range(MANY_LINES)])
    text, outside = json.dumps(case).encode(), real_outside()
    start = time.perf_counter()
    answer_case(text, outside)
    return time.perf_counter() - start


def _case(lines: list[dict[str, object]] | None = None) -> dict[str, object]:
    lines = lines or [_line(name, price) for name, price in (("a", "19.99"), ("b", "35.50"), ("c", "7.25"))]
    return {
        "now": "2026-10-10T12:00:00Z",
        "kind": "return",
        "channel": "online",
        "order": {
            "id": "o1",
            "number": "#1001",
            "channel": "store",
            "currency": "USD",
            "prices_include_tax": False,
            "placed_at": "2026-09-30T10:00:00Z",
            "customer": {"id": "c1", "email": "ann@example.com", "name": "Ann"},
            "ship_to": {"country": "US", "postal_code": "10001"},
            "lines": lines,
            "discounts": [{"amount": "10.00", "title": "TEN"}],
            "shipping": [{"id": "s1", "title": "Standard", "price": "5.00", "tax": "0.00"}],
            "payments": [
                {
                    "id": "p1",
                    "kind": "card",
                    "gateway": "card",
                    "amount": "80.00",
                    "refunded": "0.00",
                    "refundable": True,
                },
                {
                    "id": "p2",
                    "kind": "gift_card",
                    "gateway": "gift",
                    "amount": "46.71",
                    "refunded": "0.00",
                    "refundable": True,
                },
            ],
        },
        "policy": {"timezone": "America/New_York", "days": 30, "restocking_percent": "5"},
        "items": [{"line_id": line["id"], "quantity": 1, "reason": "style", "resolution": "refund"} for line in lines],
    }


def _line(name: str, price: str) -> dict[str, object]:
    return {
        "id": name,
        "product_id": f"p-{name}",
        "variant_id": f"v-{name}",
        "sku": f"SKU-{name}",
        "title": f"Item {name}",
        "quantity": 2,
        "unit_price": price,
        "tax": "2.50",
        "fulfilled": [PARCEL],
    }
