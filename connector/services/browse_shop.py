"""What a shop sells, as its storefront shows it."""

from connector.application import Application
from connector.services.quote_return import Document
from connector.storage import product_store
from connector.storage.shop_store import Shop


def products(app: Application, shop: Shop) -> tuple[Document, ...]:
    """Every product of the shop with its variants, in the contract's form."""
    with app.database.read(shop) as unit:
        return tuple(product_store.list_products(unit))
