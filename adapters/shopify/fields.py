"""Fields of Shopify's JSON, each read as what it must be; every reader raises Unreadable with the field's name.

Ids stand in the normal form as the last part of their gid: `gid://shopify/Order/1880` is "1880".
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from adapters.errors import Unreadable
from domain.errors import Malformed
from domain.reading import in_utc

Body = Mapping[str, object]

ID = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)


def gid(kind: str, tail_of_it: str) -> str:
    """The global id of a thing."""
    return f"gid://shopify/{kind}/{tail_of_it}"


def is_id(written: str) -> bool:
    """Whether something can be the last part of a gid of an order, a product or a variant: a number [S]."""
    return written.isascii() and written.isdigit()


def tail(body: Body, name: str = "id") -> str:
    """The last part of a gid that must be there."""
    found = body.get(name)
    last = found.rpartition("/")[2].partition("?")[0] if isinstance(found, str) else ""
    if not ID.fullmatch(last):
        raise Unreadable(f"`{name}` is no id.")
    return last


def text(body: Body, name: str) -> str | None:
    """A string; empty, null or left out is None."""
    found = body.get(name)
    return found if isinstance(found, str) and found else None


def required(body: Body, name: str) -> str:
    """A string that must be there."""
    found = text(body, name)
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
    """An object; null or left out is empty."""
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def parts(body: Body, name: str) -> Sequence[Body]:
    """A list of objects, or the nodes of a connection; null is empty."""
    found = body.get(name)
    listed = found.get("nodes") if isinstance(found, dict) else found
    if listed is None:
        return ()
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise Unreadable(f"`{name}` is no list.")
    return listed


def amount(body: Body, name: str) -> Decimal:
    """An amount in the order's presentment currency: what the shopper paid in, not what the shop counts in [D]."""
    return decimal(part(part(body, name), "presentmentMoney"), "amount", of=name)


def decimal(body: Body, name: str, *, of: str = "") -> Decimal:
    """A decimal string, exactly."""
    found = body.get(name)
    try:
        return Decimal(found) if isinstance(found, str) else _no_decimal(of or name)
    except InvalidOperation:
        return _no_decimal(of or name)


def written(found: Decimal, digits: int) -> str:
    """An amount in the normal form, rounded half away from zero."""
    rounded = found.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):f}"


def minor(found: Decimal, digits: int) -> int:
    """An amount in minor units."""
    return int(Decimal(written(found, digits)).scaleb(digits))


def moment(body: Body, name: str) -> datetime:
    """A time that must be there, in aware UTC."""
    try:
        return in_utc(datetime.fromisoformat(required(body, name).replace("Z", "+00:00")))
    except (ValueError, Malformed):
        raise Unreadable(f"`{name}` is no time.") from None


def _no_decimal(name: str) -> Decimal:
    raise Unreadable(f"`{name}` is no decimal string.")
