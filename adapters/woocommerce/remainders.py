"""Store credit of which something is left after its use.

Fact 19: a coupon is used once, and what is left of it is lost. So what is left is given anew as another coupon, and the
used one is made as small as what was used of it: whoever cancels that order gets back that much and no more.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from adapters.woocommerce.client import StoreClient
from adapters.woocommerce.compose import CREDIT_OF, credit_marks
from adapters.woocommerce.exchange import KEY
from adapters.woocommerce.fields import Body, amount, identity, meta, parts, required, text
from adapters.woocommerce.normalise import terms_of
from adapters.woocommerce.refunds import MARKER
from domain.money import format_amount

REST = "-rest-"
PAID = frozenset({"processing", "completed"})
"""Statuses in which the use of a coupon stands; until then the shopper may still change the cart."""
COPIED = ("discount_type", "individual_use", "usage_limit", "email_restrictions", "description")


class Remainder(Struct, frozen=True):
    """What is left of a used coupon of ours: `key` names the new one, `used` is in minor units, like `left`."""

    key: str
    coupon: Body
    order_id: str
    left: int
    used: int
    digits: int


def remainders_in(client: StoreClient, order: Body) -> Iterator[Remainder]:
    """What is left of each coupon of ours that was used in a paid order."""
    if text(order, "status") not in PAID:
        return
    digits = terms_of(order).digits
    for line in parts(order, "coupon_lines"):
        coupon = _ours(client, required(line, "code"))
        used = _used(line, order)
        left = amount(coupon, "amount") - used if coupon else Decimal(0)
        if coupon is not None and left > 0:
            key = f"{_key_of(coupon).partition(REST)[0]}{REST}{required(order, 'id')}"
            yield Remainder(
                key, coupon, _order_of(coupon, order), int(left.scaleb(digits)), int(used.scaleb(digits)), digits
            )


def remainder_body(rest: Remainder, *, code: str) -> Body:
    """The coupon over what is left."""
    kept = {name: rest.coupon[name] for name in COPIED if name in rest.coupon}
    return_id = identity(meta(rest.coupon).get(MARKER, {}), "value") or ""
    marks = credit_marks(rest.key, return_id, order_id=rest.order_id)
    return {**kept, "code": code, "amount": format_amount(rest.left, rest.digits), "meta_data": marks}


def shrink(client: StoreClient, rest: Remainder) -> None:
    """Make the used coupon as small as what was used of it."""
    body = {"amount": format_amount(rest.used, rest.digits)}
    client.send("PUT", f"/coupons/{required(rest.coupon, 'id')}", body)


def _ours(client: StoreClient, code: str) -> Body | None:
    for coupon in client.listed("/coupons", {"code": code}):
        if (
            text(coupon, "code") == code.lower()
            and KEY in meta(coupon)
            and text(coupon, "discount_type") == "fixed_cart"
        ):
            return coupon
    return None


def _used(line: Body, order: Body) -> Decimal:
    """What a coupon took off: its amount is with tax where the prices are."""
    tax = amount(line, "discount_tax") if order.get("prices_include_tax") is True else Decimal(0)
    return amount(line, "discount") + tax


def _key_of(coupon: Body) -> str:
    return required(meta(coupon)[KEY], "value")


def _order_of(coupon: Body, order: Body) -> str:
    """The order whose customer the credit belongs to; of one that does not say so, the order that it was used in."""
    known: Mapping[str, Body] = meta(coupon)
    return identity(known.get(CREDIT_OF, {}), "value") or required(order, "id")
