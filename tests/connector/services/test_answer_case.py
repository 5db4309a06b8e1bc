"""Whatever stands in a case, it is answered: with its quote, or with what is malformed and where."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.real_outside import real_outside
from connector.services.answer_case import answer_case, explain_case
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
def odd_cases(draw: st.DrawFn) -> dict[str, Any]:
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
@given(odd_cases())
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


def test_ten_thousand_lines_are_answered():
    lines = [
        {"id": f"l{n}", "quantity": 1, "unit_price": "1.00", "fulfilled": [{"quantity": 1}]} for n in range(10_000)
    ]
    document = {
        "now": "2026-10-10T12:00:00Z",
        "order": {
            "currency": "EUR",
            "placed_at": "2026-10-01T12:00:00Z",
            "lines": lines,
            "payments": [{"id": "p", "amount": "10000.00"}],
        },
        "items": [{"line_id": line["id"], "quantity": 1} for line in lines],
    }
    said = explain_case(json.dumps(document).encode(), OUTSIDE)
    assert said["total"] == "10000.00"
