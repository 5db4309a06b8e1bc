"""The worked cases of the quote contract: everything under `expect` stands in the answer."""

import json
from pathlib import Path

import pytest

from connector.real_outside import real_outside
from domain.case import read_case
from domain.errors import Malformed
from domain.quote import assess

CASES = sorted(Path(__file__).parent.glob("*.json"))
OUTSIDE = real_outside()


def differences(expected, got, at="quote"):
    if isinstance(expected, dict):
        return [
            found
            for key, value in expected.items()
            for found in (differences(value, got[key], f"{at}.{key}") if key in got else [f"{at}.{key} is missing"])
        ]
    if isinstance(expected, list):
        if len(expected) != len(got):
            return [f"{at}: expected {len(expected)} entries, got {got!r}"]
        return [
            found
            for i, (e, g) in enumerate(zip(expected, got, strict=True))
            for found in differences(e, g, f"{at}[{i}]")
        ]
    return [] if expected == got else [f"{at}: expected {expected!r}, got {got!r}"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_quote_is_as_worked_out_by_hand(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    expected = {key: value for key, value in document["expect"].items() if key != "_seconds"}
    if "error" in expected:
        with pytest.raises(Malformed):
            read_case(document["case"])
        return
    assert differences(expected, assess(read_case(document["case"]), OUTSIDE).document()) == []


def test_there_are_worked_cases():
    assert len(CASES) >= 59
