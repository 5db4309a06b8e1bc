"""What of a proved order is offered: its lines, and the variants to swap them for."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from msgspec import Struct

from adapters.channel import Variant
from connector.application import Application
from connector.services.errors import NotFound
from connector.services.quote_return import Document, Request, answer, as_read, case_of
from connector.storage import policy_store, product_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.money import format_amount
from domain.orders import Line, Order

Variants = Callable[[str], tuple[Variant, ...]]
"""The variants of a product, with their stock."""


class LineChoice(Struct, frozen=True):
    """An order line as it is offered: `returnable` units may come back, else `why` has the quote's reasons."""

    line_id: str
    title: str
    detail: str
    image: str | None
    returnable: int
    why: Sequence[Mapping[str, object]]
    price: str


def line_choices(
    app: Application, shop: Shop, *, order: Document, channel: str = "online", gift: bool = False
) -> tuple[LineChoice, ...]:
    """Every line of a proved order with how many units may come back, or why none; of a gift, to who got it."""
    with app.database.read(shop) as unit:
        case = case_of(app, unit, order=order, request=Request(items=(), channel=channel, gift=gift))
        return line_choices_in(app, unit, case=case, gift=gift)


def line_choices_in(app: Application, unit: Unit, *, case: Document, gift: bool = False) -> tuple[LineChoice, ...]:
    """Every line of the order of a case in which nothing is asked for yet, within the caller's transaction."""
    read = as_read(unit, case["order"])  # type: ignore[arg-type]
    images = {id_: _image(unit, id_) for id_ in {line.product_id for line in read.lines}}
    first: Document = {"resolution": "store_credit", "exchange_for": None} if gift else {}
    asked = {**case, "items": [{**_one(unit, line, read), **first} for line in read.lines]}
    returned = answer(app, asked, order=read)["items"]
    return tuple(
        _choice(app, line, case=asked, order=read, item=item, image=images[line.product_id])
        for line, item in zip(read.lines, returned, strict=True)  # type: ignore[call-overload]
    )


def variants_once(app: Application, shop: Shop) -> Variants:
    """What the shop's channel says of products just now, of each asked once and only when it is wanted."""
    return cache(lambda product_id: app.channels.for_shop(shop, shop.channel).variants(product_id))


def replacement_choices(order: Order, line_id: str, *, variants: Variants) -> tuple[Variant, ...]:
    """The variants of a line's product: the others that are in stock, the same one, and what is sold out."""
    line = line_of(order, line_id)
    there = variants(line.product_id) if line.product_id else ()
    return tuple(sorted(there, key=lambda variant: (variant.available == 0, variant.id == line.variant_id)))


def title_of(line: Line) -> str:
    """A line's product and variant as a person reads it."""
    return ", ".join(part for part in (line.title, line.variant_title) if part) or line.sku or line.id


def line_of(order: Order, line_id: str) -> Line:
    """A line of an order; raises NotFound."""
    line = next((line for line in order.lines if line.id == line_id), None)
    if line is None:
        raise NotFound("There is no such item in this order.")
    return line


def _choice(
    app: Application, line: Line, *, case: Document, order: Order, item: Mapping[str, object], image: str | None
) -> LineChoice:
    reasons: Sequence[Mapping[str, object]] = item["reasons"]  # type: ignore[assignment]
    possible = item["verdict"] != "refused"
    quantity = _most(app, case, line=line, order=order) if possible and line.quantity > 1 else int(possible)
    return LineChoice(
        line_id=line.id,
        title=title_of(line),
        detail=f"{line.quantity} ×" if line.quantity > 1 else "",
        image=image,
        returnable=quantity,
        why=() if possible else reasons,
        price=str(item["amount"]),
    )


def _most(app: Application, case: Document, *, line: Line, order: Order) -> int:
    """The largest number of units that may come back, most often all; fewer may whenever more may."""
    items: Sequence[Mapping[str, object]] = case["items"]  # type: ignore[assignment]
    one = next(item for item in items if item["line_id"] == line.id)

    def is_refused(quantity: int) -> int:
        asked = dict(case) | {"items": [dict(one) | {"quantity": quantity}]}
        verdicts: Sequence[Mapping[str, object]] = answer(app, asked, order=order)["items"]  # type: ignore[assignment]
        return int(verdicts[0]["verdict"] == "refused")

    if not is_refused(line.quantity):
        return line.quantity
    return bisect_right(range(1, line.quantity), 0, key=is_refused)


def _one(unit: Unit, line: Line, order: Order) -> Document:
    """One unit of a line, asked for in the first way that the merchant offers."""
    policy = policy_store.in_force(unit, at=order.placed_at)
    offered = policy.get("resolutions") or ["refund"]
    resolution = next(iter(offered)) if isinstance(offered, list) else "refund"
    nothing = format_amount(0, order.digits)
    swap = {"variant_id": line.variant_id or line.id, "product_id": line.product_id, "price": nothing}
    return {
        "line_id": line.id,
        "quantity": 1,
        "resolution": resolution,
        "exchange_for": swap if resolution == "exchange" else None,
    }


def _image(unit: Unit, product_id: str | None) -> str | None:
    return image_of(product_store.document_of(unit, product_id) if product_id else None)


def image_of(product: Document | None) -> str | None:
    """Where the picture of a product is, None without one."""
    return str(product["image_url"]) if product and product.get("image_url") else None
