"""What a shop sells and promises, as its storefront shows it."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from connector.application import Application
from connector.services.policy_terms import terms_now
from connector.services.quote_return import Document
from connector.storage import order_store, product_store
from connector.storage.shop_store import Shop
from domain.currencies import DIGITS
from domain.policy import Policy

TRY = "try:"
MOST_ORDERS = 1000


class OrderToTry(Struct, frozen=True):
    """An order that a demonstration invites to return: what to type, and what is special about it."""

    number: str
    email: str
    about: str


def products(app: Application, shop: Shop) -> tuple[Document, ...]:
    """Every product of the shop with its variants, in the contract's form."""
    with app.database.read(shop) as unit:
        return tuple(product_store.list_products(unit))


def product(app: Application, shop: Shop, product_id: str) -> Document | None:
    """One product of the shop."""
    with app.database.read(shop) as unit:
        return product_store.get(unit, product_id)


def variant(app: Application, shop: Shop, variant_id: str) -> Document | None:
    """One variant, with what people call it as `name`."""
    with app.database.read(shop) as unit:
        found = product_store.variant(unit, variant_id)
        product = product_store.get(unit, str(found["product_id"])) if found else None
    if found is None or product is None:
        return None
    return {**found, "name": ", ".join(str(part) for part in (product["title"], found.get("title")) if part)}


def images_of(app: Application, shop: Shop, product_ids: Iterable[str]) -> Mapping[str, str]:
    """The picture of each product that has one."""
    with app.database.read(shop) as unit:
        found = {product_id: product_store.get(unit, product_id) for product_id in set(product_ids)}
    return {id_: str(product["image_url"]) for id_, product in found.items() if product and product.get("image_url")}


def images_of_lines(app: Application, shop: Shop, order: Document) -> Mapping[str, str]:
    """The picture of each line of an order whose product has one."""
    lines: Iterable[Mapping[str, str]] = order["lines"]  # type: ignore[assignment]
    products_of = {line["id"]: line["product_id"] for line in lines if line.get("product_id")}
    images = images_of(app, shop, products_of.values())
    return {line_id: images[product_id] for line_id, product_id in products_of.items() if product_id in images}


def promises(app: Application, shop: Shop) -> Policy:
    """The policy that new orders come under."""
    with app.database.read(shop) as unit:
        return terms_now(unit, digits=DIGITS[shop.currency])


def orders_to_try(app: Application, shop: Shop) -> tuple[OrderToTry, ...]:
    """The orders that a demonstration shows to everybody: those with a tag that begins with `try:`, no others."""
    with app.database.read(shop) as unit:
        orders = order_store.recent(unit, MOST_ORDERS)
    return tuple(
        OrderToTry(number=str(order["number"]), email=str(order["customer"]["email"]), about=tag.removeprefix(TRY))
        for order in orders
        for tag in order.get("tags") or ()
        if tag.startswith(TRY)
    )
