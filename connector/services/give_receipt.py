"""Gift receipts: made for goods of an order, and shown again by who got the gift."""

from collections.abc import Sequence

from msgspec import Struct

from connector.application import Application
from connector.services.errors import InvalidInput, NotFound
from connector.services.offer_lines import LineChoice, line_choices
from connector.services.quote_return import Document, order_document, order_of
from connector.services.request_return import random_number
from connector.storage import command_store, gift_store
from connector.storage.database import Unit
from connector.storage.gift_store import GiftReceipt
from connector.storage.shop_store import Shop
from domain.gifts import covers, without_giver


class Gift(Struct, frozen=True):
    """A gift receipt with its goods as who got them may see them."""

    receipt: GiftReceipt
    order: Document
    lines: tuple[LineChoice, ...]


def issue(app: Application, shop: Shop, *, order_id: str, line_ids: Sequence[str], key: str) -> GiftReceipt:
    """Make a gift receipt for lines of an order, once per key; raises NotFound, InvalidInput for no line of it."""

    def work(unit: Unit) -> GiftReceipt:
        known = command_store.get(unit, key)
        if known is not None:
            return _receipt(unit, str(known["number"]))
        lines = {line.id for line in order_of(unit, order_id).lines}
        if not line_ids or not set(line_ids) <= lines:
            raise InvalidInput("Choose what is given.", at="line")
        number = random_number("GIFT", app.token(), parts=3)
        gift_store.add(unit, GiftReceipt(number, order_id, tuple(line_ids), made_at=app.clock()))
        command_store.keep(unit, key, result={"number": number}, at=app.clock())
        return _receipt(unit, number)

    return app.database.write(shop, work)


def shown(app: Application, shop: Shop, *, number: str) -> Gift:
    """A gift receipt with what may come back of it; raises NotFound."""
    with app.database.read(shop) as unit:
        receipt = _receipt(unit, number)
        order = order_document(unit, receipt.order_id)
    choices = line_choices(app, shop, order=order, gift=True)
    lines = tuple(choice for choice in choices if covers(receipt.line_ids, choice.line_id))
    return Gift(receipt, without_giver(order, receipt.line_ids), lines)


def _receipt(unit: Unit, number: str) -> GiftReceipt:
    found = gift_store.get(unit, number)
    if found is None:
        raise NotFound("There is no such gift receipt in this shop.")
    return found
