"""Money and goods of returns.

Captured [C]: what a refund above the payment, of too many units, or without a parent is answered; what dispositions are
refused. Modelled [M], because no recording exists: the figures of suggestedFinancialOutcome, all money of exchanges, a
refund's link to its return, and that the note of returnProcess stands on the refund it makes.
"""

from decimal import Decimal
from typing import Any

from tests.simulators.shopify import returns, views
from tests.simulators.shopify.books import Document, Refused, cents, new_id, now, tail
from tests.simulators.shopify.selling import total, worth

ZERO = Decimal("0.00")
CREDIT = "shopify_store_credit"


def received(order: Document) -> Decimal:
    """What was paid less what went back."""
    signs = {"SALE": 1, "CAPTURE": 1, "REFUND": -1}
    moved = (one for one in order["transactions"] if one["status"] in ("SUCCESS", "PENDING"))
    return sum((signs.get(one["kind"], 0) * cents(one["amount"]) for one in moved), ZERO)


def left_of(order: Document, transaction: Document) -> Decimal:
    given = (one for one in order["transactions"] if one["parent"] == transaction["id"] and one["kind"] == "REFUND")
    return cents(transaction["amount"]) - sum((cents(one["amount"]) for one in given), ZERO)


def outstanding(order: Document) -> Decimal:
    """What the order costs now less what was paid for it (modelled for exchanges)."""
    lines = ((line, line["gone"] + line.get("removed", 0)) for line in order["lines"])
    gone = sum((worth(order, line, units) for line, units in lines if units), ZERO)
    return max(ZERO, total(order) - gone - received(order) - cents(order.get("written_off", "0")))


def suggested(state: Document, found: Document, asked: Document) -> dict[str, Any]:
    """Modelled: goods less fees less what goes out, plus the delivery that is asked for."""
    order = state["orders"][found["order"]]
    goods, tax = ZERO, ZERO
    for wanted in asked["returnLineItems"]:
        line = _line(found, wanted["id"])
        sold = _sold(state, order, line)
        gross = worth(order, sold, wanted["quantity"])
        goods += gross - cents(gross * Decimal(str(line["restocking"])) / 100)
        tax += cents(cents(sold["tax"]) * wanted["quantity"] / sold["quantity"])
    out = sum(
        (_price(state, _exchange(found, one["id"])) * one["quantity"] for one in asked["exchangeLineItems"]), ZERO
    )
    delivery = _shipping_of(asked.get("refundShipping"), order)
    due = goods - cents(found["fee"]) - out + delivery
    kind = "InvoiceReturnOutcome" if due < 0 else "RefundReturnOutcome"
    return {
        "discountedSubtotal": views.bag(goods - tax, order),
        "totalTax": views.bag(tax, order),
        "maximumRefundable": views.bag(received(order), order),
        "financialTransfer": {"__typename": kind, "amount": views.bag(abs(due), order)},
    }


def process(state: Document, asked: Document) -> Document:
    """Confirm units, give money back, release exchanges; the return stays open [C]."""
    found = returns.known(state, asked["returnId"], at=["input", "returnId"])
    if found["status"] != "OPEN":
        raise Refused("Return status is invalid.", field=["input", "returnId"], code="INVALID_STATE")
    order = state["orders"][found["order"]]
    lines = [_processed(found, wanted, n) for n, wanted in enumerate(asked.get("returnLineItems") or [])]
    transfer = (asked.get("financialTransfer") or {}).get("issueRefund")
    if transfer is not None:
        _check_transfer(order, transfer)
    _check_stock(state, found, asked.get("exchangeLineItems") or [])
    for n, wanted in enumerate(asked.get("returnLineItems") or []):
        _dispose_all(state, wanted.get("dispositions") or [], at=["input", "returnLineItems", str(n)])
    for line, quantity in lines:
        line["processed"] += quantity
        _sold(state, order, line)["gone"] += quantity
    for wanted in asked.get("exchangeLineItems") or []:
        _release(state, order, found, wanted)
    if transfer is not None:
        _refunded(state, order, found, lines=lines, asked=asked, transfer=transfer)
    order["updated_at"] = now()
    return found


