"""What the shop shows of its books, in the schema's own types; connections are lists that the resolver pages."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.simulators.shopify import editing, returns, settling
from tests.simulators.shopify.books import Document, cents, gid, shown, tail
from tests.simulators.shopify.selling import total, worth

Shown = dict[str, Any]
KINDS = {
    "bogus": "CardPaymentDetails",
    "shopify_payments": "CardPaymentDetails",
    "paypal": "PaypalWalletPaymentDetails",
}
MANUAL = frozenset({"manual", "cash", "Cash on Delivery (COD)"})


def bag(amount: Decimal | str, order: Document) -> Shown:
    """Shop and presentment money; a shop that sells in another currency counts at 2 to 1 (modelled)."""
    currency, shop = order["currency"], order.get("shop_currency", "USD")
    rate = Decimal(1) if currency == shop else Decimal(2)
    return {
        "presentmentMoney": {"amount": shown(amount), "currencyCode": currency},
        "shopMoney": {"amount": shown(cents(amount) * rate), "currencyCode": shop},
    }


def order(state: Document, order_id: str) -> Shown | None:
    found = state["orders"].get(order_id)
    if found is None:
        return None
    return {
        "id": gid("Order", found["id"]),
        "name": found["name"],
        "createdAt": found["created_at"],
        "updatedAt": found["updated_at"],
        "cancelledAt": found["cancelled_at"],
        "edited": False,
        "email": found["email"],
        "phone": None,
        "customerLocale": "en",
        "tags": [],
        "returnStatus": returns.status_of(state, found),
        "taxesIncluded": found["taxes_included"],
        "presentmentCurrencyCode": found["currency"],
        "totalPriceSet": bag(total(found), found),
        "totalTipReceivedSet": bag("0", found),
        "totalOutstandingSet": lambda: bag(settling.outstanding(found), found),
        "customer": lambda: customer(state, found["customer"]) if found["customer"] else None,
        "shippingAddress": found["address"],
        "billingAddress": found["address"],
        "additionalFees": [],
        "disputes": found.get("disputes", []),
        "shippingLines": [_shipping(one, found) for one in found["shipping"]],
        "lineItems": [line(state, one, found) for one in found["lines"]],
        "transactions": lambda first=None: [_transaction(one, found) for one in found["transactions"]][:first],
        "refunds": lambda first=None: [refund(state, one) for one in found["refunds"]][:first],
        "returns": [_lazy(native, state, one) for one in found["returns"]],
        "fulfillments": lambda first=None: [fulfillment(state, one) for one in found["fulfillments"]][:first],
    }


def _lazy(view: Callable[[Document, str], Shown | None], state: Document, name: str) -> Shown | None:
    return view(state, name)


def customer(state: Document, customer_id: str) -> Shown | None:
    found = state["customers"].get(customer_id)
    if found is None:
        return None
    return {
        "id": gid("Customer", customer_id),
        "displayName": found["name"],
        "tags": found["tags"],
        "defaultEmailAddress": {"emailAddress": found["email"]} if found["email"] else None,
        "defaultPhoneNumber": None,
        "storeCreditAccounts": [
            _account(account) for account in state["accounts"].values() if account["owner"] == customer_id
        ],
    }


def _account(account: Document) -> Shown:
    def money(amount: str) -> Shown:
        return {"amount": shown(amount), "currencyCode": account["currency"]}

    entries = [
        {
            "__typename": "StoreCreditAccountCreditTransaction",
            "id": gid("StoreCreditAccountCreditTransaction", entry["id"]),
            "createdAt": entry["at"],
            "amount": money(entry["amount"]),
        }
        for entry in account["entries"]
    ]
    return {
        "id": gid("StoreCreditAccount", account["id"]),
        "balance": money(str(sum(cents(entry["amount"]) for entry in account["entries"]))),
        "transactions": lambda first=None, reverse=False, **_: entries[::-1] if reverse else entries,
    }


def line(state: Document, found: Document, of: Document) -> Shown:
    known = state["variants"].get(found["variant"])
    product = state["products"].get(known["product"]) if known else None
    return {
        "id": gid("LineItem", found["id"]),
        "title": found["title"],
        "variantTitle": None if found["variant_title"] == "Default Title" else found["variant_title"],
        "sku": found["sku"],
        "quantity": found["quantity"],
        "currentQuantity": editing.left(found),
        "isGiftCard": found.get("gift_card", False),
        "requiresShipping": True,
        "product": product
        and {"id": gid("Product", known["product"]), "productType": product["type"], "tags": product["tags"]},
        "variant": known and variant(state, found["variant"]),
        "weight": {"unit": "GRAMS", "value": 200.0},
        "originalUnitPriceSet": bag(found["price"], of),
        "discountAllocations": [{"allocatedAmountSet": bag(found["discount"], of)}] if cents(found["discount"]) else [],
        "taxLines": lambda first=None: [
            {"title": "NY State Tax", "rate": found["rate"], "priceSet": bag(found["tax"], of)}
        ][: first if found["rate"] else 0],
        "duties": [],
    }


def variant(state: Document, variant_id: str) -> Shown | None:
    found = state["variants"].get(variant_id)
    if found is None:
        return None
    is_only = found["title"] == "Default Title"
    return {
        "id": gid("ProductVariant", variant_id),
        "title": found["title"],
        "sku": found["sku"],
        "price": shown(found["price"]),
        "barcode": found["barcode"],
        "sellableOnlineQuantity": 0 if found["stock"] is None else found["stock"],
        "inventoryPolicy": found.get("policy", "DENY"),
        "inventoryItem": {"tracked": found["stock"] is not None},
        "selectedOptions": [{"name": "Title" if is_only else "Size", "value": found["title"]}],
    }


def product(state: Document, product_id: str) -> Shown | None:
    found = state["products"].get(product_id)
    if found is None:
        return None
    ids = [name for name, one in state["variants"].items() if one["product"] == product_id]
    return {
        "id": gid("Product", product_id),
        "title": found["title"],
        "variants": [variant(state, name) for name in ids],
    }


def fulfillment(state: Document, fulfillment_id: str) -> Shown | None:
    found = state["fulfillments"].get(fulfillment_id)
    if found is None:
        return None
    return {
        "id": gid("Fulfillment", fulfillment_id),
        "status": found["status"],
        "createdAt": found["created_at"],
        "deliveredAt": found["delivered_at"],
        "fulfillmentLineItems": [fulfilled_line(state, one["id"]) for one in found["lines"]],
    }


def fulfilled_line(state: Document, line_id: str) -> Shown:
    of, found = returns.fulfilled(state, line_id)
    sold = state["orders"][of["order"]]
    (item,) = [one for one in sold["lines"] if one["id"] == found["line"]]
    return {
        "id": gid("FulfillmentLineItem", line_id),
        "quantity": found["quantity"],
        "lineItem": lambda: line(state, item, sold),
    }


def refund(state: Document, refund_id: str) -> Shown | None:
    found = state["refunds"].get(refund_id)
    if found is None:
        return None
    of = state["orders"][found["order"]]
    lines = {one["id"]: one for one in of["lines"]}
    given = [one for one in of["transactions"] if one.get("refund") == refund_id]
    return {
        "id": gid("Refund", refund_id),
        "createdAt": found["at"],
        "note": found["note"],
        "return": lambda: native(state, found["return"]) if found["return"] else None,
        "totalRefundedSet": bag(sum((cents(one["amount"]) for one in given), Decimal(0)), of),
        "transactions": [_transaction(one, of) for one in given],
        "refundLineItems": [_refunded(state, one, lines[one["line"]], of) for one in found["lines"]],
        "refundShippingLines": [
            {
                "id": gid("RefundShippingLine", "1"),
                "subtotalAmountSet": bag(found["shipping"], of),
                "taxAmountSet": bag("0", of),
            }
        ]
        if cents(found["shipping"])
        else [],
    }


def _refunded(state: Document, found: Document, sold: Document, of: Document) -> Shown:
    gross = worth(of, sold, found["quantity"])
    tax = cents(cents(sold["tax"]) * found["quantity"] / sold["quantity"])
    return {
        "quantity": found["quantity"],
        "lineItem": line(state, sold, of),
        "subtotalSet": bag(gross if of["taxes_included"] else gross - tax, of),
        "totalTaxSet": bag(tax, of),
    }


def native(state: Document, return_id: str) -> Shown | None:
    """A native return."""
    found = state["returns"].get(return_id)
    if found is None:
        return None
    return {
        "id": gid("Return", return_id),
        "name": found["name"],
        "status": found["status"],
        "createdAt": found["at"],
        "totalQuantity": sum(one["quantity"] for one in found["lines"]),
        "order": lambda: order(state, found["order"]),
        "returnLineItems": [_returned(state, one) for one in found["lines"]],
        "exchangeLineItems": [_exchanged(state, one, found) for one in found["exchange"]],
        "reverseFulfillmentOrders": [rfo(state, one) for one in found["rfos"]],
        "refunds": [refund(state, one) for one in found["refunds"]],
        "suggestedFinancialOutcome": lambda **asked: settling.suggested(state, found, asked),
    }


def _returned(state: Document, found: Document) -> Shown:
    (reason,) = [one for one in state["reasons"] if one["id"] == found["reason"]] or [None]
    return {
        "__typename": "ReturnLineItem",
        "id": gid("ReturnLineItem", found["id"]),
        "quantity": found["quantity"],
        "processedQuantity": found["processed"],
        "refundedQuantity": found["refunded"],
        "returnReasonNote": found["note"],
        "customerNote": found["customer_note"],
        "returnReasonDefinition": reason and _reason(reason),
        "fulfillmentLineItem": fulfilled_line(state, found["fulfilled"]),
    }


def _reason(found: Document) -> Shown:
    name = found["handle"].replace("-", " ").capitalize()
    return {
        "id": gid("ReturnReasonDefinition", found["id"]),
        "handle": found["handle"],
        "name": name,
        "deleted": found.get("deleted", False),
    }


def reasons(state: Document) -> list[Shown]:
    return [_reason(one) for one in state["reasons"]]


def _exchanged(state: Document, found: Document, of: Document) -> Shown:
    sold = state["orders"][of["order"]]
    made = [one for one in sold["lines"] if one["id"] in found["lines"]]
    return {
        "id": gid("ExchangeLineItem", found["id"]),
        "quantity": found["quantity"],
        "processedQuantity": found["processed"],
        "variantId": gid("ProductVariant", found["variant"]),
        "lineItems": [line(state, one, sold) for one in made] or None,
    }


def rfo_line(state: Document, found: Document) -> Shown:
    return {
        "id": gid("ReverseFulfillmentOrderLineItem", found["id"]),
        "totalQuantity": found["quantity"],
        "fulfillmentLineItem": fulfilled_line(state, found["fulfilled"]),
        "dispositions": [
            {
                "id": gid("ReverseFulfillmentOrderDisposition", one["id"]),
                "type": one["type"],
                "quantity": one["quantity"],
                "createdAt": one["at"],
            }
            for one in found["dispositions"]
        ],
    }


def rfo(state: Document, rfo_id: str) -> Shown:
    found = state["rfos"][rfo_id]
    return {
        "id": gid("ReverseFulfillmentOrder", rfo_id),
        "status": found["status"],
        "lineItems": [rfo_line(state, one) for one in found["lines"]],
        "reverseDeliveries": [delivery(state, one) for one in found["deliveries"]],
    }


def delivery(state: Document, delivery_id: str) -> Shown:
    found = state["deliveries"][delivery_id]
    return {
        "id": gid("ReverseDelivery", delivery_id),
        "deliverable": {
            "__typename": "ReverseDeliveryShippingDeliverable",
            "tracking": {"number": found["number"]},
            "label": _label(found["label"]) if found.get("label") else None,
        },
    }


def _label(found: Document) -> Shown:
    """Modelled: Shopify shows its own copy of the file that it was given."""
    return {"createdAt": found["at"], "updatedAt": found["at"], "publicFileUrl": found["public"]}


def _shipping(found: Document, of: Document) -> Shown:
    return {
        "id": gid("ShippingLine", found["id"]),
        "title": found["title"],
        "originalPriceSet": bag(found["price"], of),
        "discountedPriceSet": bag(found["price"], of),
        "taxLines": [],
    }


def _transaction(found: Document, of: Document) -> Shown:
    kind = KINDS.get(found["gateway"])
    return {
        "id": gid("OrderTransaction", found["id"]),
        "kind": found["kind"],
        "status": found["status"],
        "gateway": found["gateway"],
        "manualPaymentGateway": found["gateway"] in MANUAL,
        "amountSet": bag(found["amount"], of),
        "parentTransaction": {"id": gid("OrderTransaction", found["parent"])} if found["parent"] else None,
        "paymentDetails": {"__typename": kind} if kind else None,
    }


def returnable(state: Document, order_id: str) -> list[Shown]:
    """Parcels with what of each can still be returned."""
    found = state["orders"].get(tail(order_id))
    if found is None:
        return []
    parcels = []
    for name in found["fulfillments"]:
        lines = [
            {"quantity": left, "fulfillmentLineItem": fulfilled_line(state, one["id"])}
            for one in state["fulfillments"][name]["lines"]
            if (left := returns.returnable(state, one["id"])) > 0
        ]
        if lines:
            parcels.append({"id": gid("ReturnableFulfillment", name), "returnableFulfillmentLineItems": lines})
    return parcels


def edited(state: Document, found: Document) -> Shown:
    """An order as it is being edited."""
    of = state["orders"][found["order"]]
    lines = [
        {"id": gid("CalculatedLineItem", one["id"]), "editableQuantity": editing.editable(state, one)}
        for one in of["lines"]
    ]
    return {"id": gid("CalculatedOrder", found["id"]), "lineItems": lines}
