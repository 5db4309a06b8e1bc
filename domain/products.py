"""A product with its variants in the form of the contract, as a shop is filled with it."""

from collections.abc import Mapping

from msgspec import Struct, field

from domain.errors import Malformed
from domain.orders import check_unique
from domain.reading import Money, record


class ProductVariant(Struct, frozen=True):
    """What can be bought of a product; `price` in minor units, `available` None where stock is not kept."""

    id: str
    price: Money
    sku: str | None = None
    barcode: str | None = None
    title: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    available: int | None = None


class Product(Struct, frozen=True):
    """What a shop sells."""

    id: str
    title: str
    variants: tuple[ProductVariant, ...]
    product_type: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None


_read_product = record(Product)


def read_product(document: Mapping[str, object], *, digits: int) -> Product:
    """The product of a document; its prices have the decimals of the shop's currency. Raises Malformed."""
    product = _read_product(dict(document), digits)
    if not product.id:
        raise Malformed("must not be empty", at="id")
    check_unique("variants", (variant.id for variant in product.variants))
    return product