def refund(state: Document, asked: Document) -> Document:
    """refundCreate: amounts [C]; userErrors here have no code."""
    order = state["orders"].get(tail(asked["orderId"]))
    if order is None:
        raise Refused("Order does not exist", field=["orderId"])
    made = _new_refund(state, order, note=asked.get("note"), native=None)
    for line in asked.get("refundLineItems") or []:
        (sold,) = [one for one in order["lines"] if one["id"] == tail(line["lineItemId"])]
        if line["quantity"] > sold["quantity"] - sold["gone"]:
            raise Refused("Quantity cannot refund more items than were purchased", field=["refundLineItems"])
        made["lines"].append({"line": sold["id"], "quantity": line["quantity"]})
        sold["gone"] += line["quantity"]
    made["shipping"] = str((asked.get("shipping") or {}).get("amount") or "0")
    for wanted in asked.get("transactions") or []:
        if not wanted.get("parentId"):
            message = "Transactions require a parent_id associated with the order"
            raise Refused(message, field=["transactions"])
        _give(state, order, made, parent=wanted["parentId"], amount=cents(wanted["amount"]))
    _given_as_credit(state, order, made, asked)
    order["updated_at"] = now()
    return made


def credit(state: Document, account_id: str, asked: Document) -> Document:
    """storeCreditAccountCredit: a customer's own id names their account of the currency, made when it is not there."""
    amount, currency = cents(asked["creditAmount"]["amount"]), asked["creditAmount"]["currencyCode"]
    if not state["store_credit"]:
        raise Refused("Store credit is not enabled.", field=["id"], code="ACCOUNT_NOT_FOUND")
    if amount <= 0:
        message = "A positive amount must be used to credit a store credit account"
        raise Refused(message, field=["creditInput", "creditAmount", "amount"], code="NEGATIVE_OR_ZERO_AMOUNT")
    return _credited(state, _account(state, account_id, currency), amount)


def dispose(state: Document, asked: list[Document]) -> list[Document]:
    if not asked:
        raise Refused("Disposition inputs can't be blank", field=["dispositionInputs"], code="BLANK")
    _dispose_all(state, asked, at=["dispositionInputs"])
    names = {tail(one["reverseFulfillmentOrderLineItemId"]) for one in asked}
    return [line for rfo in state["rfos"].values() for line in rfo["lines"] if line["id"] in names]


def send_parcel(state: Document, asked: Document) -> str:
    rfo = state["rfos"].get(tail(asked["reverseFulfillmentOrderId"]))
    if rfo is None:
        field = ["reverseFulfillmentOrderId"]
        raise Refused("Reverse fulfillment order not found.", field=field, code="NOT_FOUND")
    made = {"id": new_id(state), "number": None, "label": None}
    _told_of_parcel(state, made, asked)
    state["deliveries"][made["id"]] = made
    rfo["deliveries"].append(made["id"])
    return str(made["id"])


def renumber_parcel(state: Document, asked: Document) -> str:
    name = tail(asked["reverseDeliveryId"])
    if name not in state["deliveries"]:
        raise Refused("Reverse delivery not found.", field=["reverseDeliveryId"], code="NOT_FOUND")
    _told_of_parcel(state, state["deliveries"][name], asked)
    return name


def _told_of_parcel(state: Document, parcel: Document, asked: Document) -> None:
    """Modelled: what is not named stays as it was, and only a file that is reached over https is taken."""
    if asked.get("trackingInput"):
        parcel["number"] = asked["trackingInput"].get("number")
    if asked.get("labelInput"):
        label_parcel(state, parcel, file=str(asked["labelInput"]["fileUrl"]))


def label_parcel(state: Document, parcel: Document, *, file: str) -> None:
    """A parcel has a label, as our app or the shop's people gave it; Shopify keeps a copy of it."""
    if not file.startswith("https://"):
        raise Refused("Label file url is invalid", field=["labelInput", "fileUrl"], code="INVALID")
    copied = f"https://cdn.shopify.example/files/label-{new_id(state)}.pdf"
    parcel["label"] = {"file": file, "public": copied, "at": now()}


def invoice(state: Document, order_id: str) -> Document:
    """Modelled: what a paid order is answered."""
    order = state["orders"].get(tail(order_id))
    if order is None:
        raise Refused("Order does not exist", field=["id"], code="ORDER_INVOICE_SEND_UNSUCCESSFUL")
    if outstanding(order) <= 0:
        raise Refused("Order has been paid.", field=["id"], code="ORDER_INVOICE_SEND_UNSUCCESSFUL")
    state["invoices"].append({"order": order["id"], "amount": str(outstanding(order))})
    return order  # type: ignore[no-any-return]


def paid_invoice(state: Document, order: Document) -> None:
    """The shopper pays what Shopify asked for."""
    made = {"id": new_id(state), "kind": "SALE", "status": "SUCCESS", "gateway": "bogus", "parent": None}
    order["transactions"].append({**made, "amount": str(outstanding(order))})


