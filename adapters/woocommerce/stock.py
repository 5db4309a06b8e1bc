"""Products as what can be given instead, and their stock."""

import json
from collections.abc import Mapping

from msgspec import Struct

from adapters.channel import Variant
from adapters.woocommerce.client import StoreClient
from adapters.woocommerce.faults import NoSuchThing
from adapters.woocommerce.fields import Body, identity, meta, parts, required, text, unescaped

RESTOCKS = "_backhaul_restocks"
RESTOCKED = "_backhaul_restocked"
"""The entry by which our plugin says the same, one for each key."""
REMEMBERED = 50
"""So many restocks a product remembers: more than can be under way at once."""


class Shelf(Struct, frozen=True):
    """Where the stock of a variant is kept: at itself, or at its product (`manage_stock` is then "parent")."""

    product_id: str
    path: str
    body: Body

    @property
    def available(self) -> int | None:
        """How many can be taken; None where the store does not count, or sells what it does not have."""
        return available(self.body)


def available(body: Body) -> int | None:
    """How many of a product or variation can be taken (fact 18: without `manage_stock` there is no number)."""
    if body.get("backorders_allowed") is True:
        return None
    quantity = body.get("stock_quantity")
    if body.get("manage_stock") is not False and isinstance(quantity, int):
        return max(0, quantity)
    return 0 if text(body, "stock_status") == "outofstock" else None


def variants_of(client: StoreClient, product_id: str) -> tuple[Variant, ...]:
    """The variants of a product with price and stock as of now; none of a product that is gone (fact 16)."""
    try:
        product = client.one(f"/products/{product_id}")
    except NoSuchThing:
        return ()
    if text(product, "type") != "variable":
        return (_variant(product, product_id=product_id),)
    found = client.listed(f"/products/{product_id}/variations")
    return tuple(_variant(kind, product_id=product_id, parent=product) for kind in found if _is_definite(kind, product))


def shelf_of(client: StoreClient, variant_id: str) -> Shelf | None:
    """Where the stock of a variant is kept, None when it is gone from the catalogue.

    Fact 18: a variation is read under its own id too, but changed under its product only.
    """
    if not variant_id.isdigit():
        return None
    try:
        found = client.one(f"/products/{variant_id}")
        parent = identity(found, "parent_id") if text(found, "type") == "variation" else None
        if parent is None:
            return Shelf(product_id=variant_id, path=f"/products/{variant_id}", body=found)
        if found.get("manage_stock") == "parent":
            return Shelf(product_id=parent, path=f"/products/{parent}", body=client.one(f"/products/{parent}"))
        path = f"/products/{parent}/variations/{variant_id}"
        return Shelf(product_id=parent, path=path, body=client.one(path))
    except NoSuchThing:
        return None


def raise_stock(client: StoreClient, variant_id: str, *, quantity: int, key: str) -> None:
    """Put units on sale once for a key: number and key are written in one change, so neither is without the other.

    Fact 18: the store knows an absolute number only, so a sale between reading and writing is not seen.
    """
    shelf = shelf_of(client, variant_id)
    mark = f"{key}:{variant_id}"
    if shelf is None or shelf.body.get("manage_stock") is not True:
        return
    known = _restocks(shelf.body)
    stock = shelf.body.get("stock_quantity")
    if _is_raised(shelf, mark=mark):
        return
    raised = (stock if isinstance(stock, int) else 0) + quantity
    remembered = json.dumps([*known, mark][-REMEMBERED:])
    client.send("PUT", shelf.path, {"stock_quantity": raised, "meta_data": [{"key": RESTOCKS, "value": remembered}]})


def was_raised(client: StoreClient, variant_id: str, *, key: str) -> bool:
    """Whether the stock of a variant was raised under a key, by us or by our plugin."""
    shelf = shelf_of(client, variant_id)
    return shelf is not None and _is_raised(shelf, mark=f"{key}:{variant_id}")


def _is_raised(shelf: Shelf, *, mark: str) -> bool:
    by_plugin = (entry.get("value") for entry in parts(shelf.body, "meta_data") if entry.get("key") == RESTOCKED)
    return mark in _restocks(shelf.body) or mark in by_plugin


def _restocks(body: Body) -> list[str]:
    written = text(meta(body).get(RESTOCKS, {}), "value")
    try:
        found = json.loads(written) if written else []
    except ValueError:
        return []
    return [str(mark) for mark in found] if isinstance(found, list) else []


def _is_definite(kind: Body, product: Body) -> bool:
    """Whether a variation is one thing: one that leaves an attribute open ("any", fact 15) is several."""
    wanted = {identity(attribute, "name") for attribute in parts(product, "attributes") if attribute.get("variation")}
    chosen = {identity(attribute, "name") for attribute in parts(kind, "attributes") if text(attribute, "option")}
    return wanted <= chosen and text(kind, "status") != "private"


def _variant(body: Body, *, product_id: str, parent: Body | None = None) -> Variant:
    options = _options(body) if parent else {}
    stock = parent if parent and body.get("manage_stock") == "parent" else body
    return Variant(
        id=required(body, "id"),
        product_id=product_id,
        sku=unescaped(body, "sku"),
        title=", ".join(options.values()) or unescaped(body, "name") or "",
        options=options,
        price=text(body, "price") or "0",
        available=available(stock),
    )


def _options(body: Body) -> Mapping[str, str]:
    chosen = ((unescaped(entry, "name"), unescaped(entry, "option")) for entry in parts(body, "attributes"))
    return {name: option for name, option in chosen if name and option}
