"""Whatever stands in a case, it is answered: with its quote, or with what is malformed and where."""

import json
import time
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.real_outside import real_outside
from connector.services.answer_case import answer_case, explain_case
from tests.connector.odd_cases import odd_cases, written
from tests.domain.shopping import cases

OUTSIDE = real_outside()
ODD = st.sampled_from(
    [
        None, True, False, 0, -1, 1.5, 10**30, "", "NaN", "1e9", "-0.01", "1.234", "١٠.٠٠", "9" * 400, "2026-10-10",
        "later", [], {}, [[]], {"a": 1}, "\u0000", "\ud800", "card", [None],
    ]
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inside for place in places(one, (*path, key)))] if path or inside else [path]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A good case in which something is put, left out or added where it does not belong."""
    document = deepcopy(draw(cases()))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(document)[1:]))
        parent = document
        for key in path[:-1]:
            parent = parent[key]
        match draw(st.sampled_from(("put", "leave out", "add"))):
            case "put":
                parent[path[-1]] = draw(ODD)
            case "leave out":
                del parent[path[-1]]
            case _ if isinstance(parent, dict):
                parent[draw(st.sampled_from(("nonsense", "", "total")))] = draw(ODD)
        if not isinstance(document, dict) or len(places(document)) < 2:
            break
    return document


def is_answer(said: dict[str, Any]) -> bool:
    error = said.get("error")
    return "total" in said if error is None else {"code", "message"} <= set(error)


@settings(max_examples=300)
@given(mutated())
def test_an_odd_case_is_quoted_or_refused_with_a_reason(document):
    written = json.dumps(document).encode()
    said = answer_case(written, OUTSIDE)
    assert is_answer(said)
    assert ("error" in said) == ("error" in explain_case(written, OUTSIDE))


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_bytes_that_are_no_case_are_refused(written):
    assert is_answer(answer_case(written, OUTSIDE))


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"nul",
        b"NaN",
        b'{"now": Infinity}',
        b'"' * 9,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"\xff\xfe{}",
        b"1" * 5000,
    ],
)
def test_what_no_reader_likes_is_refused(written: bytes):
    assert answer_case(written, OUTSIDE)["error"]["code"] == "malformed"  # type: ignore[index]


REFERS = {
    "order.digits": "order.lines[0].unit_price",
    "order.lines": "order.refunds[0].lines[0].line_id",
    "order.lines[1]": "order.refunds[0].lines[0].line_id",
    "order.lines[1].id": "order.refunds[0].lines[0].line_id",
    "order.lines[0]": "items[0].line_id",
    "order.lines[0].id": "items[0].line_id",
}
"""Where it shows that something others refer to is missing."""


def test_what_is_odd_is_named_by_its_place():
    for path, document in odd_cases():
        error = answer_case(document, OUTSIDE).get("error")
        if error is None:
            continue
        place = written(path)
        assert isinstance(error, dict)
        assert error["message"]
        assert is_near(error["at"], place), (place, error)


def is_near(at: str, place: str) -> bool:
    """Whether an error names the place, what it is in, what is in it, or what stands beside it in a condition."""
    beside = place.rpartition(".")[0] if ".when." in place else place
    return bool(at) and (at.startswith((place, beside)) or place.startswith(at) or at == REFERS.get(place))


LINES = [
    {"id": f"l{n}", "quantity": 1, "unit_price": "1.00", "sku": "x" * 90, "fulfilled": [{"quantity": 1}]}
    for n in range(10_000)
]
ASKED = [{"line_id": line["id"], "quantity": 1} for line in LINES]
MATCHES = {"field": "line.sku", "op": "matches", "value": "^(x+x+)+y$"}


def large(lines: int = 10_000, policy: dict[str, Any] | None = None, **changes: object) -> bytes:
    order = {
        "currency": "EUR",
        "placed_at": "2026-10-01T12:00:00Z",
        "lines": LINES[:lines],
        "payments": [{"id": "p", "amount": "10000.00"}],
    }
    case = {"now": "2026-10-10T12:00:00Z", "order": order | changes, "items": ASKED[:lines], "policy": policy or {}}
    return json.dumps(case).encode()


@pytest.mark.parametrize(
    "document",
    [
        large(),
        large(policy={"restocking_percent": "5"}),
        large(1, {"rules": [{"id": f"r{n}", "when": MATCHES, "then": {"days": n}} for n in range(10_000)]}),
        large(policy={"rules": [{"id": "r", "when": MATCHES}], "final_sale": MATCHES}),
        large(policy={"final_sale": {"field": "line.sku", "op": "in", "value": [str(n) for n in range(10_000)]}}),
        large(payments=[{"id": f"p{n}", "amount": "1.00"} for n in range(10_000)]),
        large(refunds=[{"id": f"r{n}", "amount": "0.10", "lines": []} for n in range(10_000)]),
        large(1000, discounts=[{"amount": "0.01", "threshold": "5000.00"}] * 100),
    ],
    ids=["lines", "fees", "rules", "patterns", "lists", "payments", "refunds", "discounts"],
)
def test_what_is_large_is_answered_and_proved_in_seconds(document: bytes):
    start = time.process_time()
    assert "proof" in explain_case(document, OUTSIDE)
    assert time.process_time() - start < 20


def test_what_would_take_minutes_is_refused():
    rules = [{"id": f"r{n}", "when": MATCHES, "then": {}} for n in range(10_000)]
    said = answer_case(large(policy={"rules": rules}), OUTSIDE)
    assert said["error"]["at"] == "policy.rules"  # type: ignore[index]