def _line(found: Document, line_id: str) -> Document:
    return _named(found["lines"], line_id, "Return line item not found.")


def _exchange(found: Document, line_id: str) -> Document:
    return _named(found["exchange"], line_id, "Exchange line item not found.")


def _named(listed: list[Document], name: str, message: str) -> Document:
    for one in listed:
        if one["id"] == tail(name):
            return one
    raise Refused(message, field=["input"], code="NOT_FOUND")


def _sold(state: Document, order: Document, line: Document) -> Document:
    _, shipped = returns.fulfilled(state, line["fulfilled"])
    (sold,) = [one for one in order["lines"] if one["id"] == shipped["line"]]
    return sold  # type: ignore[no-any-return]


def _price(state: Document, exchange: Document) -> Decimal:
    """What one unit that goes out costs: its price less its share of the discount; tax is in it (modelled)."""
    discount = cents(exchange["discount"]) / exchange["quantity"]
    return max(ZERO, cents(state["variants"][exchange["variant"]]["price"]) - discount)


def _processed(found: Document, wanted: Document, n: int) -> tuple[Document, int]:
    line, quantity = _line(found, wanted["id"]), int(wanted["quantity"])
    if not 0 < quantity <= line["quantity"] - line["processed"]:
        at = ["input", "returnLineItems", str(n), "quantity"]
        raise Refused("Return line item has an invalid quantity.", field=at, code="INVALID")
    return line, quantity


def _check_transfer(order: Document, transfer: Document) -> None:
    wanted = [cents(one["transactionAmount"]["amount"]) for one in transfer["orderTransactions"]]
    credited = [cents(one["storeCreditRefund"]["amount"]["amount"]) for one in transfer.get("refundMethods") or []]
    asked = sum((*wanted, *credited), ZERO)
    if asked > received(order):
        raise Refused(_too_much(asked, received(order)))


def _too_much(asked: Decimal, held: Decimal) -> str:
    return f"Refund amount ${asked:.2f} is greater than net payment received ${held:.2f}"


def _check_stock(state: Document, found: Document, wanted: list[Document]) -> None:
    """Modelled: Shopify itself may let a merchant oversell an exchange."""
    for one in wanted:
        line = _exchange(found, one["id"])
        if one["quantity"] > line["quantity"] - line["processed"]:
            raise Refused("Exchange line item has an invalid quantity.", field=["input"], code="INVALID")


def _release(state: Document, order: Document, found: Document, wanted: Document) -> None:
    """The goods that go out become lines of the same order [D] and leave the stock."""
    exchange = _exchange(found, wanted["id"])
    variant = state["variants"][exchange["variant"]]
    exchange["processed"] += wanted["quantity"]
    made = {
        "id": new_id(state), "variant": exchange["variant"], "sku": variant["sku"], "quantity": wanted["quantity"],
        "title": state["products"][variant["product"]]["title"], "variant_title": variant["title"], "gone": 0,
        "price": variant["price"], "discount": exchange["discount"], "tax": "0.00", "rate": None,
    }  # fmt: skip
    order["lines"].append(made)
    exchange["lines"].append(made["id"])
    if variant["stock"] is not None:
        variant["stock"] -= wanted["quantity"]


def _refunded(
    state: Document, order: Document, found: Document, *, lines: list[tuple[Document, int]], asked: Document,
    transfer: Document,
) -> None:  # fmt: skip
    made = _new_refund(state, order, note=asked.get("note"), native=found)
    for line, quantity in lines:
        line["refunded"] += quantity
        made["lines"].append({"line": _sold(state, order, line)["id"], "quantity": quantity})
    made["shipping"] = str(_shipping_of(asked.get("refundShipping"), order))
    for one in transfer["orderTransactions"]:
        _give(state, order, made, parent=one["parentId"], amount=cents(one["transactionAmount"]["amount"]))
    _given_as_credit(state, order, made, transfer)


def _given_as_credit(state: Document, order: Document, made: Document, transfer: Document) -> None:
    for method in transfer.get("refundMethods") or []:
        said = method["storeCreditRefund"]["amount"]
        asked = cents(said["amount"])
        if asked > received(order):
            raise Refused(_too_much(asked, received(order)))
        _credited(state, _account(state, order["customer"] or "", said["currencyCode"]), asked)
        _moved(state, order, made, gateway=CREDIT, parent=None, amount=asked)


