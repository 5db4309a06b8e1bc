"""Orders as WooCommerce makes, finds and changes them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.recordings import body_of
from tests.simulators.woocommerce.answer import ZONE, Answer, Refused, money, now, times
from tests.simulators.woocommerce.books import Document, decimals, new_id

RATES = {
    ("US", "NY"): {"rate_id": 1, "rate_code": "US-NY-NY SALES TAX-1", "label": "NY Sales Tax", "rate_percent": 8.875},
    ("FR", ""): {"rate_id": 2, "rate_code": "FR-TVA-1", "label": "TVA", "rate_percent": 20},
}
SEARCHED = ("first_name", "last_name", "company", "address_1", "address_2", "city", "postcode", "email", "phone")
ADDRESS = dict.fromkeys(body_of("woocommerce", "orders-get-A")["billing"], "")


def get(state: Document, order_id: str) -> Document:
    if order_id not in state["orders"]:
        raise Refused(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
    return state["orders"][order_id]


def listed(state: Document, query: dict[str, str]) -> list[Document]:
    """Newest first, or by the local time of their change; search is a contains match, not over SKUs and with no
    sense of "#" (fact 13)."""
    found = sorted(state["orders"].values(), key=lambda order: -order["id"])
    if query.get("orderby") == "modified":
        found.sort(key=lambda order: str(order["date_modified"]), reverse=query.get("order") != "asc")
    wanted = query.get("search")
    if wanted is not None:
        found = [order for order in found if wanted.lower() in _searchable(order)]
    for name, key in (("after", "date_created_gmt"), ("modified_after", "date_modified_gmt")):
        if name in query:
            since = _since(query[name], is_gmt=query.get("dates_are_gmt") == "true")
            found = [order for order in found if str(order[key]) > since]
    return found


def create(state: Document, body: Document, *, address: str) -> Answer:
    """An order; unknown products make empty lines (fact 21), and nobody looks whether there is stock."""
    order_id, at, digits = new_id(state), now(), decimals(state)
    order = {**body_of("woocommerce", "orders-create-X-exchange-zero"), "id": order_id, "number": str(order_id)}
    order |= {name: {**ADDRESS, **body.get(name, {})} for name in ("billing", "shipping")}
    order["shipping"].pop("email", None)
    paid = body.get("set_paid") or body.get("status") in ("processing", "completed")
    shipped = body.get("status") == "completed"
    order |= times("date_created", at) | times("date_modified", at) | times("date_paid", at if paid else None)
    order |= times("date_completed", at if shipped else None)
    order["status"] = body.get("status") or ("processing" if paid else "pending")
    order |= {
        name: body[name] for name in ("customer_id", "payment_method", "currency", "transaction_id") if name in body
    }
    rate = RATES.get((order["billing"]["country"], order["billing"]["state"]))
    order["line_items"] = [_line(state, line, rate=rate, digits=digits) for line in body.get("line_items", [])]
    order["shipping_lines"] = [
        _delivery(state, line, rate=rate, digits=digits) for line in body.get("shipping_lines", [])
    ]
    order["fee_lines"] = [_fee(state, line, digits=digits) for line in body.get("fee_lines", [])]
    order |= _totals(order, rate=rate, digits=digits, state=state)
    order["meta_data"] = [{"id": new_id(state), **entry} for entry in body.get("meta_data", [])]
    order["order_key"] = f"wc_order_{order_id}"
    order["payment_url"] = f"{address}/checkout/order-pay/{order_id}/?pay_for_order=true&key=wc_order_{order_id}"
    order["needs_payment"] = not paid and Decimal(order["total"]) > 0
    order["refunds"] = []
    state["orders"][str(order_id)] = order
    if paid:
        _take_from_stock(state, order)
    return Answer(order, status=201)


def change(state: Document, order_id: str, body: Document) -> Document:
    """A change of status, notes or meta data."""
    order = get(state, order_id)
    order |= {name: body[name] for name in ("status", "customer_note", "transaction_id") if name in body}
    kept = {entry["key"]: entry for entry in order["meta_data"]}
    for entry in body.get("meta_data", []):
        kept[entry["key"]] = {"id": new_id(state), **entry}
    order["meta_data"] = list(kept.values())
    order |= times("date_modified", now())
    if body.get("status") == "completed":
        order |= times("date_completed", now())
    return order


def note(state: Document, order_id: str, body: Document) -> Answer:
    get(state, order_id)
    at = times("date_created", now())
    shown = body.get("customer_note", False)
    made = {
        "id": new_id(state),
        "author": "WooCommerce",
        **at,
        "note": body["note"],
        "customer_note": shown,
        "_links": {},
    }
    state["notes"].setdefault(order_id, []).insert(0, made)
    return Answer(made, status=201)


def _searchable(order: Document) -> str:
    people = [str(order[part].get(name, "")) for part in ("billing", "shipping") for name in SEARCHED]
    return " ".join(
        [order["number"], str(order["id"]), *people, *(line["name"] for line in order["line_items"])]
    ).lower()


def _since(text: str, *, is_gmt: bool) -> str:
    """Fact 12: local unless it says otherwise."""
    at = datetime.fromisoformat(text)
    zone = ZoneInfo("UTC") if is_gmt else ZONE
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    return f"{at.astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%S}"


def _line(state: Document, asked: Document, *, rate: Document | None, digits: int) -> Document:
    if "product_id" not in asked and "variation_id" not in asked and "sku" not in asked:
        raise Refused(400, "woocommerce_rest_required_product_reference", "Product ID or SKU is required.")
    quantity = asked.get("quantity", 1)
    product = state["products"].get(str(asked.get("product_id"))) or {}
    kind = state["variations"].get(str(asked.get("product_id")), {}).get(str(asked.get("variation_id")))
    sold = kind or product
    price = Decimal(sold.get("price") or "0") * quantity
    subtotal, total = (money(asked.get(name, price), digits) for name in ("subtotal", "total"))
    taxes = {name: _tax(net, rate=rate, digits=digits) for name, net in (("subtotal", subtotal), ("total", total))}
    name = f"{product.get('name', '')} - {kind['name']}" if kind else product.get("name", "")
    return {
        "id": new_id(state),
        "name": asked.get("name", name),
        "product_id": product.get("id", 0),
        "variation_id": kind["id"] if kind else 0,
        "quantity": quantity,
        "tax_class": "",
        "subtotal": subtotal,
        "subtotal_tax": taxes["subtotal"],
        "total": total,
        "total_tax": taxes["total"],
        "taxes": [{"id": rate["rate_id"], "total": taxes["total"], "subtotal": taxes["subtotal"]}] if rate else [],
        "meta_data": [*_chosen(state, kind), *_entries(state, asked.get("meta_data", []))],
        "sku": sold.get("sku"),
        "global_unique_id": sold.get("global_unique_id", ""),
        "price": float(Decimal(total) / quantity),
        "image": {"id": "" if product and not kind else 0, "src": ""},
        "parent_name": product.get("name") if kind else None,
    }


def _chosen(state: Document, kind: Document | None) -> list[Document]:
    """Fact 15: slugs for global attributes, words for those of the product alone."""
    return [
        {
            "id": new_id(state),
            "key": attribute["slug"],
            "value": attribute["option"].lower() if attribute["id"] else attribute["option"],
            "display_key": attribute["name"],
            "display_value": attribute["option"],
        }
        for attribute in (kind or {}).get("attributes", [])
    ]


def _entries(state: Document, entries: list[Document]) -> list[Document]:
    shown: list[Any] = [{**entry, "display_key": entry["key"], "display_value": entry["value"]} for entry in entries]
    return [{"id": new_id(state), **entry} for entry in shown]


def _delivery(state: Document, asked: Document, *, rate: Document | None, digits: int) -> Document:
    total = money(asked["total"], digits)
    tax = _tax(total, rate=rate, digits=digits)
    return {
        "id": new_id(state),
        "method_title": asked.get("method_title", ""),
        "method_id": asked.get("method_id", ""),
        "instance_id": "",
        "total": total,
        "total_tax": tax,
        "taxes": [{"id": rate["rate_id"], "total": tax, "subtotal": ""}] if rate else [],
        "tax_status": "taxable",
        "meta_data": [],
    }


def _fee(state: Document, asked: Document, *, digits: int) -> Document:
    """A fee that is not taxed."""
    return {
        "id": new_id(state), "name": asked["name"], "tax_class": "", "tax_status": asked.get("tax_status", "taxable"),
        "amount": "", "total": money(asked["total"], digits), "total_tax": money(0, digits), "taxes": [],
        "meta_data": [],
    }  # fmt: skip


def pay(state: Document, order_id: str, *, gateway: str = "labpay") -> Document:
    """The shopper pays on the storefront; of a cancelled order the page takes nothing."""
    order = get(state, order_id)
    if order["status"] not in ("pending", "failed"):
        raise Refused(400, "order_cannot_be_paid", "This order cannot be paid for.")
    at = now()
    order |= {"status": "processing", "payment_method": gateway, "needs_payment": False}
    order |= times("date_paid", at) | times("date_modified", at)
    return order


def _tax(net: str, *, rate: Document | None, digits: int) -> str:
    percent = Decimal(str(rate["rate_percent"])) if rate else Decimal(0)
    return money(Decimal(net) * percent / 100, digits)


def _totals(order: Document, *, rate: Document | None, digits: int, state: Document) -> Document:
    def summed(lines: str, name: str) -> Decimal:
        return sum((Decimal(line[name]) for line in order[lines]), Decimal(0))

    cart, delivery = summed("line_items", "total_tax"), summed("shipping_lines", "total_tax")
    tax_line = {
        **(rate or {}),
        "id": new_id(state),
        "compound": False,
        "tax_total": money(cart, digits),
        "shipping_tax_total": money(delivery, digits),
        "meta_data": [],
    }
    shipping = summed("shipping_lines", "total")
    totals = {
        "cart_tax": cart,
        "shipping_total": shipping,
        "shipping_tax": delivery,
        "total_tax": cart + delivery,
        "total": summed("line_items", "total") + summed("fee_lines", "total") + shipping + cart + delivery,
        "discount_total": summed("line_items", "subtotal") - summed("line_items", "total"),
        "discount_tax": summed("line_items", "subtotal_tax") - cart,
    }
    return {name: money(value, digits) for name, value in totals.items()} | {"tax_lines": [tax_line] if rate else []}


def _take_from_stock(state: Document, order: Document) -> None:
    for line in order["line_items"]:
        kinds = state["variations"].get(str(line["product_id"]), {})
        found = kinds.get(str(line["variation_id"])) or state["products"].get(str(line["product_id"]))
        if found and found["manage_stock"]:
            found["stock_quantity"] -= line["quantity"]
            taken = {"key": "_reduced_stock", "value": str(line["quantity"])}
            line["meta_data"] += _entries(state, [taken])
