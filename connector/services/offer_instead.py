"""What a shopper may take instead of what comes back: any variant of the product, and what most likely suits better."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from adapters.channel import Variant
from connector.application import Application
from connector.services.offer_lines import Variants, image_of, line_of, replacement_choices, variants_once
from connector.services.quote_return import Document, answer, as_read
from connector.storage import product_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain.money import format_amount, share
from domain.offers import BEYOND, Goods, Shelf, offers
from domain.orders import Line, Order, read_order

Swap = tuple[str, str]
"""A line, and the variant that is wanted instead."""


class Wanted(Struct, frozen=True):
    """What comes back of a line: how many units, and why."""

    line_id: str
    quantity: int
    reason: str


class Offer(Struct, frozen=True):
    """A variant to take instead: `difference` is what it costs more, less than zero what is given back besides."""

    variant: Variant
    title: str
    image: str | None
    difference: Decimal


class Grounds(Struct, frozen=True):
    """What of our own books is wanted to offer something: the case of the order, in which nothing is asked for yet.

    `product` is the line's own, without its variants; `others` are those that may be offered as well.
    """

    case: Document
    order: Order
    product: Document | None
    others: tuple[Document, ...]

    def image(self, product_id: str) -> str | None:
        """Where the picture of a product is."""
        return image_of(next((one for one in self.others if one["id"] == product_id), self.product))


def grounds_of(unit: Unit, *, case: Document, wanted: Wanted) -> Grounds:
    """All that our own books say, so that no transaction is open while a platform is asked."""
    order = as_read(unit, case["order"])  # type: ignore[arg-type]
    product_id = line_of(order, wanted.line_id).product_id
    product = product_store.document_of(unit, product_id) if product_id else None
    kind = product.get("product_type") if product and wanted.reason in BEYOND else None
    alike = product_store.of_type(unit, kind) if kind else ()
    others = tuple(other for other in alike if other["id"] != product_id)
    return Grounds(case, order=order, product=product, others=others)


def suggested(
    app: Application, shop: Shop, *, wanted: Wanted, grounds: Grounds, variants: Variants
) -> tuple[Offer, ...]:
    """What to offer, the likeliest first, each with the difference that its quote says."""
    order = grounds.order
    line, there = line_of(order, wanted.line_id), _variants_for(wanted, grounds, variants=variants)
    by_id = {variant.id: variant for variant in there}
    shelf = Shelf(
        [_goods(one, order) for one in there if one.product_id == line.product_id],
        [_goods(one, order) for one in there if one.product_id != line.product_id],
    )
    found = offers(_bought(line, by_id), shelf, reason=wanted.reason, quantity=wanted.quantity)
    likely = (_as_it_is_now(by_id[goods.variant_id], line=line, variants=variants) for goods in found)
    made = (_offer(app, shop, wanted=wanted, grounds=grounds, variant=one) for one in likely if one is not None)
    return tuple(offer for offer in made if offer is not None)


def exchange_for(app: Application, shop: Shop, *, order: Document, line_id: str, variant_id: str) -> Document | None:
    """A variant as a case wants it: its price in the order's terms, its stock as of now; None when there is none."""
    swap = (line_id, variant_id)
    return exchanges_for(app, shop, order=read_order(order), swaps=[swap])[swap]


def exchanges_for(
    app: Application, shop: Shop, *, order: Order, swaps: Collection[Swap]
) -> Mapping[Swap, Document | None]:
    """What `exchange_for` says of each; a product is asked for once."""
    with app.database.read(shop) as unit:
        products = {variant_id: _product_of(unit, variant_id) for _, variant_id in swaps}
    variants, found = variants_once(app, shop), dict[Swap, Document | None]()
    for line_id, variant_id in swaps:
        line = line_of(order, line_id)
        product_id = products[variant_id] or line.product_id
        chosen = _named(variant_id, variants(product_id)) if product_id else None
        instead = None if chosen is None else _document(chosen, shop=shop, order=order, line=line)
        found[line_id, variant_id] = instead
    return found


