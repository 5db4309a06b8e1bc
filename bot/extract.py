"""What a text holds besides its meaning: order numbers, e-mail addresses, postcodes, quantities, card numbers."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from msgspec import Struct

from bot.vocabulary import slot_words

NUMBER = r"([A-Za-z]{0,4}-?\d{3,12}(?:-[A-Za-z0-9]{1,9}){0,3})"
NUMBER_ENDS = r"(?![A-Za-z0-9_@]|[.,]\d)"
EMAIL = re.compile(r"(?<![\w.%+'-])[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
MARKED_NUMBER = re.compile(r"#\s?([A-Za-z]{0,4}-?\d{2,12}(?:-[A-Za-z0-9]{1,9}){0,3})\b")
BARE_NUMBER = re.compile(rf"\A\s*{NUMBER}[\s.!]*\Z")
NOT_BEFORE, NOT_BEHIND = r"(?<![A-Za-z0-9_$€£¥+/-])(?<!\d[.,:])", r"(?![A-Za-z0-9_/%-]|[.,:]\d)"
LOOSE_NUMBER = re.compile(
    rf"{NOT_BEFORE}((?:(?!(?:19|20)\d\d(?:\b|[年년]))\d{{4,9}}|[A-Za-z]{{1,3}}-?\d{{5,12}}|\d{{3,4}}(?:-\d{{6,8}}){{2}})(?:-[A-Z0-9]{{1,9}})?){NOT_BEHIND}"
)
LIKE_A_YEAR = re.compile(rf"{NOT_BEFORE}((?:19|20)\d\d){NOT_BEHIND}")
LONGEST_WITHOUT_YEARS = 32
"""A longer text speaks of a year rather than of an order that has its number."""
POSTCODE = re.compile(r"\s*([A-Za-z0-9]{2,5}[\s-]?[A-Za-z0-9]{0,5})[\s.!]*")
POSTCODE_OF_TOWN = re.compile(
    r"\s*(?:[A-Za-z]{1,2}[\s-])?(\d{4,5}|\d{2}-\d{3}|\d{4}-\d{3}|\d{3}-\d{4}|\d{3} \d{2})(?:[\s,]+[^\W\d_]{3}[^\d@]*)?"
)
"""The figures of a postcode with its country before it and its town behind it, as most of Europe writes them."""
SHAPED_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z][ -]?\d[A-Z]\d|\d{4} [A-Z]{2})\b")
"""The shapes of Great Britain, Canada and the Netherlands, which no order number has."""
NAMED_POSTCODE = r"([A-Za-z]{0,2}\d[A-Za-z0-9]{1,4}(?:[ -][A-Za-z0-9]{2,4}\b)?)"
DIGITS = re.compile(r"\d+")
CARD_BETWEEN = re.compile(r"[\s.\-/]{0,3}")
LONGEST_CORRECTED = 400
SHORTEST_CARD, LONGEST_CARD = 13, 19
HIDDEN = "[card number hidden]"


class Slots(Struct, frozen=True):
    """What was found; None where nothing was."""

    order_number: str | None = None
    email: str | None = None
    postcode: str | None = None
    quantity: int | None = None
    size: str | None = None
    color: str | None = None

    def document(self) -> dict[str, object]:
        """What was found, in the contract's form."""
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in found.items() if value is not None}


class Patterns(Struct, frozen=True):
    """The patterns that hold words of the languages."""

    named_number: re.Pattern[str]
    other_number: re.Pattern[str]
    postcode: re.Pattern[str]
    quantity: re.Pattern[str]
    size: re.Pattern[str]
    correction: re.Pattern[str]
    between: re.Pattern[str]
    before: re.Pattern[str]
    whole_numbers: re.Pattern[str]
    listed: re.Pattern[str]
    date: re.Pattern[str]


def extract(text: str) -> Slots:
    """What a normal text holds besides colours, whatever was asked; what stands after a correction counts first."""
    whole, rest = _extracted(text), corrected(text)
    found = _extracted(rest) if rest else Slots()
    return Slots(**{name: getattr(found, name) or getattr(whole, name) for name in Slots.__struct_fields__})


def without_addresses(text: str) -> str:
    """The text without its e-mail addresses."""
    return EMAIL.sub(" ", text) if "@" in text else text


@lru_cache(maxsize=4)
def corrected(text: str) -> str | None:
    """What stands after the last words that take back what was said before, None where there are none.

    A long text takes nothing back: too much stands before and after.
    """
    if len(text) > LONGEST_CORRECTED:
        return None
    *_, last = (None, *patterns().correction.finditer(text))
    return text[last.end() :] if last else None


