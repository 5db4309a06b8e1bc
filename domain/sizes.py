"""Sizes in their order: letters, numbers, and ranges of numbers; what cannot be ordered has no place."""

import re
from collections.abc import Mapping

LETTERS = ("XXXS", "XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL", "XXXXL", "XXXXXL")
WORDS: Mapping[str, str] = {
    "extra small": "XS",
    "small": "S",
    "medium": "M",
    "large": "L",
    "extra large": "XL",
    **{f"{count}XS": "X" * count + "S" for count in (2, 3)},
    **{f"{count}XL": "X" * count + "L" for count in (2, 3, 4, 5)},
}
NAMES = frozenset(
    name.casefold()
    for name in (
        "size", "größe", "taille", "pointure", "talla", "taglia", "misura", "maat", "tamanho", "rozmiar", "サイズ",
        "尺码", "尺寸", "사이즈",
    )
)  # fmt: skip
"""What an option that holds the size is called, in the languages of the assistant."""
NUMBER = re.compile(r"\d+(?:[.,]5)?")

Place = tuple[str, float]
"""The family of a size and its place in it; sizes of different families have no order."""


def size_option(options: Mapping[str, str]) -> str | None:
    """The name of the option that holds the size: by its name, else by a value that is one in letters."""
    named = (name for name in options if name.casefold() in NAMES)
    lettered = (name for name, value in options.items() if _letters(value) in LETTERS)
    return next(named, None) or next(lettered, None)


def place_of(size: str) -> Place | None:
    """Where a size stands; a range stands where it begins."""
    letters = _letters(size)
    if letters in LETTERS:
        return "letters", float(LETTERS.index(letters))
    found = NUMBER.search(size)
    return None if found is None else ("numbers", float(found[0].replace(",", ".")))


def _letters(size: str) -> str:
    plain = size.strip()
    return WORDS.get(plain.casefold()) or WORDS.get(plain.upper()) or plain.upper()
