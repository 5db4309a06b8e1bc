"""Money in whole minor units: reading, writing, shares and splits without losing a cent."""

from collections.abc import Sequence
from functools import lru_cache

from domain.errors import Malformed

LONGEST = 18
"""Digits of the largest amount that is read."""


def parse_amount(text: object, digits: int) -> int:
    """Minor units of a decimal string with exactly `digits` decimals ("10.00" is 1000); raises Malformed."""
    return _minor_units(_text(text), digits)


def parse_signed_amount(text: object, digits: int) -> int:
    """Like `parse_amount`, and a leading minus makes it negative."""
    if isinstance(text, str) and text.startswith("-"):
        return -parse_amount(text[1:], digits)
    return parse_amount(text, digits)


def parse_short_amount(text: object, digits: int) -> int:
    """Like `parse_amount` for amounts of a policy, which may leave decimals out ("5" is 500)."""
    whole, fraction = _parts(_text(text))
    if len(fraction) > digits:
        raise Malformed(f"must have at most {digits} decimals")
    return int(whole + fraction.ljust(digits, "0"))


@lru_cache(maxsize=4096)  # an order is read again and again, and prices are alike
def _minor_units(text: str, digits: int) -> int:
    whole, fraction = _parts(text)
    if len(fraction) != digits:
        raise Malformed(f"must have {digits} decimals, like {format_amount(0, digits)}")
    return int(whole + fraction)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("must be an amount in a string")
    return value


def _parts(text: str) -> tuple[str, str]:
    whole, point, fraction = text.partition(".")
    if not (text.isascii() and whole.isdigit() and (fraction.isdigit() or not point)):
        raise Malformed("must not be negative" if text.startswith("-") else "must be a decimal amount in ASCII digits")
    if len(text) > LONGEST:
        raise Malformed("is too large")
    return whole, fraction


@lru_cache(maxsize=4096)  # seven of ten amounts of a quote are written in it before
def format_amount(minor: int, digits: int) -> str:
    """The decimal string of minor units, with exactly `digits` decimals."""
    if not digits:
        return str(minor)
    text = str(minor).zfill(digits + 1 + (minor < 0))
    return f"{text[:-digits]}.{text[-digits:]}"


def share(amount: int, part: int, whole: int) -> int:
    """`amount * part / whole`, rounded half away from zero; `whole` is positive, `part` is not negative."""
    quotient, remainder = divmod(abs(amount) * part, whole)
    rounded = quotient + (2 * remainder >= whole)
    return rounded if amount >= 0 else -rounded


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """The amount in parts by weight that sum to it: largest remainder, ties to the first.

    All weights zero: all of it goes to the first.
    """
    whole = sum(weights)
    if not whole:
        return [amount, *[0] * (len(weights) - 1)] if weights else []
    sign = -1 if amount < 0 else 1
    pairs = [divmod(abs(amount) * weight, whole) for weight in weights]
    parts = [quotient for quotient, _ in pairs]
    missing = abs(amount) - sum(parts)
    if missing:
        largest = sorted(range(len(pairs)), key=lambda index: -pairs[index][1])
        for index in largest[:missing]:
            parts[index] += 1
    return [sign * part for part in parts]
