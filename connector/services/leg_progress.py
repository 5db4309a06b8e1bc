"""Where a leg stands, and the return that stands as its legs do."""

from collections.abc import Mapping
from typing import Any

from connector.services.errors import NotFound
from connector.storage import order_store, return_store, settlement_store
from connector.storage.database import Unit
from connector.storage.shop_store import Shop
from domain import returns
from domain.by_hand import as_answered, needs_answers
from domain.events import Entry
from domain.money import format_amount
from domain.orders import Order
from domain.returns import Return
from domain.settlement import Leg, follow


def channel_of(shop: Shop, order: Order) -> str:
    """The channel that an order lives on; the shop's own where the order does not say."""
    return order.channel or shop.channel


def channel_of_leg(shop: Shop, leg: Leg, order: Order) -> str:
    """The channel that carries a leg out: the order's, but credit for who is not its customer is our tills' own."""
    return "store" if "to" in leg.work else channel_of(shop, order)


def leg_of(unit: Unit, key: str) -> Leg:
    """The leg of this key; raises NotFound."""
    leg = settlement_store.get(unit, key)
    if leg is None:
        raise NotFound("There is no such payment in this shop.")
    return leg


def as_people_said(unit: Unit, order: Mapping[str, Any]) -> Mapping[str, Any]:
    """An order with what people said that they did by hand for its returns; their legs are read where that may be."""
    if not needs_answers(order):
        return order
    several = return_store.of_order(unit, str(order["id"]))
    return as_answered(order, [leg for found in several for leg in settlement_store.legs_of(unit, found.id)])


def return_of(unit: Unit, return_id: str) -> Return:
    """The return of this id; raises NotFound."""
    found = return_store.get(unit, return_id)
    if found is None:
        raise NotFound("There is no such return in this shop.")
    return found


def said_of(leg: Leg) -> dict[str, object]:
    """A leg as the history tells of it."""
    amount = format_amount(leg.amount, leg.digits)
    return {"leg": leg.key, "kind": leg.kind, "amount": amount, "currency": leg.currency}


def followed(unit: Unit, return_id: str, *, entry: Entry) -> Return:
    """The return as its legs stand now, saved, with what happened in its history."""
    order_store.lock(unit, return_of(unit, return_id).order_id)
    found = return_of(unit, return_id)
    moved = follow(found, settlement_store.legs_of(unit, return_id))
    return saved(unit, returns.note(moved, entry, before=found), expected=found)


def saved(unit: Unit, moved: Return, *, expected: Return) -> Return:
    """The return, saved if nobody saved it since it was read; raises storage's Conflict."""
    return return_store.save(unit, moved, expected_version=expected.version)
