"""Orders and products of the stub, each made by the test that needs it."""

from tests.wordpress.site import Site


def an_order(
    site: Site, *, total: str = "43.01", gateway: str = "stubpay", customer: int = 0, email: str = "", **meta: str
) -> int:
    """A completed order."""
    known = {"_total": total, "_payment_method": gateway, "_status": "completed", "_email": email, **meta}
    return _made(site, "shop_order", {**known, "_customer": str(customer)})


def a_product(site: Site, *, stock: int = 8, counted: bool = True) -> int:
    """A product whose stock is counted or not."""
    return _made(site, "product", {"_manage_stock": "yes" if counted else "no", "_stock": str(stock)})


def stock_of(site: Site, product_id: int) -> int:
    """How many are there."""
    return int(site.php(f"return wc_get_product( {product_id} )->get_stock_quantity();"))


def _made(site: Site, kind: str, meta: dict[str, str]) -> int:
    listed = ", ".join(f"'{name}' => '{value}'" for name, value in meta.items())
    return int(site.php(f"return stub_made( '{kind}', array( {listed} ) );"))
