"""Documents are read strictly, and the place of the first fault is named."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Literal

import pytest
from msgspec import Struct

from domain.errors import Malformed
from domain.reading import Money, Number, Percent, Quantity, record


class Leaf(Struct, frozen=True):
    """A part of a tree."""

    name: str
    weight: Money | None = None


class Tree(Struct, frozen=True):
    """A document with a field of every type."""

    id: str
    leaves: tuple[Leaf, ...] = ()
    count: int = 0
    taken: Quantity = 1
    green: bool = False
    kind: Literal["oak", "elm"] = "oak"
    seen: datetime | None = None
    planted: date | None = None
    share: Percent = Fraction(0)
    rate: Number | None = None


read_tree = record(Tree)


def fault(document):
    with pytest.raises(Malformed) as refused:
        read_tree(document, 2)
    return refused.value


def test_a_document_is_read_by_its_dataclass():
    tree = read_tree({"id": "t", "leaves": [{"name": "a", "weight": "1.50"}], "green": True, "kind": "elm"}, 2)
    assert tree == Tree(id="t", leaves=(Leaf("a", 150),), green=True, kind="elm")


def test_null_is_the_same_as_left_out():
    assert read_tree({"id": "t", "count": None, "leaves": None, "kind": None}, 2) == Tree(id="t")


@pytest.mark.parametrize("document", [{}, {"id": None}])
def test_a_required_field_must_be_there(document):
    assert (fault(document).at, fault(document).message) == ("id", "is missing")


@pytest.mark.parametrize(
    ("document", "at"),
    [
        ({"id": "t", "fruit": 1}, "fruit"),
        ({"id": "t", "fruit": None}, "fruit"),
        ({"id": "t", "leaves": [{"name": "a"}, {"name": 5}]}, "leaves[1].name"),
        ({"id": "t", "leaves": [{"name": "a"}, {"nam": "b"}]}, "leaves[1].nam"),
        ({"id": "t", "leaves": [{"name": "a"}, {}]}, "leaves[1].name"),
        ({"id": "t", "leaves": ["a"]}, "leaves[0]"),
        ({"id": "t", "leaves": {"name": "a"}}, "leaves"),
    ],
)
def test_the_place_of_the_first_fault_is_named(document, at):
    assert fault(document).at == at


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", 1),
        ("id", "\ud800"),
        ("count", True),
        ("count", 1.0),
        ("count", "1"),
        ("count", -1),
        ("count", 10**12),
        ("taken", 0),
        ("green", 1),
        ("green", "true"),
        ("kind", "fir"),
        ("kind", ["oak"]),
        ("share", 15),
        ("share", "15%"),
        ("share", "-1"),
        ("share", "1e2"),
        ("rate", True),
        ("rate", -0.5),
        ("rate", float("nan")),
        ("rate", float("inf")),
        ("rate", 1e300),
        ("planted", "2026-02-30"),
        ("planted", "20260101"),
        ("planted", "0001-01-01"),
        ("seen", "2026-10-10T12:00:00"),
        ("seen", "2026-10-10"),
        ("seen", "2026-10-10 12:00Z"),
        ("seen", "2026-10-10T25:00:00Z"),
        ("seen", "0001-01-01T00:00:00+14:00"),
        ("seen", "２026-10-10T12:00:00Z"),
        ("seen", 1760000000),
    ],
)
def test_a_value_of_another_type_or_range_is_refused(field, value):
    assert fault({"id": "t", field: value}).at == field


@pytest.mark.parametrize(
    "text", ["2026-10-10T12:00:00Z", "2026-10-10t12:00:00z", "2026-10-10 14:00:00.000000000+02:00"]
)
def test_times_are_utc_inside(text):
    assert read_tree({"id": "t", "seen": text}, 2).seen == datetime(2026, 10, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize("value", [0.3, "0.3", "0.30"])
def test_numbers_are_exact(value):
    assert read_tree({"id": "t", "rate": value}, 2).rate == Fraction(3, 10)


def test_a_field_of_an_unknown_type_is_a_mistake_of_ours():
    class Odd(Struct, frozen=True):
        wave: complex

    with pytest.raises(TypeError):
        record(Odd)
