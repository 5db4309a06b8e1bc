"""Orders edited: what was never sent can be taken off. The three steps are documented [D], the refusals modelled."""

from tests.simulators.shopify.books import Document, Refused, new_id, now, tail

NO_EDIT = "The calculated order does not exist."


def left(line: Document) -> int:
    """What of a line is still in the order."""
    return int(line["quantity"] - line["gone"] - line.get("removed", 0))


def begin(state: Document, order_id: str) -> Document:
    order = state["orders"].get(tail(order_id))
    if order is None:
        raise Refused("The order does not exist.", field=["id"])
    made: Document = {"id": new_id(state), "order": order["id"], "quantities": {}}
    state["edits"][made["id"]] = made
    return made


def set_quantity(state: Document, edit_id: str, line_id: str, *, quantity: int) -> Document:
    edit = _known(state, edit_id)
    line = next((one for one in state["orders"][edit["order"]]["lines"] if one["id"] == tail(line_id)), None)
    if line is None:
        raise Refused("The line item does not exist.", field=["lineItemId"])
    if not editable(state, line) or quantity < 0:
        raise Refused("The line item cannot be edited.", field=["quantity"])
    edit["quantities"][line["id"]] = quantity
    return edit


def commit(state: Document, edit_id: str) -> Document:
    """What was taken off goes back on the shelf; what was paid for it stays, until somebody gives it back."""
    edit = state["edits"].pop(_known(state, edit_id)["id"])
    order = state["orders"][edit["order"]]
    for line in order["lines"]:
        if line["id"] in edit["quantities"]:
            _take_off(state, line, left(line) - edit["quantities"][line["id"]])
    order["updated_at"] = now()
    return order  # type: ignore[no-any-return]


def editable(state: Document, line: Document) -> int:
    """What of a line was never sent."""
    parcels = state["fulfillments"].values()
    is_sent = any(one["line"] == line["id"] for parcel in parcels for one in parcel["lines"])
    return 0 if is_sent else left(line)


def _take_off(state: Document, line: Document, quantity: int) -> None:
    line["removed"] = line.get("removed", 0) + quantity
    variant = state["variants"].get(line["variant"])
    if variant and variant["stock"] is not None:
        variant["stock"] += quantity


def _known(state: Document, edit_id: str) -> Document:
    found = state["edits"].get(tail(edit_id))
    if found is None:
        raise Refused(NO_EDIT, field=["id"])
    return found  # type: ignore[no-any-return]
