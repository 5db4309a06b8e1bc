"""Conditions of a policy: what may be asked of a case, and whether it holds.

A value that is missing satisfies only `is_not`, `not_in`, `not` and `exists: false`.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from fractions import Fraction
from typing import Any, Protocol

from msgspec import Struct

from domain.errors import Malformed
from domain.money import parse_short_amount
from domain.reading import Reader, list_of, read_count, read_number, read_text, read_truth

DEEPEST = 100
"""How deep conditions may nest."""

SEARCHING = 20
"""How many other questions a search for a pattern takes the time of."""

Fact = str | tuple[str, ...] | int | Fraction
Search = Callable[[str, str], bool]


class Kind(Enum):
    """What a field of a condition holds."""

    TEXT = "text"
    TEXTS = "texts"
    COUNT = "count"
    MONEY = "money"
    NUMBER = "number"


FIELDS: Mapping[str, Kind] = {
    "item.reason": Kind.TEXT,
    "item.quantity": Kind.COUNT,
    "item.value": Kind.MONEY,
    "line.sku": Kind.TEXT,
    "line.tags": Kind.TEXTS,
    "line.product_type": Kind.TEXT,
    "line.collections": Kind.TEXTS,
    "line.price": Kind.MONEY,
    "line.discount_percent": Kind.NUMBER,
    "order.total": Kind.MONEY,
    "order.tags": Kind.TEXTS,
    "order.channel": Kind.TEXT,
    "order.age_days": Kind.COUNT,
    "customer.tags": Kind.TEXTS,
    "customer.email": Kind.TEXT,
    "customer.returns_90_days": Kind.COUNT,
    "customer.return_rate": Kind.NUMBER,
    "ship_to.country": Kind.TEXT,
    "request.channel": Kind.TEXT,
    "request.resolution": Kind.TEXT,
    "request.value": Kind.MONEY,
}
"""The fields a condition may ask for, and no others."""


class Facts(Protocol):
    """What a condition is held against."""

    def fact(self, field: str) -> Fact | None:
        """The value of one of FIELDS; None where it is missing."""


class Condition(Protocol):
    """Something that holds of a case's facts, or does not."""

    def holds(self, facts: Facts, search: Search) -> bool:
        """Whether it holds; `search` finds a pattern in a text."""

    def patterns(self) -> Iterator[tuple[str, str]]:
        """The patterns it searches for, each with its place."""

    def work(self) -> int:
        """How much there is to do to hold it against one item: 1 for each question, SEARCHING for a search."""


class All(Struct, frozen=True):
    """Holds when every part does; without parts it always holds."""

    parts: tuple[Condition, ...] = ()

    def holds(self, facts: Facts, search: Search) -> bool:
        """Whether every part holds."""
        return all(part.holds(facts, search) for part in self.parts)

    def patterns(self) -> Iterator[tuple[str, str]]:
        """The patterns of the parts."""
        return _patterns("all", self.parts)

    def work(self) -> int:
        """That of its parts."""
        return 1 + sum(part.work() for part in self.parts)


class AnyOf(Struct, frozen=True):
    """Holds when some part does; without parts it never holds."""

    parts: tuple[Condition, ...] = ()

    def holds(self, facts: Facts, search: Search) -> bool:
        """Whether some part holds."""
        return any(part.holds(facts, search) for part in self.parts)

    def patterns(self) -> Iterator[tuple[str, str]]:
        """The patterns of the parts."""
        return _patterns("any", self.parts)

    def work(self) -> int:
        """That of its parts."""
        return 1 + sum(part.work() for part in self.parts)


class Not(Struct, frozen=True):
    """Holds when its part does not."""

    part: Condition

    def holds(self, facts: Facts, search: Search) -> bool:
        """Whether the part does not hold."""
        return not self.part.holds(facts, search)

    def patterns(self) -> Iterator[tuple[str, str]]:
        """The patterns of the part."""
        return ((f"not.{place}", pattern) for place, pattern in self.part.patterns())

    def work(self) -> int:
        """That of its part."""
        return 1 + self.part.work()


class Comparison(Struct, frozen=True):
    """Holds when a field compares with a value as the operation says."""

    field: str
    op: str
    value: Any

    def holds(self, facts: Facts, search: Search) -> bool:
        """Whether the field's value, where there is one, compares so."""
        fact = facts.fact(self.field)
        if self.op == "exists":
            return (fact is not None) is self.value
        if fact is None:
            return self.op in NEGATED
        if self.op == "matches":
            texts = fact if isinstance(fact, tuple) else (str(fact),)
            return any(search(self.value, text) for text in texts)
        return OPERATIONS[self.op](fact, self.value)

    def patterns(self) -> Iterator[tuple[str, str]]:
        """Its own pattern, when it searches for one."""
        if self.op == "matches":
            yield "value", self.value

    def work(self) -> int:
        """A search takes longer than anything else."""
        return SEARCHING if self.op == "matches" else 1


ALWAYS = All()