def _variants_for(wanted: Wanted, grounds: Grounds, *, variants: Variants) -> tuple[Variant, ...]:
    """The variants of the line's product, as its channel says, and of the others of its type in our catalogue."""
    line = line_of(grounds.order, wanted.line_id)
    same = replacement_choices(grounds.order, wanted.line_id, variants=variants)
    own = [replace(one, title=f"{line.title}, {one.title}") if line.title else one for one in same]
    return (*own, *(variant for other in grounds.others for variant in _variants(other)))


def _variants(product: Document) -> Iterator[Variant]:
    for one in product["variants"]:  # type: ignore[attr-defined]
        yield Variant(
            id=one["id"],
            product_id=str(product["id"]),
            sku=one.get("sku"),
            title=f"{product['title']}, {one['title']}",
            options=one.get("options") or {},
            price=one["price"],
            available=one.get("available"),
        )


def _offer(app: Application, shop: Shop, *, wanted: Wanted, grounds: Grounds, variant: Variant) -> Offer | None:
    """The offer with what its own quote says, None where it would be refused."""
    line = line_of(grounds.order, wanted.line_id)
    item = {
        "line_id": wanted.line_id,
        "quantity": wanted.quantity,
        "reason": wanted.reason,
        "resolution": "exchange",
        "exchange_for": _document(variant, shop=shop, order=grounds.order, line=line),
    }
    quote = answer(app, {**grounds.case, "items": [item]}, order=grounds.order)
    if quote["approval"] == "refuse":
        return None
    difference = Decimal(str(quote["due"])) - Decimal(str(quote["total"]))
    return Offer(variant, title=variant.title, image=grounds.image(variant.product_id), difference=difference)


def _as_it_is_now(variant: Variant, *, line: Line, variants: Variants) -> Variant | None:
    """The variant as its channel says, which said so already of the line's own product; None when it is gone."""
    if variant.product_id == line.product_id:
        return variant
    there = _named(variant.id, variants(variant.product_id))
    return None if there is None else replace(there, title=variant.title)


def _named(variant_id: str, variants: Iterable[Variant]) -> Variant | None:
    return next((variant for variant in variants if variant.id == variant_id), None)


def _document(chosen: Variant, *, shop: Shop, order: Order, line: Line) -> Document:
    price = _price(chosen, shop=shop, order=order, line=line)
    return {
        "variant_id": chosen.id,
        "product_id": chosen.product_id,
        "price": format_amount(price, order.digits),
        "tax": format_amount(_tax(price, line), order.digits),
        "available": chosen.available,
    }


def _price(chosen: Variant, *, shop: Shop, order: Order, line: Line) -> int:
    """The variant's price in the order's terms; for an order in another currency, that of what it replaces."""
    return round(Decimal(chosen.price).scaleb(order.digits)) if order.currency == shop.currency else line.unit_price


def _tax(price: int, line: Line) -> int:
    """The tax on a price, at the rate that the line was taxed with."""
    taxed = line.unit_price * line.quantity - (line.discount or 0)
    levied = sum(tax.amount for tax in line.taxes) if line.tax is None else line.tax
    return share(price, levied, taxed) if taxed > 0 else 0


def _product_of(unit: Unit, variant_id: str) -> str | None:
    found = product_store.variant(unit, variant_id)
    return None if found is None else str(found["product_id"])


def _goods(variant: Variant, order: Order) -> Goods:
    price = round(Decimal(variant.price).scaleb(order.digits))
    return Goods(variant.id, variant.product_id, price=price, available=variant.available, options=variant.options)


def _bought(line: Line, variants: Mapping[str, Variant]) -> Goods:
    """What was bought; its options are those of the catalogue where the order does not name them."""
    known = variants.get(line.variant_id or "")
    options = line.options or (known.options if known else {})
    return Goods(line.variant_id or line.id, line.product_id or "", price=line.unit_price, options=options)