def _new_refund(state: Document, order: Document, *, note: str | None, native: Document | None) -> Document:
    made = {"id": new_id(state), "order": order["id"], "at": now(), "note": note, "lines": [], "shipping": "0"}
    made["return"] = native["id"] if native else None
    state["refunds"][made["id"]] = made
    order["refunds"].append(made["id"])
    if native:
        native["refunds"].append(made["id"])
    return made


def _give(state: Document, order: Document, made: Document, *, parent: str, amount: Decimal) -> None:
    (paid,) = [one for one in order["transactions"] if one["id"] == tail(parent)] or [None]
    if paid is None:
        raise Refused("Transactions require a parent_id associated with the order", field=None)
    if amount > received(order) or amount > left_of(order, paid):
        raise Refused(_too_much(amount, min(received(order), left_of(order, paid))))
    _moved(state, order, made, gateway=paid["gateway"], parent=paid["id"], amount=amount)


def _moved(
    state: Document, order: Document, made: Document, *, gateway: str, parent: str | None, amount: Decimal
) -> None:
    entry = {"id": new_id(state), "kind": "REFUND", "status": "SUCCESS", "gateway": gateway, "parent": parent}
    order["transactions"].append({**entry, "amount": str(amount), "refund": made["id"]})


def _account(state: Document, owner_or_account: str, currency: str) -> Document:
    name = tail(owner_or_account)
    if name in state["accounts"]:
        return state["accounts"][name]  # type: ignore[no-any-return]
    if name not in state["customers"]:
        raise Refused("The owner does not exist.", field=["id"], code="OWNER_NOT_FOUND")
    for account in state["accounts"].values():
        if (account["owner"], account["currency"]) == (name, currency):
            return account  # type: ignore[no-any-return]
    made = {"id": new_id(state), "owner": name, "currency": currency, "entries": []}
    state["accounts"][made["id"]] = made
    return made


def _credited(state: Document, account: Document, amount: Decimal) -> Document:
    entry = {"id": new_id(state), "at": now(), "amount": str(amount)}
    account["entries"].append(entry)
    return entry


def _shipping_of(asked: Document | None, order: Document) -> Decimal:
    if not asked:
        return ZERO
    if asked.get("fullRefund"):
        return sum((cents(one["price"]) for one in order["shipping"]), ZERO)
    return cents((asked.get("shippingRefundAmount") or {}).get("amount", "0"))


def _dispose_all(state: Document, asked: list[Document], *, at: list[str]) -> None:
    """What is disposed of stays within one order of goods [C]; RESTOCKED raises the stock.

    Modelled: goods of a cancelled order are refused.
    """
    owners = {tail(one["reverseFulfillmentOrderLineItemId"]): one for one in asked}
    rfos = [rfo for rfo in state["rfos"].values() if any(line["id"] in owners for line in rfo["lines"])]
    known = {line["id"]: (rfo, line) for rfo in rfos for line in rfo["lines"]}
    if len(rfos) > 1 or set(owners) - set(known):
        message = "Cannot dispose items from more than one reverse fulfillment order."
        raise Refused(message, field=at, code="INVALID")
    if any(rfo["status"] == "CANCELED" for rfo in rfos):
        raise Refused("Reverse fulfillment order is canceled.", field=at, code="INVALID_STATE")
    for one in asked:
        _, line = known[tail(one["reverseFulfillmentOrderLineItemId"])]
        _dispose(state, line, one, at=at)


def _dispose(state: Document, line: Document, asked: Document, *, at: list[str]) -> None:
    """Modelled: more than is there is refused for goods of the catalogue (for custom lines it is taken [C])."""
    done = sum(one["quantity"] for one in line["dispositions"])
    if asked["quantity"] > line["quantity"] - done:
        raise Refused("Quantity is invalid.", field=[*at, "quantity"], code="INVALID")
    location = tail(asked.get("locationId") or "")
    if asked["dispositionType"] == "RESTOCKED" and location not in state["locations"]:
        raise Refused("Location not found.", field=[*at, "locationId"], code="NOT_FOUND")
    entry = {"id": new_id(state), "type": asked["dispositionType"], "quantity": asked["quantity"], "at": now()}
    line["dispositions"].append(entry)
    parcel, shipped = returns.fulfilled(state, line["fulfilled"])
    order = state["orders"][parcel["order"]]
    (sold,) = [one for one in order["lines"] if one["id"] == shipped["line"]]
    variant = state["variants"].get(sold["variant"])
    if asked["dispositionType"] == "RESTOCKED" and variant and variant["stock"] is not None:
        variant["stock"] += asked["quantity"]
