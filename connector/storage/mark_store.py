"""What orders and variants are found by besides their numbers: e-mail address, SKU, barcode, serial number."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from connector.storage.database import Unit
from connector.storage.scope import add_all, of_shop, removed, rows, rows_where, selected
from connector.storage.tables.counter_tables import order_marks, variant_marks
from connector.storage.tables.order_tables import orders
from connector.storage.tables.return_tables import return_groups, returns
from domain.scanning import Mark, Reading, marks_of_goods, marks_of_order
from domain.transitions import Acceptance, Reception

Document = Mapping[str, Any]

TO_COME = (Reception.AWAITING, Reception.IN_TRANSIT)
MOST_ORDERS = 500
"""How many of the newest orders of a product are looked at for what is still to come."""


def mark_order(unit: Unit, document: Document, *, placed_at: datetime) -> None:
    """Let an order be found by what stands in it now."""
    wanted, order_id = marks_of_order(document), document["id"]
    known = rows_where(unit, order_marks, order_id=order_id)
    if {(one["kind"], one["key"]) for one in known} == wanted:
        return
    unit.connection.execute(removed(unit, order_marks, order_marks.c.order_id == order_id))
    add_all(unit, order_marks, [{"order_id": order_id, "placed_at": placed_at, **_mark(one)} for one in sorted(wanted)])


def mark_variants(unit: Unit, product_id: str, *, given: Iterable[Document]) -> None:
    """Let the variants of a product be found by their SKUs and barcodes."""
    unit.connection.execute(removed(unit, variant_marks, variant_marks.c.product_id == product_id))
    marks = ((one["id"], mark) for one in given for mark in sorted(marks_of_goods(one)))
    add_all(unit, variant_marks, [{"variant_id": id_, "product_id": product_id, **_mark(mark)} for id_, mark in marks])


def orders_marked(unit: Unit, reading: Reading, *, limit: int) -> tuple[Document, ...]:
    """The newest orders that bear a mark, newest first."""
    bearing = _bearing(unit, reading).order_by(order_marks.c.placed_at.desc(), order_marks.c.order_id).limit(limit)
    ids = [found.order_id for found in unit.connection.execute(bearing)]
    found = {one["id"]: one["document"] for one in rows(unit, selected(unit, orders, orders.c.id.in_(ids)))}
    return tuple(found[order_id] for order_id in ids)


def returns_to_come(unit: Unit, reading: Reading, *, limit: int) -> tuple[str, ...]:
    """The numbers of the newest returns whose goods are still to come, of orders that bear a mark, newest first.

    The orders are found first, else SQLite walks through all returns for a mark that none of them bears.
    """
    newest = _bearing(unit, reading).order_by(order_marks.c.placed_at.desc()).limit(MOST_ORDERS)
    order_ids = [found.order_id for found in unit.connection.execute(newest)]
    if not order_ids:
        return ()
    mine = of_shop(unit, return_groups) & (return_groups.c.return_id == returns.c.id)
    waits = return_groups.c.reception.in_(TO_COME) & (return_groups.c.acceptance != Acceptance.REJECTED)
    theirs = selected(unit, returns, returns.c.order_id.in_(order_ids))
    open_ones = theirs.where(select(return_groups.c.id).where(mine, waits).exists())
    found = rows(unit, open_ones.order_by(returns.c.opened_at.desc(), returns.c.id).limit(limit))
    return tuple(one["id"] for one in found)


def variants_marked(unit: Unit, reading: Reading, *, limit: int) -> tuple[str, ...]:
    """The ids of the variants that bear a mark."""
    bearing = (variant_marks.c.kind == reading.kind) & (variant_marks.c.key == reading.key)
    found = rows(unit, selected(unit, variant_marks, bearing).order_by(variant_marks.c.variant_id).limit(limit))
    return tuple(one["variant_id"] for one in found)


def _bearing(unit: Unit, reading: Reading) -> Any:  # noqa: ANN401  a selection of one column, ordered by others
    bears = (order_marks.c.kind == reading.kind) & (order_marks.c.key == reading.key)
    return select(order_marks.c.order_id).where(of_shop(unit, order_marks), bears)


def _mark(mark: Mark) -> dict[str, str]:
    kind, key = mark
    return {"kind": kind, "key": key}