@cache
def patterns() -> Patterns:
    """The patterns with the words of all languages in them: beside a number, its word tells, whatever the language."""
    between = rf"(?:[\s,;/&+]|{_any('and')}(?![a-z]))+"
    number, size = _any("number"), r"(\d{2}(?:[.,]5)?|[2-6]?X{0,3}[SML])"
    return Patterns(
        named_number=_pattern(
            rf"{_any('order')}[^\W\d]{{0,12}}[\s:.#*(-]*(?:{number}[\s:.#*-]*){{0,4}}{NUMBER}{NUMBER_ENDS}"
        ),
        other_number=_pattern(rf"{_any('other_number')}[^\d@]{{0,12}}[\d ()/-]*\d"),
        postcode=_pattern(rf"{_any('postcode')}[\s:.]*(?:{number}[\s:.]*){{0,3}}{NAMED_POSTCODE}"),
        quantity=_pattern(rf"(?<![\d.,])([1-9]\d?)\s*{_any('pieces')}(?![^\W\d_])"),
        size=_pattern(rf"{_any('size')}\s*:?\s*{size}\b|\b{size}\s*{_any('size_after')}|\b([2-6]?X{{1,3}}[SL])\b"),
        correction=_pattern(rf"{_any('correction')}(?![^\W\d_])"),
        between=_pattern(between),
        before=_pattern(rf"(?:[\s#:]|{_any('order')}[^\W\d]*+|{number})*+"),
        whole_numbers=_pattern(rf"\s*\d{{1,2}}(?:{between}\d{{1,2}})*[\s.!]*"),
        listed=_pattern(rf"\s*[;,&]\s*|\s+{_any('and')}\s+"),
        date=_pattern(rf"{_any('month')}(?![a-z])|{_any('in_year')}[\s']+(?:19|20)\d\d|\d[年년]"),
    )


def _extracted(text: str) -> Slots:
    known = patterns()
    email, rest = EMAIL.search(text) if "@" in text else None, without_addresses(text)
    figures = rest if DIGITS.search(rest) else ""
    postcode = known.postcode.search(figures) or SHAPED_POSTCODE.search(figures)
    quantity, size = known.quantity.search(figures), known.size.search(rest)
    return Slots(
        order_number=_order_number(known.postcode.sub(" ", figures)),
        email=email[0] if email else None,
        postcode=postcode[1].strip() if postcode else None,
        quantity=int(quantity[1]) if quantity else None,
        size=next(filter(None, size.groups())).upper() if size else None,
    )


def _order_number(text: str) -> str | None:
    """A number that is called one, else one that looks like one and is called nothing else."""
    named = named_order_number(text)
    if named or not text:
        return named
    rest = patterns().other_number.sub(" ", text)
    return _first(rest, (LOOSE_NUMBER,)) or (number_or_year(rest) if len(text) <= LONGEST_WITHOUT_YEARS else None)


def number_or_year(text: str) -> str | None:
    """The only figures of a text where they may be a year and no date is told: enough where an order was asked for."""
    is_one = len(DIGITS.findall(text)) == 1
    return _first(text, (LIKE_A_YEAR,)) if is_one and not patterns().date.search(text) else None


def _any(name: str) -> str:
    """Any of the words of that name; one of Latin letters stands at the beginning of a word."""
    words = [re.escape(word).replace(r"\ ", r"\s?") for word in slot_words(name)]
    latin, others = ("|".join(word for word in words if word[0].isascii() is kind) for kind in (True, False))
    return rf"(?:(?<![a-z])(?:{latin})|{others})"


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


def named_order_number(text: str) -> str | None:
    """An order number that is called one or stands alone: enough to leave an order that is proved."""
    return _first(text, (MARKED_NUMBER, patterns().named_number, BARE_NUMBER))


def postcode_of(text: str) -> str | None:
    """A short text as a postcode, when one was asked for; a postcode has a digit."""
    found = POSTCODE_OF_TOWN.fullmatch(text) or POSTCODE.fullmatch(text)
    return found[1].strip() if found and _has_digit(text) else None


def postcode_beside(text: str, order_number: str) -> str | None:
    """The postcode of a text that is an order number and a postcode, and nothing else."""
    before, _, rest = text.partition(order_number)
    between = patterns().between.match(rest)
    return postcode_of(rest[between.end() :]) if between and patterns().before.fullmatch(before) else None


def listed(text: str) -> list[str]:
    """The parts of a list that is written with commas or with "and"."""
    return [part.strip() for part in patterns().listed.split(text)]


def whole_numbers(text: str) -> tuple[int, ...]:
    """The small numbers of a text that holds nothing else."""
    return tuple(int(one) for one in DIGITS.findall(text)) if patterns().whole_numbers.fullmatch(text) else ()


def hide_card_numbers(text: str) -> str:
    """The text without what may be the number of a payment card: 13 to 19 digits that pass the Luhn check."""
    hidden = list(text)
    for start, end in reversed(list(_card_numbers(text))):
        hidden[start:end] = HIDDEN
    return "".join(hidden)


def _first(text: str, patterns: tuple[re.Pattern[str], ...]) -> str | None:
    found = (pattern.search(text) for pattern in patterns)
    return next((str(one[1]) for one in found if one), None)


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def _card_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where card numbers stand: neighbouring groups of digits, whatever other numbers stand beside them."""
    groups = [(found.start(), found.end()) for found in DIGITS.finditer(text)]
    after = 0
    for first in range(len(groups)):
        if first < after:
            continue
        last = _end_of_card(text, groups, first)
        if last is not None:
            after = last + 1
            yield groups[first][0], groups[last][1]


def _end_of_card(text: str, groups: list[tuple[int, int]], first: int) -> int | None:
    """The group that ends the card number which begins at a group, None when none begins there."""
    digits = ""
    for last in range(first, len(groups)):
        start, end = groups[last]
        if last > first and not CARD_BETWEEN.fullmatch(text, groups[last - 1][1], start):
            return None
        digits += text[start:end]
        if len(digits) > LONGEST_CARD:
            return None
        if len(digits) >= SHORTEST_CARD and _passes_luhn(digits):
            return last
    return None


def _passes_luhn(digits: str) -> bool:
    figures = [int(sign) for sign in digits]
    doubled = [one if place % 2 == 0 else sum(divmod(2 * one, 10)) for place, one in enumerate(reversed(figures))]
    return sum(doubled) % 10 == 0
