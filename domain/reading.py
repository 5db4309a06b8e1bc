"""Documents into records: the record is the single source of what a document may hold.

`record(Line)` compiles, once, a reader of documents that hold what the fields of `Line` say. A field without a default
is required; null is the same as left out. A reader takes a value and the decimals of the currency; at the first fault
it raises Malformed with the place.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import lru_cache
from math import isfinite
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from msgspec import Struct
from msgspec.structs import fields

from domain.errors import Malformed
from domain.money import parse_amount, parse_short_amount, parse_signed_amount

T = TypeVar("T")
Reader = Callable[[Any, int], T]

LARGEST = 10**9
RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DECIMAL = re.compile(r"\d{1,18}(\.\d{1,18})?", re.ASCII)
YEARS = range(1900, 9000)
TOO_FAR = "is too far away"
NO_MOMENT = "must be an RFC 3339 time with an offset, like 2026-10-01T08:00:00Z"


def read_text(value: object, _digits: int) -> str:
    """A string of Unicode characters."""
    if not isinstance(value, str):
        raise Malformed("must be a string")
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise Malformed("must be a string of Unicode characters")
    return value


def read_truth(value: object, _digits: int) -> bool:
    """True or false, and nothing that only counts as such."""
    if not isinstance(value, bool):
        raise Malformed("must be true or false")
    return value


def read_count(value: object, _digits: int) -> int:
    """A whole number from 0 on."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed("must be a whole number")
    if value < 0:
        raise Malformed("must not be negative")
    if value > LARGEST:
        raise Malformed("is too large")
    return value


def read_quantity(value: object, digits: int) -> int:
    """A whole number from 1 on."""
    count = read_count(value, digits)
    if not count:
        raise Malformed("must not be 0")
    return count


def read_percent(value: object, _digits: int) -> Fraction:
    """A percentage in a decimal string, exactly."""
    if not isinstance(value, str) or not DECIMAL.fullmatch(value):
        raise Malformed("must be a decimal string")
    return Fraction(value)


def read_number(value: object, digits: int) -> Fraction:
    """A number from 0 on, exactly: a decimal string or a JSON number as it is written."""
    if isinstance(value, str):
        return read_percent(value, digits)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise Malformed("must be a number")
    if not 0 <= value <= LARGEST:
        raise Malformed("must not be negative" if value < 0 else "is too large")
    return Fraction(repr(value))


def read_moment(value: object, _digits: int) -> datetime:
    """An RFC 3339 time with an offset, as aware UTC."""
    if not isinstance(value, str):
        raise Malformed(NO_MOMENT)
    return _moment(value)


@lru_cache(maxsize=4096)  # the parcels of an order mostly left and arrived together
def _moment(text: str) -> datetime:
    if not RFC_3339.fullmatch(text):
        raise Malformed(NO_MOMENT)
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise Malformed("is no time of the calendar") from None
    return in_utc(moment)


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; raises Malformed for one that is too far away."""
    try:
        found = moment.astimezone(UTC)
    except OverflowError:
        raise Malformed(TOO_FAR) from None
    if found.year not in YEARS:
        raise Malformed(TOO_FAR)
    return found


def read_day(value: object, _digits: int) -> date:
    """A day of the calendar, YYYY-MM-DD."""
    if not isinstance(value, str) or not FULL_DATE.fullmatch(value):
        raise Malformed("must be a date, like 2026-10-01")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Malformed("is no day of the calendar") from None
    if day.year not in YEARS:
        raise Malformed(TOO_FAR)
    return day


def read_texts_by_name(value: object, digits: int) -> Mapping[str, str]:
    """An object of strings."""
    if not isinstance(value, dict):
        raise Malformed("must be an object")
    try:
        return {read_text(name, digits): read_text(text, digits) for name, text in value.items()}
    except Malformed as fault:
        raise Malformed(f"holds a value that {fault.message}") from None


Money = Annotated[int, parse_amount]
"""Minor units; in documents a decimal string with exactly the currency's decimals."""

SignedMoney = Annotated[int, parse_signed_amount]
"""Money that may be negative."""

PolicyMoney = Annotated[int, parse_short_amount]
"""Minor units; in documents a decimal string with at most the currency's decimals."""

Quantity = Annotated[int, read_quantity]
Percent = Annotated[Fraction, read_percent]
Number = Annotated[Fraction, read_number]


def one_of(words: Iterable[str]) -> Reader[str]:
    """A reader of the words of a closed list."""
    known = frozenset(words)

    def read(value: object, _digits: int) -> str:
        if not isinstance(value, str) or value not in known:
            raise Malformed(f"must be one of {', '.join(sorted(known))}")
        return value

    return read


def list_of(reader: Reader[T]) -> Reader[tuple[T, ...]]:
    """A reader of lists whose entries the given reader reads."""

    def read(value: object, digits: int) -> tuple[T, ...]:
        if not isinstance(value, list | tuple):
            raise Malformed("must be a list")
        entries: list[T] = []
        try:
            for entry in value:
                entries.append(reader(entry, digits))  # noqa: PERF401  # the fault is where the entries end
        except Malformed as fault:
            raise fault.within(f"[{len(entries)}]") from None
        return tuple(entries)

    return read


def record(kind: type[T]) -> Reader[T]:
    """A reader of documents that hold what the fields of a record say, and no others."""
    hints = get_type_hints(kind, include_extras=True)
    declared = fields(kind)  # type: ignore[arg-type]  # every T here is a record
    readers = _Readers({field.name: _reader_of(hints[field.name]) for field in declared})
    required = [field.name for field in declared if field.required]
    needed = frozenset(required)

    def read(value: object, digits: int) -> T:
        if not isinstance(value, dict):
            raise Malformed("must be an object")
        found: dict[str, Any] = {}
        name = ""
        try:
            for name, entry in value.items():
                if entry is not None or name not in readers:
                    found[name] = readers[name](entry, digits)
        except Malformed as fault:
            raise fault.within(str(name)) from None
        if not needed <= found.keys():
            raise Malformed("is missing", at=next(name for name in required if name not in found))
        return kind(**found)

    return read


class _Readers(dict[str, Reader[Any]]):
    """The readers of a document's fields by name; any other name is unknown."""

    def __missing__(self, name: str) -> Reader[Any]:
        return _unknown


def _unknown(_value: object, _digits: int) -> None:
    raise Malformed("is no field of this document")


_PLAIN: Mapping[object, Reader[Any]] = {
    str: read_text,
    bool: read_truth,
    int: read_count,
    datetime: read_moment,
    date: read_day,
    Mapping[str, str]: read_texts_by_name,
}


def _reader_of(hint: object) -> Reader[Any]:
    """The reader that the type of a field asks for."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return arguments[1]  # type: ignore[no-any-return]  # a reader by the house's convention
    if origin in (Union, UnionType):
        return _reader_of(next(argument for argument in arguments if argument is not NoneType))
    if origin is Literal:
        return one_of(arguments)
    if origin is tuple:
        return list_of(_reader_of(arguments[0]))
    if isinstance(hint, type) and issubclass(hint, Struct):
        return record(hint)
    raise TypeError(f"no reader for {hint!r}")
