"""A dearer exchange whose invoice nobody paid is called off: its goods, never sent, are taken off the order again."""

from collections.abc import Sequence

from adapters.channel import CallOff
from adapters.errors import ChannelRefused
from adapters.shopify import looking
from adapters.shopify.client import ShopClient
from adapters.shopify.fields import Body, amount, gid, part, parts, tail, whole
from adapters.shopify.natives import NativeReturn
from adapters.shopify.paying import note_of
from adapters.shopify.stock import wanted_of

ALREADY_SENT = "The replacement cannot be taken off the order any more: it was sent. Please look at it in Shopify."


def call_off(client: ShopClient, asked: CallOff) -> bool:
    """Take the goods off, unless the shopper has paid; False when they have. The same again changes nothing."""
    standing = _standing(client, asked)
    if not standing:
        return True
    order = looking.order_of(client, asked.order_id) or {}
    if amount(order, "totalOutstandingSet") <= 0:
        return False
    _taken_off(client, asked, standing)
    return True


def _standing(client: ShopClient, asked: CallOff) -> list[str]:
    """The order's lines that the exchange made and that are still to be sent."""
    natives = looking.natives_of(client, asked.order_id)
    made = {line_id for native in natives if _is_meant(native, asked) for line_id in native.exchanged_lines}
    lines = client.pages("order_lines", {"id": gid("Order", asked.order_id)}, of=("order", "lineItems"))
    return [tail(line) for line in lines if tail(line) in made and whole(line, "currentQuantity")]


def _is_meant(native: NativeReturn, asked: CallOff) -> bool:
    goes: dict[str, int] = {}
    for one in native.exchanges:
        goes[one.variant_id] = goes.get(one.variant_id, 0) + one.processed
    return native.return_id == asked.return_id and goes == wanted_of(asked.lines)


def _taken_off(client: ShopClient, asked: CallOff, line_ids: Sequence[str]) -> None:
    """[M] A line of the edit has the number of the order's line; an edit that is not committed changes nothing [D]."""
    begun = part(client.change("order_edit_begin", {"id": gid("Order", asked.order_id)}), "calculatedOrder")
    edited = str(begun["id"])
    editable = {tail(line): line for line in parts(begun, "lineItems") if whole(line, "editableQuantity")}
    for line_id in line_ids:
        if line_id not in editable:
            raise ChannelRefused(ALREADY_SENT)
        said: Body = {"id": edited, "lineItemId": gid("CalculatedLineItem", line_id), "quantity": 0}
        client.change("order_edit_quantity", said)
    client.change("order_edit_commit", {"id": edited, "staffNote": note_of(asked.return_id, asked.key)})
