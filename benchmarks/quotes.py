"""Quotes a second through the command line, one process, three lines an order."""

import json
import statistics
import subprocess
import sys
import time

from benchmarks.measuring import Figure

QUOTES = 8000
RUNS = 3
PAID = {"refunded": "0.00", "refundable": True}
PARCEL = {"quantity": 2, "at": "2026-10-01T08:00:00Z", "delivered_at": "2026-10-05T12:00:00Z"}


def figures() -> list[Figure]:
    """The median of three runs, without the start of the process."""
    rates = [_rate() for _ in range(RUNS)]
    return [Figure("quotes a second (`quote --lines`)", f"{statistics.median(rates):,.0f}", aim="at least 2,000")]


def _rate() -> float:
    """From the first answer to the last one."""
    line = json.dumps(_case()).encode() + b"\n"
    command = [sys.executable, "-m", "connector", "quote", "--lines"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdin.write(line)
        process.stdin.flush()
        process.stdout.readline()
        start = time.perf_counter()
        answers, _ = process.communicate(line * QUOTES)
        seconds = time.perf_counter() - start
    if answers.count(b"\n") != QUOTES or b'"error"' in answers:
        raise RuntimeError("not every case was quoted")
    return QUOTES / seconds


def _case() -> dict[str, object]:
    lines = [_line(name, price) for name, price in (("a", "19.99"), ("b", "35.50"), ("c", "7.25"))]
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
