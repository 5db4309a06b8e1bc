"""Orders as a checkout makes them, for tests: paid, shipped, and whatever is asked of them besides."""

from decimal import Decimal
from typing import Any

from tests.simulators.shopify.books import Document, cents, new_id, now

ADDRESS = {"countryCodeV2": "US", "provinceCode": "NY", "zip": "10118", "city": "New York"}
TAX_RATE = Decimal("0.08875")


def sold(state: Document, *items: tuple[str, int], **changes: Any) -> Document:
    """An order of variants and quantities, with delivery for 6.90, paid by card and shipped in one parcel.

    `parcels` are lists of (line index, quantity); `discount` is taken off the first line; `tax` False leaves taxes out.
    """
    number = state["next_order"]
    state["next_order"] += 1
    lines = [_line(state, variant, quantity, changes) for variant, quantity in items or (("11", 2),)]
    if changes.get("discount"):
        lines[0]["discount"] = changes["discount"]
        lines[0]["tax"] = str(_tax(lines[0], changes))
    shipping = {"id": new_id(state), "title": "Standard", "price": changes.get("shipping", "6.90"), "tax": "0.00"}
    order = {
        "id": new_id(state),
        "name": changes.get("name", f"#{number}"),
        "created_at": changes.get("created_at", now()),
        "updated_at": now(),
        "cancelled_at": changes.get("cancelled_at"),
        "customer": changes.get("customer", "501"),
        "email": changes.get("email", "bob.buyer@example.com"),
        "currency": changes.get("currency", state["shop"]["currency"]),
        "taxes_included": changes.get("taxes_included", state["shop"]["taxes_included"]),
        "address": changes.get("address", ADDRESS),
        "lines": lines,
        "shipping": [shipping],
        "transactions": [],
        "refunds": [],
        "returns": [],
        "fulfillments": [],
    }
    state["orders"][order["id"]] = order
    _paid(state, order, changes)
    for parcel in changes.get("parcels", [[(n, line["quantity"]) for n, line in enumerate(lines)]]):
        shipped(state, order, parcel)
    return order


def total(order: Document) -> Decimal:
    """What an order costs: lines as they are sold now, and delivery."""
    lines = sum((worth(order, line, line["quantity"]) for line in order["lines"]), Decimal(0))
    return lines + sum((cents(one["price"]) for one in order["shipping"]), Decimal(0))


def worth(order: Document, line: Document, quantity: int) -> Decimal:
    """What units of a line cost, tax included; the last units bear what rounding left."""
    net = cents(line["price"]) * line["quantity"] - cents(line["discount"])
    gross = net if order["taxes_included"] else net + cents(line["tax"])
    return cents(gross * quantity / line["quantity"])


def shipped(state: Document, order: Document, parcel: list[tuple[int, int]]) -> Document:
    made = {
        "id": new_id(state),
        "order": order["id"],
        "created_at": now(),
        "delivered_at": None,
        "status": "SUCCESS",
        "lines": [
            {"id": new_id(state), "line": order["lines"][index]["id"], "quantity": quantity}
            for index, quantity in parcel
        ],
    }
    state["fulfillments"][made["id"]] = made
    order["fulfillments"].append(made["id"])
    return made


def _paid(state: Document, order: Document, changes: dict[str, Any]) -> None:
    gateways = changes.get("paid_with", [("bogus", None)])
    left = total(order)
    for gateway, share in gateways:
        amount = left if share is None else cents(share)
        left -= amount
        order["transactions"].append(
            {
                "id": new_id(state),
                "kind": "SALE",
                "status": "SUCCESS",
                "gateway": gateway,
                "amount": str(amount),
                "parent": None,
            }
        )


def _line(state: Document, variant: str, quantity: int, changes: dict[str, Any]) -> Document:
    known = state["variants"][variant]
    line = {
        "id": new_id(state),
        "variant": variant,
        "title": state["products"][known["product"]]["title"],
        "variant_title": known["title"],
        "sku": known["sku"],
        "quantity": quantity,
        "gone": 0,
        "price": known["price"],
        "discount": "0.00",
        "tax": "0.00",
        "rate": None,
    }
    line["tax"] = str(_tax(line, changes))
    line["rate"] = float(TAX_RATE) if changes.get("tax", True) else None
    return line


def _tax(line: Document, changes: dict[str, Any]) -> Decimal:
    if not changes.get("tax", True):
        return Decimal("0.00")
    net = cents(line["price"]) * line["quantity"] - cents(line["discount"])
    included = changes.get("taxes_included", False)
    return cents(net * TAX_RATE / (1 + TAX_RATE)) if included else cents(net * TAX_RATE)
