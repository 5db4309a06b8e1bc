"""What was scanned or typed at a counter: every number that it can be, and the marks by which things are found."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from urllib.parse import urlsplit

from msgspec import Struct

from domain.proof import email_key, number_key

SIGNS = "0-9A-HJ-NP-Z"
RMA = re.compile(rf"RMA[- ]?([{SIGNS}]{{4}})[- ]?([{SIGNS}]{{4}})", re.IGNORECASE)
GIFT = re.compile(rf"GIFT[- ]?([{SIGNS}]{{4}})[- ]?([{SIGNS}]{{4}})[- ]?([{SIGNS}]{{4}})", re.IGNORECASE)
EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
"""What hand scanners may be set to put before a code: ISO/IEC 15424's identifier of its symbology."""
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
GTIN_LENGTHS = (8, 12, 13, 14)
LONGEST = 300


class Kind(StrEnum):
    """What a scanned text can be."""

    RETURN = "return"
    GIFT_RECEIPT = "gift_receipt"
    EMAIL = "email"
    GTIN = "gtin"
    NUMBER = "number"
    SERIAL = "serial"
    SKU = "sku"


class Reading(Struct, frozen=True):
    """One thing that a text can be; `key` is how it is compared."""

    kind: Kind
    key: str


Mark = tuple[str, str]
"""A kind with a key, by which an order or a variant is found."""


def readings(text: str) -> tuple[Reading, ...]:
    """All that a text can be, the surest first; what can be one thing only is read as that alone."""
    said = CONTROL.sub("", SYMBOLOGY.sub("", text.strip()))[:LONGEST].strip()
    code = _last_part(said) if "://" in said else said
    sure = _rma(code) or _gift(code) or _email(said)
    if sure is not None:
        return (sure,)
    key = number_key(code)
    found = gtin(code)
    codes = (Reading(Kind.GTIN, found),) if found else ()
    return (*codes, *(Reading(kind, key) for kind in (Kind.NUMBER, Kind.SERIAL, Kind.SKU))) if key else codes


def gtin(text: str) -> str | None:
    """An EAN, UPC or GTIN as fourteen digits; None where the length or the check digit is wrong."""
    digits = re.sub(r"[\s-]", "", text)
    if not (digits.isascii() and digits.isdecimal() and len(digits) in GTIN_LENGTHS):
        return None
    whole = digits.zfill(14)
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(whole))
    return whole if weighted % 10 == 0 and int(whole) else None


def marks_of_order(order: Mapping[str, object]) -> frozenset[Mark]:
    """The marks by which an order in the normal form is found besides its number."""
    customer = order.get("customer")
    email = email_key(str(customer.get("email") or "")) if isinstance(customer, Mapping) else ""
    lines = order.get("lines")
    goods = (mark for line in (lines if isinstance(lines, list) else ()) for mark in marks_of_line(line))
    return frozenset(mark for mark in ((Kind.EMAIL.value, email), *goods) if mark[1])


def marks_of_goods(goods: Mapping[str, object]) -> frozenset[Mark]:
    """The marks by which a variant, or what was sold of it, is found; a barcode of the shop's own is like a SKU."""
    barcode = str(goods.get("barcode") or "")
    code = gtin(barcode)
    own = (Kind.GTIN.value, code) if code else (Kind.SKU.value, number_key(barcode))
    marks = ((Kind.SKU.value, number_key(str(goods.get("sku") or ""))), own)
    return frozenset(mark for mark in marks if mark[1])


def marks_of_line(line: Mapping[str, object]) -> Iterable[Mark]:
    """The marks of what was sold on a line: those of the goods, and the serial numbers of just these."""
    yield from marks_of_goods(line)
    serials = line.get("serials")
    for serial in serials if isinstance(serials, list | tuple) else ():
        yield Kind.SERIAL.value, number_key(str(serial))


def _last_part(address: str) -> str:
    """The last part of an address's path: codes of ours are links that end with the number."""
    try:
        return urlsplit(address).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return address


def _rma(text: str) -> Reading | None:
    found = RMA.fullmatch(text)
    return Reading(Kind.RETURN, f"RMA-{found[1]}-{found[2]}".upper()) if found else None


def _gift(text: str) -> Reading | None:
    found = GIFT.fullmatch(text)
    return Reading(Kind.GIFT_RECEIPT, f"GIFT-{found[1]}-{found[2]}-{found[3]}".upper()) if found else None


def _email(text: str) -> Reading | None:
    return Reading(Kind.EMAIL, email_key(text)) if EMAIL.fullmatch(text) else None
