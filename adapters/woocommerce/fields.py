"""Fields of WooCommerce's JSON, each read as what it must be; every reader raises Unreadable with the field's name."""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from adapters.errors import Unreadable

Body = Mapping[str, object]

DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)
DELETED = "[deleted]"


def text(body: Body, name: str) -> str | None:
    """A string, raw; empty, null, left out or erased is None.

    Fact 32: the personal data eraser writes "[deleted]" over names and addresses.
    """
    found = body.get(name)
    return found if isinstance(found, str) and found not in ("", DELETED) else None


def unescaped(body: Body, name: str) -> str | None:
    """A string that WooCommerce escaped for HTML, as it was meant (fact 17); who displays it escapes it again."""
    found = text(body, name)
    return None if found is None else html.unescape(found)


def identity(body: Body, name: str) -> str | None:
    """An id as a string; 0 and null stand for "none" (fact 16)."""
    found = body.get(name)
    return str(found) if isinstance(found, int | str) and found not in (0, "", "0") else None


def required(body: Body, name: str) -> str:
    """An id or a string that must be there."""
    found = identity(body, name)
    if found is None:
        raise Unreadable(f"`{name}` is missing.")
    return found


def whole(body: Body, name: str) -> int:
    """A whole number."""
    found = body.get(name)
    if not isinstance(found, int) or isinstance(found, bool):
        raise Unreadable(f"`{name}` is no whole number.")
    return found


def part(body: Body, name: str) -> Body:
    """An object; left out is empty."""
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def parts(body: Body, name: str) -> Sequence[Body]:
    """A list of objects that must be there; it is not where the store was asked for some fields only (`_fields`)."""
    found = body.get(name)
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise Unreadable(f"`{name}` is missing: the answer must be whole, asked for without `_fields`.")
    return found


def amount(body: Body, name: str) -> Decimal:
    """A decimal string, exactly; WooCommerce writes an amount that it does not keep as an empty string."""
    found = body.get(name)
    if found == "":
        return Decimal(0)
    if not isinstance(found, str) or not DECIMAL.fullmatch(found):
        raise Unreadable(f"`{name}` is no decimal string.")
    return Decimal(found)


def decimals(body: Body, name: str) -> int:
    """How many decimals an amount is written with."""
    return max(0, -_exponent(amount(body, name)))


def needed_decimals(found: Decimal) -> int:
    """How many decimals an amount cannot do without."""
    return max(0, -_exponent(found.normalize()))


def written(found: Decimal, digits: int) -> str:
    """An amount in the normal form, rounded half away from zero; "-0" is "0" (fact 11)."""
    rounded = found.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):f}"


def moment(body: Body, name: str) -> str | None:
    """A time of a `*_gmt` field, which is UTC without saying so (fact 12), as RFC 3339."""
    found = text(body, name)
    if found is None:
        return None
    try:
        return datetime.fromisoformat(found).replace(tzinfo=UTC).isoformat()
    except ValueError:
        raise Unreadable(f"`{name}` is no time.") from None


def meta(body: Body) -> Mapping[str, Body]:
    """The entries of `meta_data` by key."""
    return {str(entry.get("key")): entry for entry in parts(body, "meta_data")}


def _exponent(found: Decimal) -> int:
    exponent = found.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
