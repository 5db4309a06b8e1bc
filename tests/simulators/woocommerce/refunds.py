"""Refunds as WooCommerce takes them: anything goes that the order's total still bears (fact 7), and twice is twice."""

import time
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.simulators.woocommerce.answer import Answer, Refused, money, now, times
from tests.simulators.woocommerce.books import Books, Document, decimals, new_id

UNSUPPORTED = "The payment gateway for this order does not support automatic refunds."
CANNOT = "woocommerce_rest_cannot_create_order_refund"


def create(books: Books, order_id: str, body: Document) -> Answer:
    """Checked, written down, sent to the gateway, finished: four steps, between which others can do the same."""
    with books.change() as state:
        order = _order(state, order_id)
        amount = _amount(body, digits=decimals(state))
        _check(state, order, amount)
        via_gateway = body.get("api_refund", True)
        gateway = order["payment_method"]
        supported = any(known["id"] == gateway and "refunds" in known["method_supports"] for known in state["gateways"])
        pause = state["race_seconds"]
    if via_gateway and not supported:
        raise Refused(500, CANNOT, UNSUPPORTED, bare=500)
    time.sleep(pause)
    with books.change() as state:
        refund = _written_down(state, order_id, body=body, amount=amount)
    if via_gateway:
        _ask_gateway(books, order_id, refund=refund)
    with books.change() as state:
        return Answer(_finished(state, order_id, refund_id=refund["id"], body=body, paid=bool(via_gateway)), status=201)


def left(state: Document, order_id: str) -> Decimal:
    """What the order still bears: its total less all refunds, those in flight too."""
    order = state["orders"][order_id]
    return Decimal(order["total"]) + sum(Decimal(refund["total"]) for refund in order["refunds"])


def _order(state: Document, order_id: str) -> Document:
    if order_id not in state["orders"]:
        raise Refused(500, "woocommerce_rest_invalid_order_id", "Invalid order ID.", bare=404)
    return state["orders"][order_id]


def _amount(body: Document, *, digits: int) -> str:
    """Fact 6: a string, or left out and then summed."""
    given = body.get("amount")
    if given is None:
        return money(sum((_gross(line) for line in body.get("line_items", [])), Decimal(0)), digits)
    if not isinstance(given, str):
        raise _not_a_string()
    try:
        return money(given, digits)
    except InvalidOperation:
        raise Refused(500, CANNOT, "Invalid refund amount.", bare=500) from None


def _not_a_string() -> Refused:
    message = "amount is not of type string."
    detail = {"code": "rest_invalid_type", "message": message, "data": {"param": "amount"}}
    return Refused(
        400,
        "rest_invalid_param",
        "Invalid parameter(s): amount",
        params={"amount": message},
        details={"amount": detail},
    )


def _gross(line: Document) -> Decimal:
    taxes = sum((Decimal(str(tax["refund_total"])) for tax in line.get("refund_tax", [])), Decimal(0))
    return Decimal(str(line["refund_total"])) + taxes


def _check(state: Document, order: Document, amount: str) -> None:
    if Decimal(amount) < 0:
        raise Refused(
            500, "woocommerce_rest_invalid_order_refund", "Refund amount must be greater than zero.", bare=400
        )
    if Decimal(amount) > left(state, str(order["id"])):
        raise Refused(500, CANNOT, "Invalid refund amount.", bare=500)


def _written_down(state: Document, order_id: str, *, body: Document, amount: str) -> Document:
    """Visible at once, in the list and in the order, and without meta data until it is finished (fact 3)."""
    order = state["orders"][order_id]
    digits = decimals(state)
    known = {line["id"]: (name, line) for name in ("line_items", "shipping_lines", "fee_lines") for line in order[name]}
    refund: Document = {
        "id": new_id(state),
        **times("date_created", now()),
        "amount": amount,
        "reason": body.get("reason", ""),
        "refunded_by": 1,
        "refunded_payment": False,
        "meta_data": [],
        "line_items": [],
        "shipping_lines": [],
        "tax_lines": [],
        "fee_lines": [],
        "_links": {},
    }
    for asked in body.get("line_items", []):
        if asked["id"] in known:
            name, line = known[asked["id"]]
            refund[name].append(_line(state, line, asked=asked, digits=digits, counts=name == "line_items"))
    state["refunds"].setdefault(order_id, []).insert(0, refund)
    shown = {"id": refund["id"], "reason": refund["reason"], "total": f"-{amount}", "total_tax": "0.00"}
    order["refunds"].insert(0, shown)
    return refund


def _line(state: Document, line: Document, *, asked: Document, digits: int, counts: bool) -> Document:
    net = money(-Decimal(str(asked.get("refund_total", 0))), digits)
    rates = {tax["id"] for tax in line["taxes"]}
    told = {tax["id"]: money(-Decimal(str(tax["refund_total"])), digits) for tax in asked.get("refund_tax", [])}
    taxes = [
        {"id": rate, "total": told[rate], "subtotal": told[rate] if counts else ""} for rate in told if rate in rates
    ]
    tax = money(sum((Decimal(entry["total"]) for entry in taxes), Decimal(0)), digits)
    subtotals: Document = (
        {"quantity": -int(asked.get("quantity", 0)), "subtotal": net, "subtotal_tax": tax} if counts else {}
    )
    key = "_refunded_item_id"
    value = str(line["id"])
    entry = {"id": new_id(state), "key": key, "value": value, "display_key": key, "display_value": value}
    return {
        **line,
        **subtotals,
        "id": new_id(state),
        "total": net,
        "total_tax": tax,
        "taxes": taxes,
        "meta_data": [entry],
    }


def _ask_gateway(books: Books, order_id: str, *, refund: Document) -> None:
    """The recorded gateway: "decline" in the reason fails; it answers when it is let."""
    with books.change() as state:
        state["gateway_calls"].append({"order": order_id, "amount": refund["amount"], "reason": refund["reason"]})
        declines = state.get("gateway_declines", False) or "decline" in refund["reason"]
    while books.read()["gateway_waits"]:
        time.sleep(0.01)
    if declines:
        with books.change() as state:
            _drop(state, order_id, refund["id"])
        raise Refused(500, CANNOT, "Refund declined by LabPay", bare=500)


def _drop(state: Document, order_id: str, refund_id: int) -> None:
    order = state["orders"][order_id]
    order["refunds"] = [one for one in order["refunds"] if one["id"] != refund_id]
    state["refunds"][order_id] = [one for one in state["refunds"][order_id] if one["id"] != refund_id]


def _finished(state: Document, order_id: str, *, refund_id: int, body: Document, paid: bool) -> Document:
    (refund,) = [one for one in state["refunds"][order_id] if one["id"] == refund_id]
    order = state["orders"][order_id]
    full = left(state, order_id) <= 0
    refund["refunded_payment"] = paid
    entries: list[Any] = [{"key": "_refund_type", "value": "full" if full else "partial"}, *body.get("meta_data", [])]
    refund["meta_data"] = [{"id": new_id(state), **entry} for entry in entries]
    if body.get("api_restock", True):
        _restock(state, refund)
    order.update(times("date_modified", now()))
    if full:
        order["status"] = "refunded"
    return refund


def _restock(state: Document, refund: Document) -> None:
    """Fact 8: stock rises by the quantities of the lines."""
    for line in refund["line_items"]:
        kinds = state["variations"].get(str(line["product_id"]), {})
        found = kinds.get(str(line["variation_id"])) or state["products"].get(str(line["product_id"]))
        if found and found["manage_stock"]:
            found["stock_quantity"] += -line["quantity"]
