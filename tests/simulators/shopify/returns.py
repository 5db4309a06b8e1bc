"""The life of native returns: states, refusals and their words as they were captured from a live shop [C]."""

from typing import Any

from tests.simulators.shopify.books import Document, Refused, new_id, now, tail

PRECEDENCE = (("REQUESTED", "RETURN_REQUESTED"), ("OPEN", "IN_PROGRESS"), ("CLOSED", "RETURNED"))
NOT_FOUND = "Return not found."
NOT_APPROVABLE = "Return is not approvable. Only returns with status REQUESTED can be approved."
NOT_DECLINABLE = "Return is not declinable. Only non-refunded returns with status REQUESTED can be declined."
NO_REASON = "Return line item is invalid. Either return reason or return reason definition must be provided"
LONGEST_NOTE = 255
LONGEST_CUSTOMER_NOTE = 300
LONGEST_DECLINE_NOTE = 500


def status_of(state: Document, order: Document) -> str:
    """Any requested one before any open one before any closed one; declined and cancelled ones are ignored [C]."""
    statuses = {state["returns"][one]["status"] for one in order["returns"]}
    return next((shown_as for status, shown_as in PRECEDENCE if status in statuses), "NO_RETURN")


def fulfilled(state: Document, line_id: str) -> tuple[Document, Document]:
    for parcel in state["fulfillments"].values():
        for line in parcel["lines"]:
            if line["id"] == line_id:
                return parcel, line
    raise KeyError(line_id)


def returnable(state: Document, line_id: str) -> int:
    """What of a shipped line is in no return yet, and was not refunded either."""
    parcel, line = fulfilled(state, line_id)
    taken = sum(
        one["quantity"]
        for native in state["returns"].values()
        if native["status"] in ("REQUESTED", "OPEN", "CLOSED")
        for one in native["lines"]
        if one["fulfilled"] == line_id
    )
    return int(line["quantity"]) - taken if state["orders"][parcel["order"]]["cancelled_at"] is None else 0


def request(state: Document, asked: Document) -> Document:
    """A return that waits: no goods are expected yet [C]."""
    return _made(state, asked, root="input", status="REQUESTED")


def create(state: Document, asked: Document) -> Document:
    made = _made(state, asked, root="returnInput", status="OPEN")
    for n, wanted in enumerate(asked.get("exchangeLineItems") or []):
        made["exchange"].append(_exchange(state, wanted, at=["returnInput", "exchangeLineItems", str(n)]))
    _expect_goods(state, made)
    return made


def approve(state: Document, asked: Document) -> Document:
    found = known(state, asked["id"], at=["input", "id"])
    if found["status"] != "REQUESTED":
        raise Refused(NOT_APPROVABLE, field=["input", "id"], code="INVALID_STATE")
    found["status"] = "OPEN"
    _expect_goods(state, found)
    return found


def decline(state: Document, asked: Document) -> Document:
    found = known(state, asked["id"], at=["input", "id"])
    if found["status"] == "DECLINED":
        raise Refused("The return is already declined.", field=["input", "id"], code="INVALID_STATE")
    if found["status"] != "REQUESTED":
        raise Refused(NOT_DECLINABLE, field=["input", "id"], code="INVALID_STATE")
    if len(asked.get("declineNote") or "") > LONGEST_DECLINE_NOTE:
        raise Refused("Decline note is too long", field=["input", "declineNote"], code="TOO_LONG")
    found["status"] = "DECLINED"
    return found


def cancel(state: Document, return_id: str) -> Document:
    found = known(state, return_id, at=["id"])
    if found["status"] == "CANCELED":
        return found
    if found["status"] not in ("REQUESTED", "OPEN"):
        raise Refused("Return status is invalid.", field=["id"], code="INVALID_STATE")
    if any(line["processed"] for line in found["lines"]) or found["refunds"]:
        raise Refused("Return is not cancelable.", field=["id"], code="INVALID_STATE")
    found["status"] = "CANCELED"
    for name in found["rfos"]:
        state["rfos"][name]["status"] = "CANCELED"
    return found


def close(state: Document, return_id: str) -> Document:
    return _turned(state, return_id, before="OPEN", after="CLOSED")


def reopen(state: Document, return_id: str) -> Document:
    return _turned(state, return_id, before="CLOSED", after="OPEN")


def remove(state: Document, return_id: str, lines: list[Document], exchanged: list[Document]) -> Document:
    """Units off a return; without its last line it is closed [C]."""
    found = known(state, return_id, at=["returnId"])
    named = {line["id"]: line for line in found["lines"]}
    for n, asked in enumerate(lines):
        line = named.get(tail(asked["returnLineItemId"]))
        if line is None or asked["quantity"] > line["quantity"] - line["processed"]:
            at = ["returnLineItems", str(n), "quantity"]
            raise Refused("Return line item has an invalid quantity.", field=at, code="INVALID")
        line["quantity"] -= asked["quantity"]
    _remove_exchanges(found, exchanged)
    found["lines"] = [line for line in found["lines"] if line["quantity"]]
    if not found["lines"]:
        found["status"] = "CLOSED"
    return found


def _remove_exchanges(found: Document, exchanged: list[Document]) -> None:
    """Modelled: what went out stays, and more than is left is refused."""
    named = {one["id"]: one for one in found["exchange"]}
    for n, asked in enumerate(exchanged):
        one = named.get(tail(asked["exchangeLineItemId"]))
        if one is None or not 0 < asked["quantity"] <= one["quantity"] - one["processed"]:
            at = ["exchangeLineItems", str(n), "quantity"]
            raise Refused("Exchange line item has an invalid quantity.", field=at, code="INVALID")
        one["quantity"] -= asked["quantity"]
    found["exchange"] = [one for one in found["exchange"] if one["quantity"]]