def _patterns(name: str, parts: tuple[Condition, ...]) -> Iterator[tuple[str, str]]:
    for index, part in enumerate(parts):
        for place, pattern in part.patterns():
            yield f"{name}[{index}].{place}", pattern


def _is(fact: Fact, value: Fact | frozenset[str]) -> bool:
    return value == (frozenset(fact) if isinstance(fact, tuple) else fact)


def _in(fact: Fact, value: frozenset[Fact]) -> bool:
    return not value.isdisjoint(fact) if isinstance(fact, tuple) else fact in value


def _contains_any(fact: str | tuple[str, ...], value: frozenset[str]) -> bool:
    """A text contains what stands in it, a list what is one of its texts."""
    return not value.isdisjoint(fact) if isinstance(fact, tuple) else any(text in fact for text in value)


NEGATED = frozenset({"is_not", "not_in"})

OPERATIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": _is,
    "is_not": lambda fact, value: not _is(fact, value),
    "in": _in,
    "not_in": lambda fact, value: not _in(fact, value),
    "contains": operator.contains,
    "contains_any": _contains_any,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "between": lambda fact, value: value[0] <= fact <= value[1],
}
"""How a value that is there compares; of a list of texts, `in` asks for any of them."""


def _pair_of(reader: Reader[Any]) -> Reader[tuple[Any, ...]]:
    read_all = list_of(reader)

    def read(value: object, digits: int) -> tuple[Any, ...]:
        pair = read_all(value, digits)
        if len(pair) != 2:
            raise Malformed("must be a list of two values")
        return pair

    return read


def _set_of(reader: Reader[Any]) -> Reader[frozenset[Any]]:
    read_all = list_of(reader)
    return lambda value, digits: frozenset(read_all(value, digits))


def _of_numbers(reader: Reader[Any]) -> Mapping[str, Reader[Any]]:
    single = dict.fromkeys(("is", "is_not", "gt", "gte", "lt", "lte"), reader)
    listed = dict.fromkeys(("in", "not_in"), _set_of(reader))
    return {**single, **listed, "between": _pair_of(reader), "exists": read_truth}


_TEXTS = _set_of(read_text)
_OF_TEXT: Mapping[str, Reader[Any]] = {
    **dict.fromkeys(("is", "is_not", "contains", "matches"), read_text),
    **dict.fromkeys(("in", "not_in", "contains_any"), _TEXTS),
    "exists": read_truth,
}

VALUES: Mapping[Kind, Mapping[str, Reader[Any]]] = {
    Kind.TEXT: _OF_TEXT,
    Kind.TEXTS: {**_OF_TEXT, "is": _TEXTS, "is_not": _TEXTS},
    Kind.COUNT: _of_numbers(read_count),
    Kind.MONEY: _of_numbers(parse_short_amount),
    Kind.NUMBER: _of_numbers(read_number),
}
"""The operations on each kind of field, with the reader of the value that each compares with."""


def read_condition(value: object, digits: int) -> Condition:
    """The condition of a document; raises Malformed, also where conditions nest deeper than DEEPEST."""
    return _read(value, digits, depth=0)


def _read(value: object, digits: int, *, depth: int) -> Condition:
    if not isinstance(value, dict):
        raise Malformed("must be an object")
    if depth > DEEPEST:
        raise Malformed(f"nests deeper than {DEEPEST} conditions")
    said = {name: entry for name, entry in value.items() if entry is not None}
    if len(said) == 1:
        for name, build in (("all", All), ("any", AnyOf)):
            if name in said:
                return build(_read_parts(name, said[name], digits=digits, depth=depth + 1))
        if "not" in said:
            return Not(_read_part("not", said["not"], digits=digits, depth=depth + 1))
    return _read_comparison(said, digits)


def _read_part(step: str, value: object, *, digits: int, depth: int) -> Condition:
    try:
        return _read(value, digits, depth=depth)
    except Malformed as fault:
        raise fault.within(step) from None


def _read_parts(name: str, value: object, *, digits: int, depth: int) -> tuple[Condition, ...]:
    if not isinstance(value, list):
        raise Malformed("must be a list", at=name)
    return tuple(_read_part(f"{name}[{index}]", part, digits=digits, depth=depth) for index, part in enumerate(value))


def _read_comparison(said: Mapping[str, object], digits: int) -> Comparison:
    for name in said:
        if name not in ("field", "op", "value"):
            raise Malformed(
                "is no part of a condition" if name not in ("all", "any", "not") else "stands alone", at=name
            )
    field, op = said.get("field"), said.get("op")
    if not isinstance(field, str) or field not in FIELDS:
        raise Malformed("is no field of a condition", at="field")
    readers = VALUES[FIELDS[field]]
    if not isinstance(op, str) or op not in readers:
        raise Malformed(f"must be one of {', '.join(sorted(readers))} for this field", at="op")
    if "value" not in said and op != "exists":
        raise Malformed("is missing", at="value")
    try:
        return Comparison(field, op, readers[op](said.get("value", True), digits))
    except Malformed as fault:
        raise fault.within("value") from None
