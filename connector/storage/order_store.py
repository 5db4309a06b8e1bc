"""Orders in the normal form of the contract, as their channel last told them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from connector.storage import mark_store
from connector.storage.database import Unit
from connector.storage.errors import NotFound
from connector.storage.scope import first, known, of_shop, prepared, put, row, row_where, rows, selected
from connector.storage.tables.order_tables import orders
from domain.proof import number_key

Document = Mapping[str, Any]

LOCKED = prepared(select(orders).where(orders.c.id == bindparam("which")).with_for_update(), orders)


def save(unit: Unit, document: Document) -> None:
    """Add an order, or change the one of its id."""
    placed_at = datetime.fromisoformat(document["placed_at"])
    values = {
        "id": document["id"],
        "number_key": number_key(str(document.get("number") or document["id"])),
        "placed_at": placed_at,
        "document": document,
    }
    put(unit, orders, values)
    unit.known["order", document["id"]] = document
    mark_store.mark_order(unit, document, placed_at=placed_at)


def get(unit: Unit, order_id: str) -> Document | None:
    """The order of this id."""
    return known(unit, ("order", order_id), lambda: _document(row_where(unit, orders, id=order_id)))


def several(unit: Unit, ids: Iterable[str]) -> tuple[Document, ...]:
    """The orders of these ids."""
    return tuple(found["document"] for found in rows(unit, selected(unit, orders, orders.c.id.in_(list(ids)))))


def find_by_number(unit: Unit, number: str) -> Document | None:
    """The order of this number however it is written, the newest where a number was given twice."""
    named = selected(unit, orders, orders.c.number_key == number_key(number))
    return _document(row(unit, named.order_by(orders.c.placed_at.desc(), orders.c.id)))


def named(unit: Unit, number: str, *, limit: int) -> tuple[Document, ...]:
    """The orders of a number however it is written, newest first: tills and platforms may give the same one."""
    same = selected(unit, orders, orders.c.number_key == number_key(number))
    newest = same.order_by(orders.c.placed_at.desc(), orders.c.id).limit(limit)
    return tuple(found["document"] for found in rows(unit, newest))


def recent(unit: Unit, limit: int) -> tuple[Document, ...]:
    """The newest orders, newest first."""
    newest = selected(unit, orders).order_by(orders.c.placed_at.desc(), orders.c.id)
    return tuple(found["document"] for found in rows(unit, newest.limit(limit)))


def count(unit: Unit) -> int:
    """How many orders the shop has."""
    return unit.connection.execute(select(func.count()).select_from(orders).where(of_shop(unit, orders))).scalar_one()


def lock(unit: Unit, order_id: str) -> None:
    """Let other units that lock the order wait until this one is committed; raises NotFound."""
    found = first(unit, LOCKED, which=order_id)
    if found is None:
        raise NotFound(f"there is no order '{order_id}'")
    unit.known["order", order_id] = found["document"]


def _document(found: Mapping[str, Document] | None) -> Document | None:
    return None if found is None else found["document"]
