"""What a text holds besides its meaning: order numbers, e-mail addresses, postcodes, quantities, card numbers."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LONGEST = 2000
NUMBER = r"([A-Za-z]{0,4}-?\d{3,12}(?:-[A-Za-z0-9]{1,9}){0,2})"
EMAIL = re.compile(r"(?<![\w.%+'-])[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
MARKED_NUMBER = re.compile(r"#\s?([A-Za-z]{0,4}-?\d{2,12}(?:-[A-Za-z0-9]{1,9}){0,2})\b")
NAMED_NUMBER = re.compile(
    rf"\b(?:order|number|no\.?|nr\.?)\s*(?:(?:number|no\.?|nr\.?|is|it's|:|#)\s*){{0,4}}{NUMBER}\b", re.IGNORECASE
)
BARE_NUMBER = re.compile(rf"\A\s*{NUMBER}[\s.!]*\Z")
LOOSE_NUMBER = re.compile(
    r"(?<![\w.,$€£/-])((?:\d{4,12}|[A-Z]{1,3}-?\d{5,12})(?:-[A-Z0-9]{1,9}){0,2})(?![\w/-]|[.,]\d)"
)
NAMED_NUMBERS = (MARKED_NUMBER, NAMED_NUMBER, BARE_NUMBER)
POSTCODE = re.compile(r"\s*([A-Za-z0-9]{2,5}[\s-]?[A-Za-z0-9]{0,5})[\s.!]*")
NAMED_POSTCODE = re.compile(
    r"\b(?:post\s?code|postal code|zip(?: code)?)\s*(?:is|:)?\s*([A-Za-z0-9]{2,5}(?:[ -][A-Za-z0-9]{2,4})?)",
    re.IGNORECASE,
)
QUANTITY = re.compile(r"\b([1-9]\d?)\s*(?:x\b|×|pcs?\b|pieces?\b|of (?:them|those|these|the)\b)", re.IGNORECASE)
SIZE = re.compile(r"\b(?:size|in)\s+(\d{2}(?:[.,]5)?|[2-6]?X{0,3}[SML])\b|\b([2-6]?X{1,3}[SL])\b", re.IGNORECASE)
WHOLE_NUMBERS = re.compile(r"\s*\d{1,2}(?:\s*(?:,|;|&|\+|\band\b|\s)\s*\d{1,2})*[\s.!]*")
BEFORE = re.compile(r"(?:\s|#|my|order|number|no\.?|is|it's|:)*", re.IGNORECASE)
BETWEEN = re.compile(r"\A(?:\s|,|;|/|&|and\b)+", re.IGNORECASE)
DIGITS = re.compile(r"\d+")
CARD_BETWEEN = re.compile(r"[\s.\-/]{0,3}")
SHORTEST_CARD, LONGEST_CARD = 13, 19
HIDDEN = "[card number hidden]"


@dataclass(frozen=True, slots=True)
class Slots:
    """What was found; None where nothing was."""

    order_number: str | None = None
    email: str | None = None
    postcode: str | None = None
    quantity: int | None = None
    size: str | None = None
    color: str | None = None

    def document(self) -> dict[str, object]:
        """What was found, in the contract's form."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in found.items() if value is not None}


def normal(text: str) -> str:
    """The text as it is read: compatible signs made one, its beginning only when it is very long."""
    return unicodedata.normalize("NFKC", text[:LONGEST])


def extract(text: str, colors: Mapping[str, str]) -> Slots:
    """What a normal text holds, whatever was asked; `colors` are the words of the language for colours."""
    email = EMAIL.search(text)
    rest = EMAIL.sub(" ", text)
    postcode = NAMED_POSTCODE.search(rest)
    rest = NAMED_POSTCODE.sub(" ", rest)
    quantity, size = QUANTITY.search(rest), SIZE.search(rest)
    words = rest.casefold().split()
    return Slots(
        order_number=_first(rest, (*NAMED_NUMBERS, LOOSE_NUMBER)),
        email=email[0] if email else None,
        postcode=postcode[1].strip() if postcode and _has_digit(postcode[1]) else None,
        quantity=int(quantity[1]) if quantity else None,
        size=(size[1] or size[2]).upper() if size else None,
        color=next((colors[word.strip(".,!?")] for word in words if word.strip(".,!?") in colors), None),
    )


def named_order_number(text: str) -> str | None:
    """An order number that is called one or stands alone: enough to leave an order that is proved."""
    return _first(text, NAMED_NUMBERS)


def postcode_of(text: str) -> str | None:
    """A short text as a postcode, when one was asked for; a postcode has a digit."""
    found = POSTCODE.fullmatch(text)
    return found[1].strip() if found and _has_digit(text) else None


def postcode_beside(text: str, order_number: str) -> str | None:
    """The postcode of a text that is an order number and a postcode, and nothing else."""
    before, _, rest = text.partition(order_number)
    return postcode_of(BETWEEN.sub("", rest)) if BEFORE.fullmatch(before) else None


def whole_numbers(text: str) -> tuple[int, ...]:
    """The small numbers of a text that holds nothing else."""
    return tuple(int(one) for one in DIGITS.findall(text)) if WHOLE_NUMBERS.fullmatch(text) else ()


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
