"""What a shop sells, as imported in the form of the contract, and the stock of its own shelves."""

from collections.abc import Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select

from connector.storage import mark_store
from connector.storage.database import Unit
from connector.storage.errors import Conflict, NotFound
from connector.storage.prepared import Rows
from connector.storage.scope import (
    OF_SHOP,
    add_all,
    added,
    changed,
    every,
    next_number,
    prepared,
    put,
    removed,
    row_where,
    rows,
    rows_where,
    selected,
)
from connector.storage.tables.shop_tables import products, stock_movements, variants

Document = Mapping[str, Any]

OF_TYPE = select(products.c.id).where(
    products.c.shop_id == bindparam(OF_SHOP), products.c.product_type == bindparam("kind")
)
VARIANTS_OF_TYPE = prepared(select(variants).where(variants.c.product_id.in_(OF_TYPE)), variants)
"""Joined with the products, SQLite walks through all variants of the shop."""


class Movement(Struct, frozen=True):
    """Units that came onto the shelf (or left it, `delta` below 0), and why."""

    variant_id: str
    n: int
    delta: int
    why: str
    at: datetime


def save(unit: Unit, document: Document) -> None:
    """Add a product, or change the one of its id; its variants become those of the document, stock included."""
    product_id = document["id"]
    rest = {key: value for key, value in document.items() if key != "variants"}
    kind = document.get("product_type")
    put(unit, products, {"id": product_id, "title": document["title"], "document": rest, "product_type": kind})
    unit.connection.execute(removed(unit, variants, variants.c.product_id == product_id))
    given = [_variant_row(product_id, n, variant) for n, variant in enumerate(document.get("variants") or ())]
    add_all(unit, variants, given)
    mark_store.mark_variants(unit, product_id, given=document.get("variants") or ())


def get(unit: Unit, product_id: str) -> Document | None:
    """The product with its variants, each with its stock as of now."""
    found = document_of(unit, product_id)
    return None if found is None else {**found, "variants": list(variants_of(unit, product_id))}


def document_of(unit: Unit, product_id: str) -> Document | None:
    """The product without its variants."""
    found = row_where(unit, products, id=product_id)
    return None if found is None else found["document"]


def list_products(unit: Unit) -> tuple[Document, ...]:
    """All products by title, with their variants."""
    listed = rows(unit, selected(unit, products).order_by(products.c.title, products.c.id))
    return _together(listed, rows(unit, selected(unit, variants).order_by(variants.c.position)))


def of_type(unit: Unit, kind: str) -> tuple[Document, ...]:
    """The products of a type by title, with their variants."""
    listed = rows_where(unit, products, "title", "id", product_type=kind)
    return _together(listed, sorted(every(unit, VARIANTS_OF_TYPE, kind=kind), key=itemgetter("position")))


def variants_of(unit: Unit, product_id: str) -> tuple[Document, ...]:
    """The variants of a product in its own order; each names its `product_id`."""
    return tuple(_variant(found) for found in rows_where(unit, variants, "position", product_id=product_id))


def variant(unit: Unit, variant_id: str) -> Document | None:
    """The variant of this id; it names its `product_id`."""
    found = row_where(unit, variants, id=variant_id)
    return None if found is None else _variant(found)


def move_stock(unit: Unit, variant_id: str, *, delta: int, why: str, at: datetime) -> int | None:
    """The stock after so many units came or left, None where it is not kept.

    Raises NotFound, Conflict when fewer units are there than leave.
    """
    left = variants.c.available + delta
    enough = (variants.c.available.is_(None)) | (left >= 0)
    moved = changed(unit, variants, variants.c.id == variant_id, enough).values(available=left)
    found = unit.connection.execute(moved.returning(variants.c.available)).one_or_none()
    if found is None:
        raise _refusal(unit, variant_id)
    number = next_number(unit, stock_movements.c.n, stock_movements.c.variant_id == variant_id)
    added(unit, stock_movements, {"variant_id": variant_id, "n": number, "delta": delta, "why": why, "at": at})
    stock: int | None = found.available
    return stock


def movements_of(unit: Unit, variant_id: str) -> tuple[Movement, ...]:
    """All movements of a variant's stock, oldest first."""
    found = rows_where(unit, stock_movements, "n", variant_id=variant_id)
    return tuple(
        Movement(variant_id=one["variant_id"], n=one["n"], delta=one["delta"], why=one["why"], at=one["at"])
        for one in found
    )


def _together(listed: Rows, theirs: Rows) -> tuple[Document, ...]:
    """Products, each with its own of the variants."""
    by_product: dict[str, list[Document]] = {}
    for found in theirs:
        by_product.setdefault(found["product_id"], []).append(_variant(found))
    return tuple({**found["document"], "variants": by_product.get(found["id"], [])} for found in listed)


def _refusal(unit: Unit, variant_id: str) -> Exception:
    if variant(unit, variant_id) is None:
        return NotFound(f"there is no variant '{variant_id}'")
    return Conflict(f"fewer units of variant '{variant_id}' are there than leave")


def _variant_row(product_id: str, position: int, given: Document) -> dict[str, object]:
    rest = {key: value for key, value in given.items() if key != "available"}
    return {
        "id": given["id"],
        "product_id": product_id,
        "position": position,
        "document": rest,
        "available": given.get("available"),
    }


def _variant(found: Mapping[str, Any]) -> Document:
    return {**found["document"], "product_id": found["product_id"], "available": found["available"]}
