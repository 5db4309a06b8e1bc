import json
from types import MappingProxyType

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.json_text import parsed, written

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_read_is_what_the_standard_library_reads(value: object):
    text = json.dumps(value)
    assert repr(parsed(text.encode())) == repr(json.loads(text))


@given(VALUES)
def test_what_is_written_is_read_as_it_was(value: object):
    assert json.loads(written(value)) == value


@pytest.mark.parametrize(
    ("document", "holds"),
    [
        (b'"\\ud800"', "\ud800"),
        ("[1]".encode("utf-16"), [1]),
        ("[1]".encode("utf-8-sig"), [1]),
        (b"[1e400]", [float("inf")]),
        (b"[" * 500 + b"]" * 500, json.loads("[" * 500 + "]" * 500)),
        ('{"a": 1}', {"a": 1}),
    ],
)
def test_what_msgspec_does_not_take_is_read_by_the_standard_library(document: bytes | str, holds: object):
    assert parsed(document) == holds


@pytest.mark.parametrize("document", [b"", b"{", b"[NaN]", b"[-Infinity]", b"{} {}", b"'a'", b'"\xff"'])
def test_what_is_no_json_is_refused(document: bytes):
    with pytest.raises(ValueError, match=r"."):
        parsed(document)


def test_what_nests_too_deep_is_refused():
    with pytest.raises(RecursionError):
        parsed(b"[" * 100_000)


def test_mappings_of_any_kind_are_written_as_objects():
    assert written(MappingProxyType({"a": (1, "é")})) == '{"a":[1,"é"]}'.encode()


def test_what_is_no_number_is_written_as_null():
    assert written([float("nan"), float("inf"), -0.5]) == b"[null,null,-0.5]"


def test_half_of_a_character_is_written_as_its_number():
    with pytest.raises(UnicodeEncodeError):
        msgspec.json.encode("\ud800")
    assert written({"at": "\ud800"}) == b'{"at":"\\ud800"}'