def known(state: Document, return_id: str, *, at: list[str]) -> Document:
    found = state["returns"].get(tail(return_id))
    if found is None:
        raise Refused(NOT_FOUND, field=at, code="NOT_FOUND")
    return found  # type: ignore[no-any-return]


def _turned(state: Document, return_id: str, *, before: str, after: str) -> Document:
    """Once more is a success that changes nothing [C]."""
    found = known(state, return_id, at=["id"])
    if found["status"] not in (before, after):
        raise Refused("Return status is invalid.", field=["id"], code="INVALID_STATE")
    found["status"] = after
    return found


def _made(state: Document, asked: Document, *, root: str, status: str) -> Document:
    order = state["orders"].get(tail(asked["orderId"]))
    if order is None:
        raise Refused("Order does not exist.", field=[root, "orderId"], code="NOT_FOUND")
    wanted = [dict(line) for line in asked["returnLineItems"]]
    if not wanted:
        raise Refused("Return line items can't be blank", field=[root, "returnLineItems"], code="BLANK")
    for n, line in enumerate(wanted):
        _check(state, order, line, taken=wanted[:n], at=[root, "returnLineItems", str(n)])
    made = {
        "id": new_id(state),
        "order": order["id"],
        "name": f"{order['name']}-R{len(order['returns']) + 1}",
        "status": status,
        "at": now(),
        "lines": [_line(state, line) for line in wanted],
        "exchange": [],
        "rfos": [],
        "refunds": [],
        "fee": ((asked.get("returnShippingFee") or {}).get("amount") or {}).get("amount", "0"),
    }
    state["returns"][made["id"]] = made
    order["returns"].append(made["id"])
    order["updated_at"] = now()
    return made


def _line(state: Document, asked: Document) -> Document:
    return {
        "id": new_id(state),
        "fulfilled": tail(asked["fulfillmentLineItemId"]),
        "quantity": asked["quantity"],
        "processed": 0,
        "refunded": 0,
        "reason": tail(asked.get("returnReasonDefinitionId") or ""),
        "note": asked.get("returnReasonNote") or "",
        "customer_note": asked.get("customerNote"),
        "restocking": (asked.get("restockingFee") or {}).get("percentage", 0.0),
    }


def _check(state: Document, order: Document, line: Document, *, taken: list[Document], at: list[str]) -> None:
    """One bad line refuses all [C]."""
    name = tail(line["fulfillmentLineItemId"])
    ours = {one["id"] for parcel in order["fulfillments"] for one in state["fulfillments"][parcel]["lines"]}
    if name not in ours:
        raise Refused("Fulfillment Line Item was not found.", field=at, code="NOT_FOUND")
    before = sum(one["quantity"] for one in taken if tail(one["fulfillmentLineItemId"]) == name)
    if not 0 < line["quantity"] <= returnable(state, name) - before:
        raise Refused("Return line item has an invalid quantity.", field=[*at, "quantity"], code="INVALID")
    _check_reason(state, line, at=at)


def _check_reason(state: Document, line: Document, *, at: list[str]) -> None:
    """Without a reason the two mutations answer differently; "other" needs a note from staff only [C]."""
    is_created = at[0] == "returnInput"
    handles = {one["id"]: one["handle"] for one in state["reasons"] if not one.get("deleted")}
    handle = handles.get(tail(line.get("returnReasonDefinitionId") or ""))
    if handle is None and is_created:
        raise Refused(NO_REASON, field=at, code="NOT_FOUND")
    if handle is None:
        raise Refused("Return reason can't be blank", field=[*at, "returnReason"], code="BLANK")
    note = line.get("returnReasonNote") or ""
    if is_created and handle == "other-reason" and not note:
        raise Refused("Return reason note can't be blank", field=[*at, "returnReasonNote"], code="BLANK")
    if len(note) > LONGEST_NOTE:
        raise Refused("Return reason note is too long", field=[*at, "returnReasonNote"], code="TOO_LONG")
    if len(line.get("customerNote") or "") > LONGEST_CUSTOMER_NOTE:
        raise Refused("Customer note is too long", field=[*at, "customerNote"], code="TOO_LONG")


def _exchange(state: Document, asked: Document, *, at: list[str]) -> Document:
    """Modelled: what an unknown variant is answered."""
    name = tail(asked.get("variantId") or "")
    if name not in state["variants"]:
        raise Refused("Variant does not exist.", field=[*at, "variantId"], code="NOT_FOUND")
    value = (asked.get("appliedDiscount") or {}).get("value") or {}
    return {
        "id": new_id(state),
        "variant": name,
        "quantity": asked["quantity"],
        "processed": 0,
        "discount": str((value.get("amount") or {}).get("amount", "0")),
        "lines": [],
    }


def _expect_goods(state: Document, found: Document) -> None:
    """One reverse fulfilment order with one line for each line of the return [C]."""
    made: dict[str, Any] = {"id": new_id(state), "return": found["id"], "status": "OPEN", "deliveries": []}
    made["lines"] = [
        {"id": new_id(state), "fulfilled": line["fulfilled"], "quantity": line["quantity"], "dispositions": []}
        for line in found["lines"]
    ]
    state["rfos"][made["id"]] = made
    found["rfos"].append(made["id"])
