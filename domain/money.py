"""Amounts as integers in minor units: read, written, shared and split without losing one."""

import re
from collections.abc import Sequence

from domain.errors import Malformed

AMOUNT = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,9}))?")


def parse_amount(text: str, digits: int, *, at: str = "amount") -> int:
    """A decimal string with exactly the currency's digits as minor units ("10.00" is 1000); raises Malformed."""
    found = AMOUNT.fullmatch(text) if isinstance(text, str) else None
    if found is None or len(found[3] or "") != digits:
        raise Malformed(f"not an amount with {digits} digits after the point", at=at)
    minor = int(found[2] + (found[3] or ""))
    return -minor if found[1] else minor


def format_amount(minor: int, digits: int) -> str:
    """Minor units as a decimal string with exactly the currency's digits."""
    sign, text = "-" if minor < 0 else "", str(abs(minor)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"


def share(amount: int, part: int, whole: int) -> int:
    """The part of an amount, rounded half away from zero; `whole` is positive."""
    doubled = 2 * abs(amount * part) + whole
    rounded = doubled // (2 * whole)
    return rounded if amount * part >= 0 else -rounded


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """An amount shared by weights (not negative) without a rest: largest remainders first, ties to the first."""
    whole = sum(weights)
    if whole == 0:
        return [amount] + [0] * (len(weights) - 1) if weights else []
    sign = 1 if amount >= 0 else -1
    parts = [divmod(abs(amount) * weight, whole) for weight in weights]
    short = abs(amount) - sum(quotient for quotient, _ in parts)
    lucky = set(sorted(range(len(parts)), key=lambda n: -parts[n][1])[:short])
    return [sign * (quotient + (n in lucky)) for n, (quotient, _) in enumerate(parts)]
