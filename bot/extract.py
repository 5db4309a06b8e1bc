"""What a text holds besides its meaning: order numbers, e-mail addresses, postcodes, quantities, card numbers."""

import re
from dataclasses import dataclass

EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
MARKED_NUMBER = re.compile(r"#\s?([A-Za-z]{0,4}-?\d{2,12}(?:-[A-Za-z0-9]{1,9}){0,2})\b")
NAMED_NUMBER = re.compile(
    r"\b(?:order|number|no\.?|nr\.?)\s*(?:number|no\.?|nr\.?|is|:|#)*\s*([A-Za-z]{0,4}-?\d{3,12}(?:-[A-Za-z0-9]{1,9}){0,2})\b",
    re.IGNORECASE,
)
BARE_NUMBER = re.compile(r"\s*([A-Za-z]{0,4}-?\d{3,12}(?:-[A-Za-z0-9]{1,9}){0,2})[\s.!]*")
LOOSE_NUMBER = re.compile(r"(?<![\w.,$€£/-])(\d{4,12}(?:-[A-Z0-9]{1,9}){0,2})(?![\w/-]|[.,]\d)")
POSTCODE = re.compile(r"\s*([A-Za-z0-9]{2,5}[\s-]?[A-Za-z0-9]{0,5})[\s.!]*")
NAMED_POSTCODE = re.compile(
    r"\b(?:post\s?code|postal code|zip(?: code)?)\s*(?:is|:)?\s*([A-Za-z0-9]{2,5}(?:[ -][A-Za-z0-9]{2,4})?)",
    re.IGNORECASE,
)
QUANTITY = re.compile(r"\b([1-9]\d?)\s*(?:x|×|pcs?|pieces?|of (?:them|those|these))\b", re.IGNORECASE)
WHOLE_NUMBER = re.compile(r"\s*(\d{1,2})[\s.!]*")
LONG_DIGITS = re.compile(r"(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)")
HIDDEN = "[card number hidden]"


@dataclass(frozen=True, slots=True)
class Slots:
    """What was found; None where nothing was."""

    order_number: str | None = None
    email: str | None = None
    postcode: str | None = None
    quantity: int | None = None


def extract(text: str) -> Slots:
    """What a text holds, whatever was asked."""
    email = EMAIL.search(text)
    rest = EMAIL.sub(" ", text)
    postcode = NAMED_POSTCODE.search(rest)
    quantity = QUANTITY.search(rest)
    without_postcode = NAMED_POSTCODE.sub(" ", rest)
    return Slots(
        order_number=_order_number(without_postcode),
        email=email[0] if email else None,
        postcode=postcode[1].strip() if postcode else None,
        quantity=int(quantity[1]) if quantity else None,
    )


def postcode_of(text: str) -> str | None:
    """A short text as a postcode, when one was asked for; a postcode has a digit."""
    found = POSTCODE.fullmatch(text)
    return found[1].strip() if found and any(sign.isdigit() for sign in text) else None


def whole_number(text: str) -> int | None:
    """A text that is nothing but a small number."""
    found = WHOLE_NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def hide_card_numbers(text: str) -> str:
    """The text without what may be a card number (12 to 19 digits that pass the Luhn check)."""
    return LONG_DIGITS.sub(lambda found: HIDDEN if _passes_luhn(found[0]) else found[0], text)


def _order_number(text: str) -> str | None:
    for pattern, how in (
        (MARKED_NUMBER, "search"),
        (NAMED_NUMBER, "search"),
        (BARE_NUMBER, "fullmatch"),
        (LOOSE_NUMBER, "search"),
    ):
        found = getattr(pattern, how)(text)
        if found:
            return str(found[1])
    return None


def _passes_luhn(text: str) -> bool:
    digits = [int(sign) for sign in text if sign.isdigit()]
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
